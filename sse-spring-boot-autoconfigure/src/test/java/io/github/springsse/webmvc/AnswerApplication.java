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

package io.github.springsse.webmvc;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.springsse.OpenAiFormat;
import io.github.springsse.SseAnswer;
import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import io.github.springsse.UiMessageFormat;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.http.HttpStatus;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * An application whose answers are written as a test says. Their pieces are events, which
 * are not joined, so that a test sees which of them a client gets.
 */
@RestController
class AnswerApplication {

	private static final Map<String, Answer> answers = new ConcurrentHashMap<>();

	/**
	 * An answer, by its id.
	 */
	static Answer answer(String id) {
		return answers.computeIfAbsent(id, (key) -> new Answer());
	}

	@GetMapping("/answers/{id}")
	@SseTopic("answers/{id}")
	Flux<SseEvent> get(@PathVariable String id) {
		return answer(id).call();
	}

	@PostMapping("/answers/{id}")
	@SseTopic("answers/{id}")
	Flux<SseEvent> post(@PathVariable String id, @RequestBody String question) {
		return answer(id).texts().map((piece) -> SseEvent.of(question + " " + piece));
	}

	/**
	 * The body of the request is not read.
	 */
	@PostMapping("/unread/{id}")
	@SseTopic("answers/{id}")
	Flux<SseEvent> postUnread(@PathVariable String id) {
		return answer(id).call();
	}

	@GetMapping("/supplied/{id}")
	@SseTopic("answers/{id}")
	Supplier<Flux<SseEvent>> supplied(@PathVariable String id) {
		Answer answer = answer(id);
		answer.calls.incrementAndGet();
		return () -> {
			Authentication user = SecurityContextHolder.getContext().getAuthentication();
			answer.user = (user != null) ? user.getName() : null;
			answer.supplied.incrementAndGet();
			return answer.flux();
		};
	}

	@GetMapping("/failing/{id}")
	@SseTopic("answers/{id}")
	Supplier<Flux<SseEvent>> failing(@PathVariable String id) {
		return () -> {
			throw new IllegalArgumentException("secret");
		};
	}

	@GetMapping("/nothing-supplied/{id}")
	@SseTopic("answers/{id}")
	Supplier<@Nullable Flux<SseEvent>> nothingSupplied(@PathVariable String id) {
		return () -> null;
	}

	@GetMapping("/null/{id}")
	@SseTopic("answers/{id}")
	@Nullable Flux<SseEvent> none(@PathVariable String id) {
		answer(id).calls.incrementAndGet();
		return null;
	}

	@GetMapping("/empty/{id}")
	@SseTopic("answers/{id}")
	Optional<Flux<SseEvent>> empty(@PathVariable String id) {
		return Optional.empty();
	}

	@GetMapping("/optional/{id}")
	@SseTopic("answers/{id}")
	Optional<Supplier<Flux<SseEvent>>> optional(@PathVariable String id) {
		return Optional.of(supplied(id));
	}

	@GetMapping("/flow/{id}")
	@SseTopic("answers/{id}")
	Flow.Publisher<SseEvent> flow(@PathVariable String id) {
		return FlowAdapters.toFlowPublisher(answer(id).call());
	}

	@GetMapping("/flow-supplied/{id}")
	@SseTopic("answers/{id}")
	Supplier<Flow.Publisher<SseEvent>> suppliedFlow(@PathVariable String id) {
		return () -> FlowAdapters.toFlowPublisher(answer(id).call());
	}

	@GetMapping("/refused/{id}")
	@SseTopic("answers/{id}")
	Flux<SseEvent> refused(@PathVariable String id) {
		throw new ResponseStatusException(HttpStatus.FORBIDDEN);
	}

	@GetMapping("/feed/{id}")
	@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
	void feed(@PathVariable String id) {
	}

	@GetMapping("/all")
	@SseTopic(value = "answers/*", from = SseTopic.From.START)
	void all() {
	}

	@GetMapping("/stored/{id}")
	@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
	Supplier<Optional<String>> stored(@PathVariable String id) {
		return () -> Optional.ofNullable(answer(id).stored);
	}

	@GetMapping("/running/{id}")
	@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
	@SseAnswer(noContentWhenUnknown = true)
	Supplier<Optional<String>> running(@PathVariable String id) {
		return stored(id);
	}

	@GetMapping("/data/{id}")
	@SseTopic(value = "answers/{id}", from = SseTopic.From.START, dataOnly = true)
	void data(@PathVariable String id) {
	}

	@GetMapping("/again/{id}")
	@SseTopic("answers/{id}")
	@SseAnswer(lastEventAgain = true)
	Flux<SseEvent> again(@PathVariable String id) {
		return answer(id).call();
	}

	@GetMapping("/restarted/{id}")
	@SseTopic("answers/{id}")
	@SseAnswer(restartInterrupted = true)
	Flux<SseEvent> restarted(@PathVariable String id) {
		return answer(id).call();
	}

	@GetMapping("/restarted-null/{id}")
	@SseTopic("answers/{id}")
	@SseAnswer(restartInterrupted = true)
	@Nullable Flux<SseEvent> restartedNothing(@PathVariable String id) {
		return null;
	}

	@PostMapping("/chat/{id}")
	@SseTopic("answers/{id}")
	@SseAnswer(format = UiMessageFormat.class, startAgain = true)
	Flux<Map<String, String>> chat(@PathVariable String id, @RequestBody String question) {
		return answer(id).texts().map((piece) -> Map.of("delta", piece));
	}

	@GetMapping("/chat/{id}/stream")
	@SseTopic("answers/{id}")
	@SseAnswer(format = UiMessageFormat.class, noContentWhenEnded = true)
	@Nullable Flux<Map<String, String>> resumeChat(@PathVariable String id) {
		return null;
	}

	@PostMapping("/completions/{id}")
	@SseTopic(value = "answers/{id}", anyAccept = true)
	@SseAnswer(format = OpenAiFormat.class)
	Flux<List<String>> completions(@PathVariable String id, @RequestBody String question) {
		return answer(id).texts().map(List::of);
	}

	/**
	 * What a test knows of an answer.
	 */
	static class Answer {

		final Sinks.Many<String> pieces = Sinks.many().replay().all();

		final AtomicInteger calls = new AtomicInteger();

		final AtomicInteger supplied = new AtomicInteger();

		final AtomicInteger subscriptions = new AtomicInteger();

		volatile @Nullable String user;

		volatile @Nullable String stored;

		Flux<SseEvent> flux() {
			return Flux.defer(() -> {
				this.subscriptions.incrementAndGet();
				return this.pieces.asFlux().map(SseEvent::of);
			});
		}

		Flux<SseEvent> call() {
			this.calls.incrementAndGet();
			return flux();
		}

		Flux<String> texts() {
			return call().map((event) -> (String) event.getData());
		}

		void write(String... texts) {
			for (String text : texts) {
				this.pieces.tryEmitNext(text).orThrow();
			}
		}

		void end() {
			this.pieces.tryEmitComplete().orThrow();
		}

	}

}
