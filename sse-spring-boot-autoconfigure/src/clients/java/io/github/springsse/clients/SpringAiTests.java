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

package io.github.springsse.clients;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.github.springsse.SsePublication;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Answers of a {@code ChatClient} of Spring AI as they are published.
 */
class SpringAiTests {

	private static TestServer server;

	@RegisterExtension
	private final Closing closing = new Closing();

	private final String id = "answer" + System.nanoTime();

	private final PacedChatModel model = server.bean(PacedChatModel.class);

	@BeforeAll
	static void start() {
		server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, "sse.heartbeat.interval=100ms");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void anAnswerGoesOnWithoutAReader() {
		Paced<ChatResponse> answer = this.model.answer(this.id);
		SsePublication publication = publish();
		EventStreamClient client = open();
		answer.say(PacedChatModel.text(""), PacedChatModel.text("Once"), PacedChatModel.text(" upon"));
		Patience.await(client, () -> assertThat(text(client)).isEqualTo("Once upon"));
		client.close();
		answer.say(PacedChatModel.text(" a"), PacedChatModel.text("\n\ntime"), PacedChatModel.usage(10, 5)).end();
		assertThat(publication.completion()).succeedsWithin(10, TimeUnit.SECONDS)
			.isEqualTo(SsePublication.State.COMPLETED);
		EventStreamClient later = open().awaitEnd();
		assertThat(text(later)).isEqualTo("Once upon a\n\ntime");
		assertThat(later.failure()).isNull();
		assertThat(answer.subscriptions()).isEqualTo(1);
		assertThat(answer.cancellations()).isZero();
	}

	@Test
	void aFailureIsToldWithoutItsCause() {
		Paced<ChatResponse> answer = this.model.answer(this.id);
		SsePublication publication = publish();
		EventStreamClient client = open();
		answer.say(PacedChatModel.text("Once"));
		answer.fail();
		client.awaitEnd();
		assertThat(client.events()).last().extracting(EventStreamClient.Event::name).isEqualTo("failed");
		assertThat(client.events()).last().extracting(EventStreamClient.Event::data).isEqualTo("{\"kind\":\"failed\"}");
		assertThat(publication.state()).isEqualTo(SsePublication.State.FAILED);
	}

	/**
	 * A model that reads over HTTP keeps the thread that cancels it until it has got its
	 * next byte.
	 */
	@Test
	@Timeout(30)
	void cancellingDoesNotWaitForAModelThatStalls() {
		Paced<ChatResponse> answer = this.model.answer(this.id);
		int before = this.model.cancellations();
		SsePublication publication = publish();
		EventStreamClient client = open();
		answer.say(PacedChatModel.text("Once"));
		Patience.await(client, () -> assertThat(text(client)).isEqualTo("Once"));
		CountDownLatch stall = this.model.stall();
		try {
			assertThat(publication.cancel()).isTrue();
			assertThat(publication.state()).isEqualTo(SsePublication.State.CANCELLED);
			client.awaitEnd();
			assertThat(text(client)).isEqualTo("Once");
			assertThat(client.failure()).isNull();
			assertThat(publication.completion()).succeedsWithin(10, TimeUnit.SECONDS)
				.isEqualTo(SsePublication.State.CANCELLED);
			EventStreamClient.await().until(() -> this.model.cancellations() == before + 1);
			Paced<ChatResponse> next = this.model.answer(this.id + " again");
			server.sse().publishAll("answers/" + this.id, content(this.id + " again"));
			next.say(PacedChatModel.text("Twice")).end();
			assertThat(text(open().awaitEnd())).isEqualTo("Twice");
		}
		finally {
			stall.countDown();
		}
		EventStreamClient.await().until(() -> answer.cancellations() == 1);
	}

	private SsePublication publish() {
		return server.sse().publishAll("answers/" + this.id, content(this.id));
	}

	private static Flux<String> content(String question) {
		return server.bean(ChatClient.class).prompt().user(question).stream().content();
	}

	private EventStreamClient open() {
		return this.closing.add(EventStreamClient.open(server.uri("/answers/" + this.id)));
	}

	private static String text(EventStreamClient client) {
		return String.join("", client.data());
	}

	@RestController
	static class Controller {

		@GetMapping("/answers/{id}")
		@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
		void answer() {
		}

		@Bean
		PacedChatModel model() {
			return new PacedChatModel();
		}

		@Bean
		ChatClient client(PacedChatModel model) {
			return ChatClient.create(model);
		}

	}

}
