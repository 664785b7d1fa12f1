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

package io.github.springsse.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseTopic;
import io.github.springsse.Topic;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that clients receive the elements of sources from real web servers.
 */
class AnswerStreamTests {

	/** The topic of one test is no other's: each ends. */
	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class);

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void twoClientsGetEveryPieceOnceInOrderAndThenTheEnd(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient first = server.open("piece"); EventStreamClient second = server.open("piece")) {
			AtomicInteger subscriptions = new AtomicInteger();
			SsePublication publication = server.sse()
				.publishAll("piece",
						Flux.range(0, 5000)
							.map((number) -> "piece " + number)
							.doOnSubscribe((subscription) -> subscriptions.incrementAndGet()));
			List<String> expected = IntStream.range(0, 5000).mapToObj((number) -> "piece " + number).toList();
			for (EventStreamClient client : List.of(first, second)) {
				client.awaitEnd();
				assertThat(client.failure()).isNull();
				assertThat(client.data()).isEqualTo(expected);
			}
			assertThat(await(publication)).isEqualTo(State.COMPLETED);
			assertThat(subscriptions).hasValue(1);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsServeAnswersAndCancelThem(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class, "spring.threads.virtual.enabled=true");
				EventStreamClient client = server.open("answer")) {
			CompletableFuture<Thread> reader = new CompletableFuture<>();
			CompletableFuture<Thread> canceller = new CompletableFuture<>();
			server.sse()
				.publishAll("answer",
						Stream.iterate(0, (number) -> number + 1)
							.peek((number) -> reader.complete(Thread.currentThread()))
							.map((number) -> "piece " + number)
							.limit(5000));
			client.awaitEnd();
			assertThat(String.join("", client.data())).isEqualTo(
					IntStream.range(0, 5000).mapToObj((number) -> "piece " + number).collect(Collectors.joining()));
			CompletableFuture<Void> subscribed = new CompletableFuture<>();
			server.sse()
				.publishAll("answer",
						Flux.never()
							.doOnCancel(() -> canceller.complete(Thread.currentThread()))
							.doOnSubscribe((subscription) -> subscribed.complete(null)));
			subscribed.orTimeout(10, TimeUnit.SECONDS).join();
			server.sse().cancel("answer");
			assertThat(List.of(reader.join(), canceller.orTimeout(10, TimeUnit.SECONDS).join()))
				.allMatch((thread) -> thread.toString().startsWith("VirtualThread"));
		}
	}

	@Test
	void joinedPiecesAreTheWholeText() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (EventStreamClient client = server.open("joined")) {
			server.sse()
				.publishAll("joined", Flux.range(0, 1000).map((number) -> number + " "),
						SsePublishOptions.DEFAULT.join(Duration.ofMillis(20)));
			client.awaitEnd();
			StringBuilder expected = new StringBuilder();
			IntStream.range(0, 1000).forEach((number) -> expected.append(number).append(' '));
			assertThat(String.join("", client.data())).isEqualTo(expected.toString());
			assertThat(client.data()).hasSizeLessThan(500);
		}
	}

	@Test
	void cancellationEndsTheStreamAndCancelsOnce() {
		AtomicInteger cancellations = new AtomicInteger();
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (EventStreamClient client = server.open("cancelled")) {
			Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
			server.sse().publishAll("cancelled", sink.asFlux().doOnCancel(cancellations::incrementAndGet));
			sink.tryEmitNext("one");
			client.awaitEvents(1);
			server.sse().cancel("cancelled");
			client.awaitEnd();
			assertThat(client.failure()).isNull();
			assertThat(client.data()).containsExactly("one");
			EventStreamClient.await().until(() -> cancellations.get() == 1);
		}
	}

	@Test
	void commandOfTheLogCancelsTheSource() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		SsePublication publication = server.sse().publishAll("commanded", Flux.never());
		server.bean(EventLog.class).append(LogEntry.cancel(Topic.of("commanded")));
		assertThat(await(publication)).isEqualTo(State.CANCELLED);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void stopTellsClientsOfSourcesThatDoNotEnd(ServerKind kind) {
		EventStreamClient client;
		SsePublication publication;
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.shutdown.timeout=300ms")) {
			client = server.open("answer");
			publication = server.sse().publishAll("answer", Flux.just("one").concatWith(Flux.never()));
			client.awaitEvents(1);
		}
		assertThat(publication.state()).isEqualTo(State.INTERRUPTED);
		client.awaitEnd();
		assertThat(client.events()).extracting(EventStreamClient.Event::name).containsExactly(null, "failed");
		assertThat(client.data()).containsExactly("one", "{\"kind\":\"interrupted\"}");
		client.close();
	}

	@Test
	void gracefulStopLetsASourceEnd() {
		EventStreamClient client;
		SsePublication publication;
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"server.shutdown=graceful", "sse.shutdown.timeout=20s")) {
			client = server.open("answer");
			AnswerEngine engine = server.bean(AnswerEngine.class);
			Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
			publication = server.sse().publishAll("answer", sink.asFlux());
			sink.tryEmitNext("one");
			client.awaitEvents(1);
			Thread ending = new Thread(() -> {
				EventStreamClient.await().until(() -> !engine.isAccepting());
				sink.tryEmitNext("two");
				sink.tryEmitComplete();
			});
			ending.start();
		}
		assertThat(publication.state()).isEqualTo(State.COMPLETED);
		client.awaitEnd();
		assertThat(client.data()).containsExactly("one", "two");
		client.close();
	}

	private static State await(SsePublication publication) {
		return publication.completion().orTimeout(10, TimeUnit.SECONDS).join();
	}

	@RestController
	static class Controller {

		@GetMapping("/{topic}")
		@SseTopic("{topic}")
		void answer(@PathVariable String topic) {
		}

	}

}
