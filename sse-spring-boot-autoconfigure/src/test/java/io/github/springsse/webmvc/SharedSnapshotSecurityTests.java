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

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.SseTopic;
import io.github.springsse.SseTopic.Sharing;
import io.github.springsse.security.SseSubscription;
import io.github.springsse.security.SseTopicAuthorization;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Bean;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Access to shared snapshots, with Spring Security: a client for which no method runs
 * gets no more than one for which it does.
 */
@Timeout(60)
class SharedSnapshotSecurityTests {

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class, "test.security=true");

	private static final AtomicInteger runs = new AtomicInteger();

	private static volatile CountDownLatch gate = new CountDownLatch(1);

	@AfterEach
	void open() {
		gate.countDown();
	}

	@ParameterizedTest
	@EnumSource
	void rulesApplyToEachRequest(ServerKind kind) {
		gate = new CountDownLatch(1);
		runs.set(0);
		TestServer server = servers.get(kind);
		try (RawStreamClient leader = RawStreamClient.send(server.port(), 0,
				RawStreamClient.get("/branches/north", authorization("root")))) {
			Awaitility.await().until(() -> runs.get() == 1);
			assertThat(status(server, "/branches/north")).as("no user").isEqualTo("401");
			assertThat(status(server, "/branches/north", authorization("ada"))).as("rule for topics").isEqualTo("403");
			assertThat(status(server, "/branches/closed", authorization("ada"))).as("rule for paths").isEqualTo("403");
			try (RawStreamClient follower = open(server, authorization("root"));
					RawStreamClient ended = open(server, authorization("eve"))) {
				Awaitility.await().until(() -> server.registry().count("branches/north") == 2);
				assertThat(server.registry().disconnectUser("eve")).isEqualTo(1);
				assertThat(ended.awaitEnd()).as("the stream of a user can be ended").startsWith("retry: ");
				gate.countDown();
				leader.readHead().awaitLine("data: snapshot");
				follower.awaitLine("data: snapshot");
				Awaitility.await().until(() -> server.registry().streamsOfUser("root").size() == 2);
			}
		}
		assertThat(runs).hasValue(1);
	}

	private static RawStreamClient open(TestServer server, String... headers) {
		return RawStreamClient.open(server.port(), "/branches/north", headers);
	}

	private static String status(TestServer server, String path, String... headers) {
		try (RawStreamClient client = RawStreamClient.open(server.port(), path, headers)) {
			return client.head().split(" ")[1];
		}
	}

	private static String authorization(String user) {
		return "Authorization: Basic "
				+ Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
	}

	@RestController
	static class Controller {

		@GetMapping("/branches/{branch}")
		@SseTopic(value = "branches/{branch}", snapshot = Sharing.SHARED)
		String branch(@PathVariable String branch) throws InterruptedException {
			runs.incrementAndGet();
			gate.await();
			return "snapshot";
		}

		@Bean
		static SecurityFilterChain security(HttpSecurity http) {
			http.authorizeHttpRequests((requests) -> requests.requestMatchers("/branches/closed")
				.hasRole("ADMIN")
				.anyRequest()
				.authenticated());
			http.httpBasic(Customizer.withDefaults());
			return http.build();
		}

		@Bean
		static AuthorizationManager<SseSubscription> topics(SseTopicAuthorization.Builder topics) {
			return topics.pattern("branches/north").hasRole("ADMIN").anyTopic().permitAll().build();
		}

		@Bean
		static InMemoryUserDetailsManager users() {
			return new InMemoryUserDetailsManager(user("ada", "USER"), user("root", "ADMIN"), user("eve", "ADMIN"));
		}

		private static UserDetails user(String name, String role) {
			return User.withUsername(name).password("{noop}secret").roles(role).build();
		}

	}

}
