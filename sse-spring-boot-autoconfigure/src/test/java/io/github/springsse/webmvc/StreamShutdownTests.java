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

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that shuts down, gracefully as is the default, with streams open.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamShutdownTests {

	@ParameterizedTest
	@EnumSource
	void endsEveryBodyInGoodOrderAndTakesNoTime(ServerKind kind, CapturedOutput output) {
		TestServer server = TestServer.start(kind, Controller.class);
		List<RawStreamClient> clients = IntStream.range(0, 100)
			.mapToObj((i) -> RawStreamClient.open(server.port(), "/feed"))
			.toList();
		Awaitility.await().until(() -> server.registry().count() == 100);
		server.sse().publish("feed", "the last event");
		long start = System.nanoTime();
		server.close();
		// sse.shutdown.timeout is ten seconds
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		for (RawStreamClient client : clients) {
			client.awaitLine("data: the last event");
			assertThat(client.awaitEnd()).startsWith("retry: ");
			client.close();
		}
		assertThat(output).contains("Commencing graceful shutdown");
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	/**
	 * The time is up for this one client, and the web server does not wait for it once
	 * more.
	 */
	@ParameterizedTest
	@EnumSource
	void waitsNoLongerThanAllowedForAClientThatDoesNotTakeItsLastBytes(ServerKind kind) {
		TestServer server = TestServer.start(kind, Controller.class, "sse.shutdown.timeout=500ms",
				"sse.heartbeat.interval=0", "sse.stream.queue.max-size=100MB", "sse.stream.send-buffer-size=16KB");
		try (server;
				RawStreamClient neverReads = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/feed"))) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			for (int i = 0; i < 200; i++) {
				server.sse().publish("feed", " ".repeat(100_000));
			}
			Awaitility.await().until(() -> server.delivery().statistics().published() == 200);
			Awaitility.await().until(() -> server.delivery().queuedBytes() > 1_000_000);
			long start = System.nanoTime();
			server.close();
			Duration taken = Duration.ofNanos(System.nanoTime() - start);
			assertThat(taken).isBetween(Duration.ofMillis(500), Duration.ofSeconds(5));
			assertThat(neverReads.socket().isConnected()).isTrue();
		}
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
