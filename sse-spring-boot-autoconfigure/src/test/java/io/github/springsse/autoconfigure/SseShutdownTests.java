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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseShutdown} on web servers.
 */
class SseShutdownTests {

	private static final int CLIENTS = 20;

	@ParameterizedTest
	@EnumSource
	void closesStreamsAndDoesNotWaitForThem(ServerKind kind) {
		TestServer server = TestServer.start(kind, Controller.class, "server.shutdown=graceful",
				"spring.lifecycle.timeout-per-shutdown-phase=30s", "sse.shutdown.reconnect-within=60s");
		List<EventStreamClient> clients = new ArrayList<>();
		try (server) {
			for (int i = 0; i < CLIENTS; i++) {
				clients.add(EventStreamClient.open(server.uri("/feed")));
			}
			EventStreamClient.await().until(() -> server.registry().count() == CLIENTS);
			server.sse().publish("feed", "last");
			long start = System.nanoTime();
			server.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
		EventStreamClient.await().until(() -> clients.stream().allMatch(EventStreamClient::isEnded));
		assertThat(clients).allSatisfy((client) -> {
			assertThat(client.failure()).isNull();
			assertThat(client.data()).containsExactly("last");
			assertThat(retries(client)).hasSize(2).first().isEqualTo(2000L);
		});
		List<Long> retries = clients.stream().map((client) -> retries(client).get(1)).toList();
		assertThat(retries).allSatisfy((retry) -> assertThat(retry).isBetween(0L, 60_000L));
		assertThat(new HashSet<>(retries)).hasSizeGreaterThan(CLIENTS / 2);
		clients.forEach(EventStreamClient::close);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void acceptsStreamsAgainAfterAStop(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.shutdown.reconnect-within=60s",
				"sse.heartbeat.interval=200ms")) {
			ConfigurableApplicationContext context = server.bean(Controller.class).context;
			try (EventStreamClient client = EventStreamClient.open(server.uri("/feed"))) {
				EventStreamClient.await().until(() -> server.registry().count() == 1);
				context.pause();
				client.awaitEnd();
				assertThat(server.registry().count()).isZero();
			}
			try (EventStreamClient client = EventStreamClient.open(server.uri("/feed"))) {
				client.awaitEnd();
				assertThat(client.response().statusCode()).isEqualTo(200);
				assertThat(client.failure()).isNull();
				assertThat(retries(client)).singleElement().satisfies((retry) -> assertThat(retry).isLessThan(60_001));
			}
			context.restart();
			assertDelivers(server);
			context.stop();
			context.start();
			assertDelivers(server);
		}
	}

	private static void assertDelivers(TestServer server) {
		try (EventStreamClient client = EventStreamClient.open(server.uri("/feed"))) {
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", "again");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("again");
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	private static List<Long> retries(EventStreamClient client) {
		return client.lines()
			.stream()
			.filter((line) -> line.startsWith("retry: "))
			.map((line) -> Long.parseLong(line.substring(7)))
			.toList();
	}

	@RestController
	static class Controller {

		private final ConfigurableApplicationContext context;

		Controller(ConfigurableApplicationContext context) {
			this.context = context;
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
