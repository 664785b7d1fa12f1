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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.User.UserBuilder;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams end when their user loses the account or an authority.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class AuthorityEndTests {

	private static final Duration CHECKED = Duration.ofSeconds(2);

	/** Longer than the interval of the checks, the shortest that there may be. */
	private static final Duration ONE_CHECK = Duration.ofMillis(1200);

	@RegisterExtension
	private static final TestServers servers = new TestServers(SecuredApplication.class, "test.security=true",
			"sse.security.recheck-interval=1s", "sse.heartbeat.interval=200ms");

	@AfterAll
	static void stop(CapturedOutput output) {
		servers.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("changes")
	void changeOfAUserEndsTheirStreamsAndNoOther(ServerKind kind, UnaryOperator<UserBuilder> change,
			CapturedOutput output) {
		TestServer server = servers.get(kind);
		InMemoryUserDetailsManager users = server.bean(InMemoryUserDetailsManager.class);
		UserDetails before = users.loadUserByUsername("ada");
		EventStreamClient feed = new Visitor(server).logIn("ada").open("/feed");
		EventStreamClient second = new Visitor(server).logIn("ada").open("/feed");
		EventStreamClient other = new Visitor(server).logIn("bob").open("/feed");
		EventStreamClient.await().during(ONE_CHECK).until(() -> server.registry().count() == 3);
		users.deleteUser("ada");
		if (change != null) {
			users.createUser(change.apply(User.withUserDetails(before)).build());
		}
		SessionEndTests.assertExpired(feed, "authorities", CHECKED);
		SessionEndTests.assertExpired(second, "authorities", CHECKED);
		assertThat(other.isEnded()).isFalse();
		users.deleteUser("ada");
		users.createUser(before);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	static Stream<Arguments> changes() {
		return Stream.of(
				Arguments.argumentSet("disabled", ServerKind.TOMCAT_HANDOFF, change((user) -> user.disabled(true))),
				Arguments.argumentSet("locked", ServerKind.JETTY_HANDOFF, change((user) -> user.accountLocked(true))),
				Arguments.argumentSet("expired", ServerKind.TOMCAT_HANDOFF,
						change((user) -> user.accountExpired(true))),
				Arguments.argumentSet("promoted", ServerKind.JETTY_HANDOFF,
						change((user) -> user.roles("USER", "ADMIN"))),
				Arguments.argumentSet("gone", ServerKind.TOMCAT_HANDOFF, null));
	}

	private static UnaryOperator<UserBuilder> change(UnaryOperator<UserBuilder> change) {
		return change;
	}

	@Test
	void whoHasLostStreamsGetsNoOthersUntilTheAccountIsAsBefore() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		Visitor visitor = new Visitor(server).logIn("ada");
		EventStreamClient feed = visitor.open("/feed");
		InMemoryUserDetailsManager users = server.bean(InMemoryUserDetailsManager.class);
		UserDetails before = users.loadUserByUsername("ada");
		users.updateUser(User.withUserDetails(before).roles("USER", "ADMIN").build());
		SessionEndTests.assertExpired(feed, "authorities", CHECKED);
		assertThat(visitor.get("/feed", "Accept", "text/event-stream").statusCode()).isEqualTo(403);
		assertThat(visitor.get("/page").statusCode()).isEqualTo(200);
		EventStreamClient again = new Visitor(server).logIn("ada").open("/feed");
		assertThat(again.response().statusCode()).isEqualTo(200);
		users.updateUser(before);
		SessionEndTests.assertExpired(again, "authorities", CHECKED);
		EventStreamClient asBefore = visitor.open("/feed");
		EventStreamClient.await().during(ONE_CHECK).until(() -> !asBefore.isEnded());
		assertThat(asBefore.response().statusCode()).isEqualTo(200);
		asBefore.close();
	}

	@Test
	void applicationDecidesByItself() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, OwnCheck.class, "test.security=true",
				"sse.security.recheck-interval=1s")) {
			EventStreamClient feed = new Visitor(server).logIn("ada").open("/feed");
			EventStreamClient other = new Visitor(server).logIn("bob").open("/feed");
			OwnCheck.banned.set("ada");
			SessionEndTests.assertExpired(feed, "authorities", CHECKED);
			assertThat(other.isEnded()).isFalse();
			other.close();
		}
	}

	@Test
	void topicThatIsNoLongerGrantedEndsItsStreams() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Rules.class, "test.security=true",
				"sse.security.recheck-interval=1s")) {
			EventStreamClient feed = new Visitor(server).logIn("ada").open("/feed");
			EventStreamClient other = new Visitor(server).logIn("bob").open("/feed");
			EventStreamClient.await().during(ONE_CHECK).until(() -> server.registry().count() == 2);
			Rules.denied.set("ada");
			SessionEndTests.assertExpired(feed, "authorities", CHECKED);
			assertThat(new Visitor(server).logIn("ada").get("/feed").statusCode()).isEqualTo(403);
			assertThat(other.isEnded()).isFalse();
			other.close();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void topicThatIsNoLongerGrantedEndsTheStreamsOfAnonymousClients(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, RulesForEverybody.class, "test.security=true",
				"sse.security.recheck-interval=1s")) {
			EventStreamClient feed = new Visitor(server).open("/public");
			EventStreamClient.await().during(ONE_CHECK).until(() -> server.registry().count() == 1);
			Rules.denied.set("anonymousUser");
			SessionEndTests.assertExpired(feed, "authorities", CHECKED);
			assertThat(new Visitor(server).get("/public").statusCode()).isEqualTo(401);
		}
		finally {
			Rules.denied.set("");
		}
	}

	/**
	 * There is no account of anonymous clients.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import({ Rules.class, OwnCheck.class })
	static class RulesForEverybody {

		RulesForEverybody() {
			OwnCheck.banned.set("anonymousUser");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApplication.class)
	static class Rules {

		static final AtomicReference<String> denied = new AtomicReference<>("");

		@Bean
		AuthorizationManager<SseSubscription> rules() {
			return (authentication,
					subscription) -> new AuthorizationDecision(!authentication.get().getName().equals(denied.get()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(SecuredApplication.class)
	static class OwnCheck {

		static final AtomicReference<String> banned = new AtomicReference<>("");

		@Bean
		SseAuthenticationCheck check() {
			return (authentication) -> !authentication.getName().equals(banned.get());
		}

	}

}
