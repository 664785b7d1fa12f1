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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what the log tells of streams at level {@code DEBUG}.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamLogTests {

	private static TestServer server;

	@BeforeAll
	static void start() {
		server = startServer();
	}

	private static TestServer startServer(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("logging.level.io.github.springsse=debug");
		all.add("sse.replay.events-per-topic=2");
		all.add("sse.delivery.threads=2");
		return TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, all.toArray(String[]::new));
	}

	@AfterAll
	static void close() {
		server.close();
	}

	@Test
	void tellsHowAStreamBeganAndEnded(CapturedOutput output) {
		String id = server.sse().publish("begins", "1");
		try (EventStreamClient client = open("/begins")) {
			assertThat(output)
				.containsPattern("DEBUG .*StreamLog +: Opened SseStream\\[\\w+, topics=\\[begins], user=null]: new\\R");
		}
		awaitNone();
		Awaitility.await()
			.untilAsserted(() -> assertThat(output)
				.containsPattern("DEBUG .*Closed SseStream\\[\\w+, topics=\\[begins], .*: DISCONNECTED"));
		try (EventStreamClient client = open("/begins", "Last-Event-ID", id)) {
			assertThat(output).containsPattern("Opened SseStream\\[.*]: resumed from " + id + "\\R");
		}
		awaitNone();
		try (EventStreamClient client = open("/begins/snapshot")) {
			assertThat(output).containsPattern("Opened SseStream\\[.*]: new, with a snapshot\\R");
		}
		awaitNone();
		try (EventStreamClient client = open("/begins", "Last-Event-ID", "x")) {
			assertThat(output).containsPattern("Opened SseStream\\[.*]: gap \\(restarted\\)\\R");
		}
		awaitNone();
		Awaitility.await()
			.untilAsserted(() -> assertThat(output.toString().lines().filter((line) -> line.contains("topics=[begins")))
				.hasSize(8));
	}

	@Test
	void tellsOfGaps(CapturedOutput output) {
		String id = server.sse().publish("gaps", "1");
		for (int i = 0; i < 3; i++) {
			server.sse().publish("gaps", "more");
		}
		try (EventStreamClient client = open("/gaps", "Last-Event-ID", id)) {
			client.awaitEvents(3);
			assertThat(output).containsPattern("Opened SseStream\\[.*]: gap \\(evicted\\)\\R")
				.containsPattern("Told SseStream\\[.*] of a gap \\(evicted\\) in \\[gaps]");
		}
		awaitNone();
	}

	@Test
	void tellsWhyThereIsNoStream(CapturedOutput output) {
		answered("/no/a*b", 400);
		assertThat(output).contains("No stream for GET \"/no/a*b\": Invalid value of variable 'name': "
				+ "Variable 'name' of topic 'no/{name}': Invalid value 'a*b'");
		answered("/inbox", 401);
		assertThat(output).contains("No stream for GET \"/inbox\": Only for authenticated users");
		answered("/redirect", 302);
		assertThat(output).contains("No stream for GET \"/redirect\": it is answered with status 302");
		answered("/throws", 409);
		assertThat(output).contains("No stream for GET \"/throws\": the method failed: "
				+ "org.springframework.web.server.ResponseStatusException: 409 CONFLICT");
		answered("/fails", 500);
		assertThat(output).contains("No stream for GET \"/fails\": java.lang.IllegalStateException: Two");
		String id = server.sse().publish("ended", "1");
		server.sse().complete("ended");
		answered("/ended?lastEventId=" + id, 204);
		assertThat(output).contains("No stream for GET \"/ended\": all of its topics have ended");
		assertThat(output.toString().lines().filter((line) -> line.contains("No stream for"))).hasSize(6);
	}

	@Test
	void tellsThatThereAreTooManyStreams(CapturedOutput output) {
		try (TestServer other = startServer("sse.limits.streams=1");
				EventStreamClient client = other.open("begins");
				RawStreamClient refused = RawStreamClient.open(other.port(), "/begins")) {
			assertThat(refused.head()).startsWith("HTTP/1.1 200 ");
			assertThat(output).contains("No stream for GET \"/begins\": STREAMS");
		}
	}

	@Test
	void namesWhatIsWrongWithValues(CapturedOutput output) {
		answered("/two/short/" + "x".repeat(510), 400);
		assertThat(output).contains("Invalid value of variable 'long': Invalid topic pattern 'two/short/xxx",
				"more than 512 characters");
		answered("/param?q=", 400);
		assertThat(output).contains("Invalid value of variable 'q': Variable 'q' of topic 'param/{q}': ",
				"it is empty");
		answered("/param", 400);
		assertThat(output)
			.contains("Invalid value of variable 'q': Variable 'q' of topic 'param/{q}': it has no value");
	}

	@Test
	void tellsOfMethodsThatReturnNoStream(CapturedOutput output) {
		answered("/null", 200);
		assertThat(output).contains("DEBUG", "No stream for GET \"/null\": the method returned null");
	}

	@Test
	void tellsOfEventsThatReachNoStream(CapturedOutput output) {
		try (TestServer other = startServer(); EventStreamClient client = other.open("begins")) {
			other.sse().publish("begins", "1");
			client.awaitEvents(1);
			other.sse().publish("begin", "2");
			Awaitility.await()
				.untilAsserted(() -> assertThat(output)
					.contains("Published to 'begin', to which no stream of this node is subscribed"));
			assertThat(output).doesNotContain("Published to 'begins'");
		}
	}

	private static EventStreamClient open(String path, String... headers) {
		EventStreamClient client = EventStreamClient.open(server.uri(path), headers);
		assertThat(client.response().statusCode()).isEqualTo(200);
		Awaitility.await().until(() -> server.registry().count() == 1);
		return client;
	}

	private static void answered(String path, int status) {
		try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
		}
	}

	private static void awaitNone() {
		Awaitility.await().until(() -> server.registry().count() == 0);
	}

	@RestController
	static class Controller {

		@GetMapping("/begins")
		@SseTopic("begins")
		void begins() {
		}

		@GetMapping("/begins/snapshot")
		@SseTopic("begins")
		List<Integer> snapshot() {
			return List.of(1);
		}

		@GetMapping("/gaps")
		@SseTopic("gaps")
		void gaps() {
		}

		@GetMapping("/ended")
		@SseTopic("ended")
		void ended() {
		}

		@GetMapping("/no/{name}")
		@SseTopic("no/{name}")
		void variable(@PathVariable String name) {
		}

		@GetMapping("/two/{a}/{long}")
		@SseTopic("two/{a}/{long}")
		void two() {
		}

		@GetMapping("/param")
		@SseTopic("param/{q}")
		void param(@RequestParam(required = false) @Nullable String q) {
		}

		@GetMapping("/null")
		@Nullable SseStream none() {
			return null;
		}

		@GetMapping("/inbox")
		@SseTopic("inbox/{user}")
		void inbox() {
		}

		@GetMapping("/redirect")
		@SseTopic("begins")
		void redirect(HttpServletResponse response) {
			response.setStatus(302);
		}

		@GetMapping("/throws")
		@SseTopic("begins")
		void fails() {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@GetMapping("/fails")
		@SseTopic("begins")
		Object notASnapshot() {
			return (Supplier<Object>) () -> {
				throw new IllegalStateException("Two");
			};
		}

	}

}
