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

package io.github.springsse.security;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.HttpBasic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that method security is checked when a stream is opened and when it is resumed.
 */
class MethodSecurityTests {

	private static final TestServers servers = new TestServers(Controller.class, "test.security=true",
			"sse.heartbeat.interval=100ms");

	private static final AtomicInteger rules = new AtomicInteger();

	private static final AtomicInteger checks = new AtomicInteger();

	private static final AtomicInteger snapshots = new AtomicInteger();

	private static final AtomicBoolean allowed = new AtomicBoolean();

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void rulesAndChecksOfTheMethodAreAskedAtEveryOpening(ServerKind kind) {
		TestServer server = servers.get(kind);
		rules.set(0);
		checks.set(0);
		snapshots.set(0);
		allowed.set(true);
		String id = server.sse().publish("loans", "first");
		assertThat(status(server, "kim")).isEqualTo(200);
		assertThat(List.of(rules.get(), checks.get(), snapshots.get())).containsExactly(1, 1, 1);
		assertThat(status(server, "kim", "Last-Event-ID: " + id)).isEqualTo(200);
		assertThat(List.of(rules.get(), checks.get(), snapshots.get())).containsExactly(2, 2, 1);
		assertThat(status(server, "ada", "Last-Event-ID: " + id)).isEqualTo(403);
		assertThat(List.of(rules.get(), checks.get(), snapshots.get())).containsExactly(3, 3, 1);
		allowed.set(false);
		assertThat(status(server, "kim", "Last-Event-ID: " + id)).isEqualTo(403);
		assertThat(List.of(rules.get(), checks.get(), snapshots.get())).containsExactly(4, 3, 1);
	}

	private static int status(TestServer server, String user, String... headers) {
		String credentials = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
		String[] all = Arrays.copyOf(headers, headers.length + 1);
		all[headers.length] = "Authorization: Basic " + credentials;
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/loans", all)) {
			return Integer.parseInt(client.head().split(" ")[1]);
		}
	}

	@RestController
	@EnableMethodSecurity
	static class Controller {

		@GetMapping("/loans")
		@SseTopic("loans")
		@PreAuthorize("@check.getAsBoolean() and hasRole('STAFF')")
		Supplier<String> loans() {
			return () -> "snapshot " + snapshots.incrementAndGet();
		}

		@Bean
		static BooleanSupplier check() {
			return () -> checks.incrementAndGet() > 0;
		}

		@Bean
		static AuthorizationManager<SseSubscription> rules() {
			return (authentication, subscription) -> {
				rules.incrementAndGet();
				return new AuthorizationDecision(allowed.get());
			};
		}

		@Bean
		static SecurityFilterChain security(HttpSecurity http) {
			return HttpBasic.chain(http, (requests) -> requests.anyRequest().authenticated());
		}

		@Bean
		static InMemoryUserDetailsManager users() {
			return HttpBasic.users(HttpBasic.user("ada", "MEMBER"), HttpBasic.user("kim", "STAFF"));
		}

	}

}
