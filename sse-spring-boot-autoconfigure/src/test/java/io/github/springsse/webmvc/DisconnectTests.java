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

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.testsupport.Torture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that disconnected clients are noticed, leave no resources behind, and are not
 * logged as errors.
 */
@ExtendWith(OutputCaptureExtension.class)
@Torture
class DisconnectTests {

	private static final String HEARTBEATS = "sse.heartbeat.interval=200ms";

	/** Nothing is written but events. */
	private static final String QUIET = "sse.heartbeat.interval=1h";

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class, "sse.stream.queue.max-size=10MB");

	@AfterAll
	static void stop(CapturedOutput output) {
		servers.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, CLOSE", "TOMCAT_HANDOFF, RESET", "TOMCAT_HANDOFF, HALF_CLOSE", "JETTY_HANDOFF, CLOSE",
			"JETTY_HANDOFF, RESET", "JETTY_HANDOFF, HALF_CLOSE" })
	void handoffNoticesAtOnceWithoutWriting(ServerKind kind, Leaving leaving, CapturedOutput output) {
		TestServer server = servers.get(kind, QUIET);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/1")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			client.leave(leaving);
			Awaitility.await()
				.pollInterval(Duration.ofMillis(5))
				.atMost(Duration.ofSeconds(5))
				.until(() -> server.registry().count() == 0);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_ASYNC, CLOSE", "TOMCAT_ASYNC, RESET", "TOMCAT_BLOCKING, CLOSE", "TOMCAT_BLOCKING, RESET",
			"JETTY_ASYNC, CLOSE", "JETTY_ASYNC, RESET" })
	void othersNoticeWhenTheyWrite(ServerKind kind, Leaving leaving, CapturedOutput output) {
		TestServer server = servers.get(kind, HEARTBEATS);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/1")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			client.leave(leaving);
			Awaitility.await().until(() -> server.registry().count() == 0);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_ASYNC", "TOMCAT_BLOCKING", "JETTY_ASYNC" })
	void othersServeAClientThatSaysItHasNothingMoreToSay(ServerKind kind) {
		TestServer server = servers.get(kind, HEARTBEATS);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/1")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			client.leave(Leaving.HALF_CLOSE);
			for (int i = 0; i < 5; i++) {
				long heartbeats = server.delivery().statistics().heartbeats();
				Awaitility.await().until(() -> server.delivery().statistics().heartbeats() > heartbeats);
				server.sse().publish("feeds/1", "event " + i);
				client.awaitLine("data: event " + i);
			}
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void handoffCutsTheBodyOfAClientThatSaysItHasNothingMoreToSay(ServerKind kind) {
		TestServer server = servers.get(kind, QUIET);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/1")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			client.leave(Leaving.HALF_CLOSE);
			client.awaitCut();
		}
	}

	/**
	 * The end of the input is there before the stream is opened.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void handoffSendsTheSnapshotToAClientThatHasSaidAllWithItsRequest(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind, QUIET);
		long before = server.delivery().statistics().closed(CloseReason.DISCONNECTED);
		for (int i = 0; i < 50; i++) {
			try (RawStreamClient client = sendAll(server, "/snapshots/" + i)) {
				assertThat(client.readHead().awaitCut()).contains("event: snapshot\ndata: snapshot " + i + "\n");
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(server.delivery().statistics().closed(CloseReason.DISCONNECTED)).isEqualTo(before + 50);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void handoffSendsWhatWasMissedToAClientThatHasSaidAllWithItsRequest(ServerKind kind) {
		TestServer server = servers.get(kind, QUIET);
		String last = server.sse().publish("feeds/1", "seen");
		for (int i = 0; i < 100; i++) {
			server.sse().publish("feeds/1", "missed " + i);
		}
		for (int i = 0; i < 50; i++) {
			try (RawStreamClient client = sendAll(server, "/feeds/1", "Last-Event-ID: " + last)) {
				assertThat(client.readHead().awaitCut()).contains("data: missed 0\n", "data: missed 99\n");
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
	}

	private static RawStreamClient sendAll(TestServer server, String path, String... headers) {
		RawStreamClient client = RawStreamClient.send(server.port(), 0, RawStreamClient.get(path, headers));
		client.leave(Leaving.HALF_CLOSE);
		return client;
	}

	@ParameterizedTest
	@EnumSource
	void leavesNothingAndLogsNothingOfClientsThatLeaveWhileTheyAreWrittenTo(ServerKind kind, CapturedOutput output)
			throws IOException {
		String large = "large ".repeat(100_000);
		TestServer server = servers.get(kind, HEARTBEATS);
		for (int i = 0; i < Rounds.of(50, 150); i++) {
			ThreadLocalRandom random = ThreadLocalRandom.current();
			String feed = "feeds/" + i;
			RawStreamClient client = RawStreamClient.send(server.port(), 0, RawStreamClient.get("/" + feed));
			if (kind == ServerKind.TOMCAT_BLOCKING || random.nextInt(4) > 0) {
				client.readHead();
				server.sse().publish(feed, large);
				server.sse().publish(feed, large);
				client.body().readNBytes(random.nextInt(100_000));
			}
			client.leave(random.nextBoolean() ? Leaving.RESET : Leaving.CLOSE);
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@RestController
	static class Controller {

		@GetMapping("/feeds/{number}")
		@SseTopic("feeds/{number}")
		void feed(@PathVariable int number) {
		}

		@GetMapping("/snapshots/{number}")
		@SseTopic("snapshots/{number}")
		String snapshot(@PathVariable int number) {
			return "snapshot " + number;
		}

	}

}
