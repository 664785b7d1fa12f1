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

import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.github.springsse.SseAnswer;
import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that clients of an answer receive its whole text, whatever it contains and
 * wherever they reconnect, or are told that they cannot receive it.
 */
@Torture
@Timeout(200)
class AnswerTextTests {

	@RegisterExtension
	private static final TestServers servers = new TestServers(App.class);

	private static EventStreamClient get(TestServer server, String id, String... headers) {
		return EventStreamClient.open(server.uri("/answers/" + id), headers);
	}

	private static String text(EventStreamClient client) {
		return client.awaitEnd()
			.events()
			.stream()
			.filter((event) -> event.name() == null)
			.map(Event::data)
			.collect(Collectors.joining());
	}

	@Test
	void clientOfARunningAnswerThatIsForgottenIsToldSo() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, App.class, "sse.replay.max-topics=2")) {
			Sinks.Many<Object> sink = App.sink("f");
			try (EventStreamClient first = get(server, "f")) {
				sink.tryEmitNext("one ").orThrow();
				first.awaitEvents(1);
				server.sse().publish("x", "1");
				server.sse().publish("y", "1");
				server.sse().publish("z", "1");
				try (EventStreamClient second = get(server, "f")) {
					sink.tryEmitNext("two").orThrow();
					sink.tryEmitComplete().orThrow();
					second.awaitEnd();
					assertThat(second.events().get(0).name()).isEqualTo("gap");
				}
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_ASYNC" })
	void everyIdIsOneToResumeFrom(ServerKind kind) {
		TestServer server = servers.get(kind);
		Sinks.Many<Object> sink = App.sink("r" + kind);
		List<String> ids = new ArrayList<>();
		List<String> data = new ArrayList<>();
		try (EventStreamClient first = get(server, "r" + kind)) {
			for (int i = 0; i < 60; i++) {
				sink.tryEmitNext((i % 3 == 0) ? SseEvent.of("name" + i, "e" + i + "\nx") : "p" + i + "\n").orThrow();
				first.awaitEvents(i + 1);
			}
			first.events().forEach((event) -> {
				ids.add(event.id());
				data.add(event.data());
			});
			for (int round = 0; round < 2; round++) {
				for (int i = 0; i < 60; i++) {
					String expected = String.join("", data.subList(i + 1, 60));
					try (EventStreamClient client = get(server, "r" + kind, "Last-Event-ID", ids.get(i))) {
						if (round == 0) {
							EventStreamClient.await().until(() -> String.join("", client.data()).equals(expected));
						}
						else if (i == 59) {
							assertThat(client.response().statusCode()).isEqualTo(204);
						}
						else {
							assertThat(String.join("", client.awaitEnd().data())).isEqualTo(expected);
						}
					}
				}
				if (round == 0) {
					sink.tryEmitComplete().orThrow();
					first.awaitEnd();
				}
			}
		}
	}

	@Test
	void nextQuestionMayComeAsSoonAsTheAnswerHasEnded() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		for (int i = 0; i < Rounds.of(100, 400); i++) {
			App.next = "answer " + i;
			try (EventStreamClient client = EventStreamClient
				.open(HttpRequest.newBuilder(server.uri("/chat/c")).POST(HttpRequest.BodyPublishers.noBody()))) {
				assertThat(text(client)).isEqualTo("answer " + i);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_ASYNC" })
	void textIsWhatItWasWhateverItsPiecesHave(ServerKind kind) {
		List<String> pieces = new ArrayList<>(
				List.of(" lead", "", "\n", "\r\n", "\r", "\n", "a\r", "\nb", ":c", "data: x", "\uFEFF", "\uD83D",
						"\uDE00", "id: 7\n\nevent: y", "\u0085\u2028", "\t", "x".repeat(300_000), "\n\n\n", " "));
		String whole = String.join("", pieces).replace("\r\n", "\n").replace('\r', '\n');
		for (String join : List.of("answers", "joined")) {
			TestServer server = servers.get(kind);
			Sinks.Many<Object> sink = App.sink("s" + join + kind);
			try (EventStreamClient live = EventStreamClient.open(server.uri("/" + join + "/s" + join + kind))) {
				pieces.forEach((piece) -> sink.tryEmitNext(piece).orThrow());
				sink.tryEmitComplete().orThrow();
				assertThat(text(live)).isEqualTo(whole);
			}
			try (EventStreamClient again = EventStreamClient.open(server.uri("/" + join + "/s" + join + kind))) {
				assertThat(text(again)).isEqualTo(whole);
			}
		}
	}

	@RestController
	static class App {

		static final Map<String, Sinks.Many<Object>> sinks = new ConcurrentHashMap<>();

		static volatile String next = "";

		static Sinks.Many<Object> sink(String id) {
			return sinks.computeIfAbsent(id, (key) -> Sinks.many().replay().all());
		}

		@GetMapping("/answers/{id}")
		@SseTopic("answers/{id}")
		Flux<Object> get(@PathVariable String id) {
			return sink(id).asFlux();
		}

		@GetMapping("/joined/{id}")
		@SseTopic("answers/{id}")
		@SseAnswer(join = "20ms")
		Flux<Object> joined(@PathVariable String id) {
			return sink(id).asFlux();
		}

		@PostMapping("/chat/{id}")
		@SseTopic("answers/{id}")
		@SseAnswer(startAgain = true)
		Flux<String> chat(@PathVariable String id) {
			return Flux.just(next);
		}

	}

}
