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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.http.HttpServletRequest;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StreamAdmission}, and for the resources that a stream holds until it
 * is closed.
 */
class StreamAdmissionTests {

	private static final AtomicInteger held = new AtomicInteger();

	private static final TestServers servers = new TestServers(Configured.class, "sse.heartbeat.interval=200ms");

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /topic", "TOMCAT_HANDOFF, /subscribed", "TOMCAT_HANDOFF, /later",
			"TOMCAT_HANDOFF, /routed", "JETTY_HANDOFF, /topic", "JETTY_HANDOFF, /subscribed", "JETTY_HANDOFF, /later",
			"JETTY_HANDOFF, /routed" })
	void admitsOnceAndHoldsUntilTheStreamIsClosed(ServerKind kind, String path) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(held).hasValue(1);
		}
		Awaitility.await().until(() -> held.get() == 0);
	}

	@ParameterizedTest
	@CsvSource({ "/topic, denied, 403", "/subscribed, denied, 403", "/later, denied, 403", "/topic, fails, 409",
			"/subscribed, fails, 409" })
	void refusesAndLetsGo(String path, String reason, int status) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (RawStreamClient client = RawStreamClient.open(server.port(), path + "?" + reason)) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
		}
		Awaitility.await().until(() -> held.get() == 0);
	}

	@ParameterizedTest
	@CsvSource({ "/topic", "/subscribed", "/later", "/routed" })
	void tellsClientsToComeBack(String path) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		long before = server.delivery().statistics().refused(RefusalReason.RESOURCES);
		try (RawStreamClient client = RawStreamClient.open(server.port(), path + "?later")) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(client.awaitEnd()).contains("retry: ");
		}
		assertThat(server.delivery().statistics().refused(RefusalReason.RESOURCES)).isEqualTo(before + 1);
		Awaitility.await().until(() -> held.get() == 0);
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class Configured {

		@Bean
		StreamAdmission first() {
			return (DeliveredStream stream, HttpServletRequest request) -> {
				held.incrementAndGet();
				stream.hold(held::decrementAndGet);
			};
		}

		@Bean
		StreamAdmission second() {
			return (stream, request) -> {
				switch (String.valueOf(request.getQueryString())) {
					case "denied" -> throw new ResponseStatusException(HttpStatus.FORBIDDEN);
					case "later" -> throw new StreamRefusedException(RefusalReason.RESOURCES);
					default -> {
					}
				}
			};
		}

		@Bean
		RouterFunction<ServerResponse> routes(SseEmitterRegistry registry) {
			return RouterFunctions.route()
				.GET("/routed", (request) -> SseServerResponse.of(registry.subscribe("a")))
				.build();
		}

	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/topic")
		@SseTopic("a")
		void topic(HttpServletRequest request) {
			if ("fails".equals(request.getQueryString())) {
				throw new ResponseStatusException(HttpStatus.CONFLICT);
			}
		}

		@GetMapping("/subscribed")
		SseStream subscribed(HttpServletRequest request) {
			topic(request);
			return this.registry.subscribe("a");
		}

		@GetMapping("/later")
		CompletableFuture<SseStream> later() {
			return CompletableFuture.supplyAsync(() -> this.registry.subscribe("a"), new SimpleAsyncTaskExecutor());
		}

	}

}
