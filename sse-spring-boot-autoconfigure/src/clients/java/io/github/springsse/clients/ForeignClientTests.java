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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.SseEvent;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of clients of other projects are promised. Where a client cannot keep a
 * promise, a {@link ClientKind.Trait} of its says so.
 */
class ForeignClientTests {

	private static final String[] PROPERTIES = { "sse.stream.retry=100ms", "sse.heartbeat.interval=100ms" };

	/** The end of the first block with an id that begins at a gap, or after it. */
	private static final Pattern POSITION_AFTER_GAP = Pattern
		.compile("(?:id: \\S+\nevent: gap\n|event: gap\n[\\S\\s]*id: \\S+\n)(?:[^\n]+\n)*\n");

	private static final Pattern COMPRESSED = Pattern.compile("content-encoding: gzip", Pattern.CASE_INSENSITIVE);

	private static final Pattern PLAIN = Pattern.compile("\n\r?\n(?:[0-9a-f]+\r\n)?retry: 100");

	private static TestServer server;

	private static TestServer other;

	private static TestServer compressing;

	@RegisterExtension
	private final Closing closing = new Closing();

	private final String topic = "topic" + System.nanoTime();

	@BeforeAll
	static void start() {
		server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, PROPERTIES);
		other = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, PROPERTIES);
		compressing = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				Stream.concat(Stream.of("sse.compression.enabled=true", "sse.compression.min-size=0"),
						Stream.of(PROPERTIES))
					.toArray(String[]::new));
	}

	@AfterAll
	static void stop() {
		server.close();
		other.close();
		compressing.close();
	}

	@ParameterizedTest
	@EnumSource
	void getsSnapshotAndEventsAtOnce(ClientKind kind) {
		Visit visit = visit(kind, "/snapshot/");
		Witness witness = visit.witness();
		awaitNumbers(visit, 0);
		server.sse().publish(this.topic, SseEvent.of("named", Map.of("n", 1)));
		awaitNumbers(visit, 0, 1);
		server.sse().publish(this.topic, Map.of("n", 2));
		awaitNumbers(visit, 0, 1, 2);
		server.sse().publish(this.topic, "{\n\"n\": 3,\n\"text\": \"\u20AC \uD83D\uDE00\"\n}");
		awaitNumbers(visit, 0, 1, 2, 3);
		assertThat(witness.events("snapshot")).hasSize(1);
		assertThat(witness.events("named")).hasSize(1);
		if (kind != ClientKind.WEB_CLIENT_RECORD) {
			assertThat(witness.events()).last()
				.extracting((event) -> event.content().path("text").asString())
				.isEqualTo("\u20AC \uD83D\uDE00");
		}
	}

	@ParameterizedTest
	@EnumSource
	void hearsNothingOfAQuietStream(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		visit.awaitGiven(Pattern.compile("(?:heartbeat[^h]*){5}"));
		server.sse().publish(this.topic, Map.of("n", 1));
		awaitNumbers(visit, 1);
		assertThat(visit.witness().events()).as(visit::toString)
			.filteredOn(Witness.Event::isEmpty)
			.extracting(Witness.Event::name)
			.isEqualTo(kind.is(ClientKind.Trait.HEARS_ALL) ? List.of("cursor") : List.of());
	}

	@ParameterizedTest
	@EnumSource
	void getsWhatIsPublishedBeforeItComesBackForItsFirstEvent(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		visit.cut();
		server.sse().publish(this.topic, Map.of("n", 1));
		visit.leadTo(server);
		awaitNumbers(visit, 1);
		server.sse().publish(this.topic, Map.of("n", 2));
		awaitNumbers(visit, 1, 2);
	}

	@ParameterizedTest
	@EnumSource
	void losesNothingAndGetsNothingTwiceWhenTheLineIsCut(ClientKind kind) {
		Visit visit = visit(kind, "/snapshot/");
		awaitNumbers(visit, 0);
		publish(1, 100);
		visit.cut();
		publish(101, 150);
		visit.leadTo(server);
		publish(151, 200);
		Visit.await().untilAsserted(() -> assertThat(visit.witness().numbers()).as(visit::toString).endsWith(200));
		assertThat(visit.witness().numbers()).isEqualTo(IntStream.rangeClosed(0, 200).boxed().toList());
		assertThat(visit.witness().events("snapshot")).hasSize(1);
	}

	/**
	 * But for a client that cannot decode what is no record of its type.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "WEB_CLIENT_RECORD")
	void isToldOnceOfWhatIsGone(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		server.sse().publish(this.topic, Map.of("n", 1));
		awaitNumbers(visit, 1);
		visit.cut();
		visit.leadTo(other);
		Visit.await().untilAsserted(() -> assertThat(visit.witness().events("gap")).as(visit::toString).hasSize(1));
		visit.awaitGiven(POSITION_AFTER_GAP);
		visit.cut();
		other.sse().publish(this.topic, Map.of("n", 2));
		visit.leadTo(other);
		awaitNumbers(visit, 1, 2);
		assertThat(visit.witness().events("gap")).as(visit::toString).hasSize(1);
	}

	@ParameterizedTest
	@EnumSource
	void comesBackWhenItIsSentAway(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		// NOTE: a line without an empty one after it, which some take for an event at the end
		visit.awaitGiven(Pattern.compile("heartbeat"));
		server.registry().disconnectTopic(this.topic);
		server.sse().publish(this.topic, Map.of("n", 1));
		if (kind.is(ClientKind.Trait.STOPS_AT_THE_END)) {
			awaitStop(visit);
		}
		else {
			awaitNumbers(visit, 1);
		}
		long nameless = visit.witness()
			.events()
			.stream()
			.filter((event) -> event.isEmpty() && !"cursor".equals(event.name()))
			.count();
		assertThat(nameless).as(visit::toString)
			.isEqualTo(kind.is(ClientKind.Trait.TAKES_THE_END_FOR_AN_EVENT) ? 1 : 0);
	}

	@ParameterizedTest
	@EnumSource
	void isToldNotToComeBackToATopicThatHasEnded(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		server.sse().publish(this.topic, Map.of("n", 1));
		awaitNumbers(visit, 1);
		server.sse().complete(this.topic);
		awaitEnd(kind, visit);
		assertThat(answers(server)).containsOnlyOnce(200);
	}

	@ParameterizedTest
	@EnumSource
	void getsTheRestOfATopicThatHasEndedMeanwhile(ClientKind kind) {
		Visit visit = visit(kind, "/void/");
		visit.awaitPosition();
		server.sse().publish(this.topic, Map.of("n", 1));
		awaitNumbers(visit, 1);
		visit.cut();
		server.sse().publish(this.topic, Map.of("n", 2));
		server.sse().complete(this.topic);
		visit.leadTo(server);
		awaitNumbers(visit, 1, 2);
		awaitEnd(kind, visit);
		assertThat(answers(server)).filteredOn((status) -> status == 200).hasSize(2);
	}

	/**
	 * Clients that accept gzip decode each event before the next one is published, also
	 * after a reconnect, and take the end for a normal end.
	 */
	@ParameterizedTest
	@EnumSource
	void decodesEachEventOfCompressedStream(ClientKind kind) {
		Visit visit = this.closing.add(Visit.begin(kind, compressing, "/snapshot/" + this.topic));
		List<Integer> numbers = new ArrayList<>(List.of(0));
		awaitNumbers(visit, 0);
		visit.awaitGiven(kind.is(ClientKind.Trait.ACCEPTS_NO_GZIP) ? PLAIN : COMPRESSED);
		for (int n = 1; n <= 20; n++) {
			if (n == 10) {
				visit.cut();
				visit.leadTo(compressing);
			}
			compressing.sse().publish(this.topic, Map.of("n", n, "text", "a text that compresses well ".repeat(n)));
			numbers.add(n);
			awaitNumbers(visit, numbers.toArray(Integer[]::new));
		}
		compressing.sse().complete(this.topic);
		awaitEnd(kind, visit, compressing);
	}

	private Visit visit(ClientKind kind, String path) {
		return this.closing.add(Visit.begin(kind, server, path + this.topic));
	}

	private void publish(int first, int last) {
		IntStream.rangeClosed(first, last).forEach((n) -> server.sse().publish(this.topic, Map.of("n", n)));
	}

	private static void awaitNumbers(Visit visit, Integer... numbers) {
		Visit.await()
			.untilAsserted(() -> assertThat(visit.witness().numbers()).as(visit::toString).containsExactly(numbers));
	}

	private static void awaitStop(Visit visit) {
		Visit.await().untilAsserted(() -> assertThat(visit.witness().isStopped()).as(visit::toString).isTrue());
	}

	/**
	 * Wait until the client has stopped, or has been told to more than once.
	 */
	private void awaitEnd(ClientKind kind, Visit visit) {
		awaitEnd(kind, visit, server);
	}

	private void awaitEnd(ClientKind kind, Visit visit, TestServer server) {
		if (kind.is(ClientKind.Trait.ASKS_ON)) {
			Visit.await().untilAsserted(() -> assertThat(answers(server)).as(visit::toString).endsWith(204, 204, 204));
		}
		else {
			awaitStop(visit);
			if (!kind.is(ClientKind.Trait.STOPS_AT_THE_END)) {
				Visit.await().untilAsserted(() -> assertThat(answers(server)).as(visit::toString).endsWith(204));
			}
		}
	}

	/**
	 * How the server has answered those who asked for the topic.
	 */
	private List<Integer> answers(TestServer server) {
		return server.bean(Responses.class).ofPath(this.topic).stream().map(Responses.Response::status).toList();
	}

	@RestController
	static class Controller {

		@GetMapping("/void/{topic}")
		@SseTopic("{topic}")
		void noSnapshot() {
		}

		@GetMapping("/snapshot/{topic}")
		@SseTopic("{topic}")
		Map<String, Object> snapshot() {
			return Map.of("n", 0);
		}

		@Bean
		Responses responses() {
			return new Responses();
		}

	}

}
