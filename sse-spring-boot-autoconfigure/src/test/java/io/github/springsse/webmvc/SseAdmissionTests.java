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
import java.util.concurrent.Semaphore;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.webmvc.SseAdmission.Decision;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseAdmission}.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class SseAdmissionTests {

	/** Of a plan that allows two streams. */
	private static final Semaphore plan = new Semaphore(2);

	private static final List<String> asked = new ArrayList<>();

	private static final TestServers servers = new TestServers(Application.class);

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /topic", "TOMCAT_HANDOFF, /subscribed", "JETTY_HANDOFF, /topic" })
	void ruleHoldsSomethingUntilTheStreamIsClosed(ServerKind kind, String path) {
		TestServer server = idle(kind);
		long before = server.delivery().statistics().refused(RefusalReason.ADMISSION);
		try (RawStreamClient first = RawStreamClient.open(server.port(), path);
				RawStreamClient second = RawStreamClient.open(server.port(), path);
				RawStreamClient third = RawStreamClient.open(server.port(), path)) {
			assertThat(third.head()).startsWith("HTTP/1.1 200 ");
			assertThat(third.awaitEnd()).matches("retry: [0-9]+");
		}
		assertThat(server.delivery().statistics().refused(RefusalReason.ADMISSION)).isEqualTo(before + 1);
		Awaitility.await().until(() -> plan.availablePermits() == 2);
	}

	@ParameterizedTest
	@CsvSource({ "deny, 403", "throw, 402", "full, 429" })
	void ruleRefuses(String query, int status) {
		TestServer server = idle(ServerKind.TOMCAT_HANDOFF);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, RawStreamClient.get("/topic?" + query).replace("text/event-stream", "text/plain"))
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
		}
		Awaitility.await().until(() -> plan.availablePermits() == 2);
	}

	@Test
	void rulesAreAskedInTheirOrderWithTheTopics(CapturedOutput output) {
		TestServer server = idle(ServerKind.TOMCAT_HANDOFF);
		asked.clear();
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/topic?full")) {
			client.awaitEnd();
		}
		assertThat(asked).containsExactly("first [a]", "second [a]");
	}

	private static TestServer idle(ServerKind kind) {
		TestServer server = servers.get(kind);
		Awaitility.await().until(() -> plan.availablePermits() == 2);
		return server;
	}

	@Configuration(proxyBeanMethods = false)
	@Import(Controller.class)
	static class Application {

		@Bean
		@Order(2)
		SseAdmission second() {
			return (topics, user, request) -> {
				asked.add("second " + topics);
				return switch (String.valueOf(request.getQueryString())) {
					case "deny" -> Decision.deny("not in the plan");
					case "full" -> Decision.refuse("the plan is full");
					case "throw" -> throw new ResponseStatusException(HttpStatus.PAYMENT_REQUIRED);
					default -> Decision.admit();
				};
			};
		}

		@Bean
		@Order(1)
		SseAdmission first() {
			return (topics, user, request) -> {
				asked.add("first " + topics);
				return plan.tryAcquire() ? Decision.admit(plan::release) : Decision.refuse("2 streams are open");
			};
		}

	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/topic")
		@SseTopic(value = "a", anyAccept = true)
		void topic() {
		}

		@GetMapping("/subscribed")
		SseStream subscribed() {
			return this.registry.subscribe("a");
		}

	}

}
