/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package io.github.springsse.testsupport;

import java.security.Principal;
import java.util.List;
import java.util.Optional;

import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.SseCluster;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.TopicPattern;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.RestController;

/**
 * Types of the applications that the documentation takes its examples from, and the
 * fields of their classes. The Java code of the documentation is compiled against them.
 */
@SuppressWarnings("unused")
public abstract class DocumentedDomain {

	// Beans

	protected SseOperations sse;

	protected SseEmitterRegistry registry;

	protected SseCluster cluster;

	protected AnswerRepository answers;

	protected Audit audit;

	protected Branches branches;

	protected ChatClient chat;

	protected LoanRepository loans;

	protected Messages messages;

	protected Models models;

	protected Parts parts;

	protected Portfolios portfolios;

	protected Visitors presence;

	// Values that statements use

	protected String id;

	protected String name;

	protected String room;

	protected String streamId;

	protected String symbol;

	protected Message message;

	protected Notification notification;

	protected Price price;

	protected Progress progress;

	protected int port;

	public record Answer(String text) {

	}

	public record Book(String title) {

	}

	public record Branch(String id) {

	}

	public record Chunk(String text) {

	}

	public record Completion(String model, List<Message> messages) {

	}

	public record Loan(String branch, long copyId, long memberId) {

		public Loan(Branch branch, Book book, Member member) {
			this(branch.id(), book.hashCode(), member.id());
		}

	}

	public record Member(long id) {

	}

	public record Message(String text) {

	}

	public record Notification(String text) {

	}

	public record Part(String type) {

	}

	public record Price(String metal, double value) {

	}

	public record Progress(int percent) {

	}

	public record Question(String text) {

	}

	public interface AnswerRepository {

		Optional<Answer> findById(String id);

		void store(String topic, @Nullable String text, SseAnswerOutcome outcome);

	}

	public interface Audit {

		void denied(Authentication user, TopicPattern pattern);

	}

	public interface Branches {

		boolean isStaff(String user, String branch);

	}

	/**
	 * As in Spring AI, which only the tests of the profile {@code clients} have.
	 */
	public interface ChatClient {

		ChatClientRequest prompt(String question);

	}

	public interface ChatClientRequest {

		StreamResponse stream();

	}

	public interface StreamResponse {

		Flux<String> content();

	}

	public static class CountingOperations implements SseOperations {

		private final SseOperations operations;

		private final Counts counts;

		public CountingOperations(SseOperations operations, Counts counts) {
			this.operations = operations;
			this.counts = counts;
		}

		@Override
		public @Nullable String publish(String topic, Object data) {
			this.counts.increment(topic);
			return this.operations.publish(topic, data);
		}

		@Override
		public @Nullable String publish(String topic, SseEvent event) {
			this.counts.increment(topic);
			return this.operations.publish(topic, event);
		}

		@Override
		public void complete(String topic) {
			this.operations.complete(topic);
		}

		@Override
		public SsePublication publishAll(String topic, Object source, SsePublishOptions options) {
			return this.operations.publishAll(topic, source, options);
		}

		@Override
		public void cancel(String topic) {
			this.operations.cancel(topic);
		}

		@Override
		public SseOperations immediately() {
			return new CountingOperations(this.operations.immediately(), this.counts);
		}

	}

	public interface Counts {

		void increment(String topic);

	}

	public interface LoanRepository {

		List<Loan> findOpen(String branch);

		Loan giveBack(long loanId);

		Loan save(Loan loan);

	}

	public interface Messages {

		List<Message> last(String room);

	}

	public interface Models {

		Flux<Chunk> complete(String id, Completion request);

	}

	public interface OutboxRepository {

		void keep(String topic, @Nullable SseEvent event);

	}

	public interface Parts {

		Flux<Part> answer(String chat, Message message);

	}

	public interface Plan {

		boolean allows(List<String> topics);

		boolean tryOpen();

		void closed();

	}

	public interface Plans {

		Plan of(@Nullable String tenant);

	}

	public interface Portfolios {

		List<String> topicsOf(Principal user);

		List<Price> prices(List<String> topics);

	}

	public interface Tenants {

		boolean isActive(String user);

	}

	public interface Visitors {

		void left(Principal user);

	}

	@RestController
	public static class LoanFeedController {

		public LoanFeedController(LoanRepository loans) {
		}

	}

}
