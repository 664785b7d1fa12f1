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
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.SseTopic;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@code sse.limits.concurrent-openings}: however the methods of streams end,
 * others run after them, and never more than the limit.
 */
class ConcurrentOpeningsTests {

	private static volatile CountDownLatch gate = new CountDownLatch(1);

	private static final AtomicInteger running = new AtomicInteger();

	@AfterEach
	void open() {
		gate.countDown();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /feed", "JETTY_HANDOFF, /feed", "TOMCAT_ASYNC, /feed", "TOMCAT_HANDOFF, /fails",
			"JETTY_HANDOFF, /fails" })
	void streamsAboveTheLimitAreRefusedUntilOthersAreOpen(ServerKind kind, String path) {
		gate = new CountDownLatch(1);
		running.set(0);
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.limits.concurrent-openings=3",
				"server.error.include-stacktrace=never")) {
			List<RawStreamClient> clients = new ArrayList<>();
			for (int round = 0; round < 2; round++) {
				for (int i = 1; i <= 3; i++) {
					clients.add(enter(server, path, i));
				}
				long before = server.delivery().statistics().refused(RefusalReason.OPENINGS);
				for (int i = 0; i < 5; i++) {
					try (RawStreamClient refused = RawStreamClient.open(server.port(), path)) {
						assertThat(refused.awaitEnd()).startsWith("retry: ");
					}
				}
				assertThat(server.delivery().statistics().refused(RefusalReason.OPENINGS)).isEqualTo(before + 5);
				assertThat(running).as("methods that run").hasValue(3);
				try (RawStreamClient other = RawStreamClient.open(server.port(), "/plain", "Accept: text/plain")) {
					assertThat(other.head()).as("another method").startsWith("HTTP/1.1 200");
				}
				running.set(0);
				gate.countDown();
				clients.forEach(RawStreamClient::readHead);
				clients.forEach((client) -> client.leave(Leaving.RESET));
				clients.clear();
				gate = new CountDownLatch(1);
			}
		}
	}

	/**
	 * Request a stream until its method runs: what was opened before counts for some
	 * moments after its client has the head of the response.
	 */
	private static RawStreamClient enter(TestServer server, String path, int count) {
		return Awaitility.await().until(() -> {
			RawStreamClient client = RawStreamClient.send(server.port(), 0, RawStreamClient.get(path));
			Awaitility.await().until(() -> running.get() == count || client.socket().getInputStream().available() > 0);
			if (running.get() == count) {
				return client;
			}
			client.close();
			return null;
		}, Objects::nonNull);
	}

	@RestController
	static class Controller {

		@GetMapping(path = "/feed", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("feed")
		String feed() {
			pass();
			return "snapshot";
		}

		@GetMapping(path = "/fails", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("feed")
		String fails() {
			pass();
			throw new IllegalStateException("not really");
		}

		@GetMapping(path = "/plain", produces = MediaType.TEXT_PLAIN_VALUE)
		String plain() {
			return "plain";
		}

		private static void pass() {
			running.incrementAndGet();
			try {
				gate.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
