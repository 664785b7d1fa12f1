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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams end with their session of the servlet container.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class SessionEndTests {

	private static final Duration SOON = Duration.ofSeconds(1);

	/** How often a session is used that is to be in use. */
	private static final Duration OFTEN = Duration.ofMillis(100);

	/** The shortest that an application may have. */
	private static final String CHECKED_OFTEN = "sse.security.check-interval=1s";

	@RegisterExtension
	private static final TestServers servers = new TestServers(SecuredApplication.class, "test.security=true",
			"sse.heartbeat.interval=200ms");

	@AfterAll
	static void stop(CapturedOutput output) {
		servers.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT_BLOCKING")
	void logoutEndsTheStreamsOfItsSessionAndNoOther(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		long expired = server.delivery().statistics().closed(CloseReason.EXPIRED);
		Visitor one = new Visitor(server).logIn("ada");
		Visitor two = new Visitor(server).logIn("ada");
		EventStreamClient feed = one.open("/feed");
		EventStreamClient data = one.open("/data");
		EventStreamClient other = two.open("/feed");
		EventStreamClient.await().until(() -> server.registry().count() == 3);
		server.sse().publish("feed", "before");
		one.logOut();
		assertExpired(feed, "logout", SOON);
		data.awaitEnd();
		assertThat(feed.data()).containsExactly("before", "logout");
		assertThat(data.events()).isEmpty();
		assertThat(data.failure()).isNull();
		assertThat(server.delivery().statistics().closed(CloseReason.EXPIRED)).isEqualTo(expired + 2);
		assertThat(one.get("/feed", "Accept", "text/event-stream").statusCode()).isEqualTo(401);
		server.sse().publish("feed", "after");
		other.awaitEvents(2);
		assertThat(other.isEnded()).isFalse();
		other.close();
		EventStreamClient.await().until(() -> server.registry().count() == 0);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void sessionThatIsInvalidatedEndsItsStreams(ServerKind kind, CapturedOutput output) {
		try (TestServer server = start(kind, "sse.security.expired-event=over")) {
			Visitor visitor = new Visitor(server).logIn("ada");
			EventStreamClient feed = visitor.open("/feed");
			visitor.post("/invalidate", "");
			EventStreamClient.await().atMost(SOON).until(feed::isEnded);
			assertThat(feed.events()).extracting(Event::name).containsExactly("over");
			assertThat(feed.data()).containsExactly("session");
			assertThat(visitor.get("/feed").statusCode()).isEqualTo(401);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void streamOfASessionThatEndsWhileTheMethodRunsEndsAtOnce(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		assertExpired(new Visitor(server).logIn("ada").open("/leave"), "session", SOON);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void streamOfASessionThatEndsBeforeTheMethodRunsEndsAtOnce(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		assertExpired(new Visitor(server).logIn("ada").open("/feed?gone"), "session", SOON);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void sessionsWithNewIdsKeepTheirStreams(ServerKind kind) {
		TestServer server = servers.get(kind, CHECKED_OFTEN);
		Visitor visitor = new Visitor(server);
		visitor.get("/public/session");
		EventStreamClient anonymous = visitor.open("/public");
		String before = visitor.cookies();
		visitor.logIn("ada");
		assertThat(visitor.cookies()).isNotEqualTo(before);
		EventStreamClient feed = visitor.open("/feed");
		before = visitor.cookies();
		visitor.logIn("ada");
		assertThat(visitor.cookies()).isNotEqualTo(before);
		AtomicInteger sent = new AtomicInteger();
		EventStreamClient.await().pollInterval(OFTEN).during(Duration.ofMillis(1300)).until(() -> {
			server.sse().publish("feed", sent.incrementAndGet());
			return server.registry().count() == 2;
		});
		visitor.logOut();
		assertExpired(feed, "logout", SOON);
		assertThat(anonymous.isEnded()).isFalse();
		anonymous.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF", "JETTY_ASYNC" })
	void openStreamDoesNotKeepASessionThatIsOtherwiseIdle(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind, CHECKED_OFTEN);
		Visitor visitor = new Visitor(server).logIn("ada");
		visitor.post("/timeout", "seconds=2");
		EventStreamClient feed = visitor.open("/feed");
		EventStreamClient.await()
			.pollInterval(OFTEN)
			.during(Duration.ofMillis(2500))
			.atMost(Duration.ofSeconds(5))
			.until(() -> {
				visitor.get("/page");
				server.sse().publish("feed", "event");
				return !feed.isEnded();
			});
		EventStreamClient.await().pollInterval(OFTEN).atMost(Duration.ofSeconds(5)).until(() -> {
			server.sse().publish("feed", "event");
			return feed.isEnded();
		});
		assertThat(feed.events()).last().extracting(Event::data).isEqualTo("session");
		assertThat(visitor.get("/page").statusCode()).isEqualTo(401);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void reconnectingDoesNotKeepASessionThatIsOtherwiseIdle(ServerKind kind) {
		TestServer server = servers.get(kind, CHECKED_OFTEN);
		Visitor visitor = new Visitor(server).logIn("ada");
		visitor.post("/timeout", "seconds=1");
		AtomicInteger status = new AtomicInteger();
		EventStreamClient.await().pollInterval(Duration.ofMillis(200)).atMost(Duration.ofSeconds(6)).until(() -> {
			try (EventStreamClient feed = visitor.open("/feed")) {
				status.set(feed.response().statusCode());
				EventStreamClient.await().until(() -> status.get() != 200 || !feed.lines().isEmpty());
			}
			return status.get() != 200;
		});
		assertThat(status).hasValue(401);
	}

	/**
	 * The session lives on for the web server, as a request for a stream has used it.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void reconnectingThatIsRefusedDoesNotKeepASessionThatIsOtherwiseIdle(ServerKind kind, CapturedOutput output) {
		try (TestServer server = start(kind, CHECKED_OFTEN, "sse.limits.streams=1",
				"sse.shutdown.reconnect-within=0")) {
			Visitor visitor = new Visitor(server).logIn("ada");
			visitor.post("/timeout", "seconds=1");
			EventStreamClient feed = visitor.open("/feed");
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			feed.close();
			EventStreamClient.await().until(() -> server.registry().count() == 0);
			EventStreamClient other = new Visitor(server).open("/public");
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			long start = System.nanoTime();
			EventStreamClient.await().pollInterval(OFTEN).until(() -> {
				visitor.open("/feed").awaitEnd();
				return Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofMillis(1500)) > 0;
			});
			assertThat(server.delivery().statistics().refused(RefusalReason.STREAMS)).isGreaterThan(2);
			assertThat(visitor.get("/page").statusCode()).isEqualTo(401);
			other.close();
		}
		assertThat(LogOutput.complaints(output)).allMatch((line) -> line.contains("A stream was refused"));
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void requestForAStreamDoesNotKeepASessionThatIsOtherwiseIdleWhenItsPageIsClosed(ServerKind kind) {
		TestServer server = servers.get(kind, CHECKED_OFTEN);
		Visitor visitor = new Visitor(server).logIn("ada");
		visitor.post("/timeout", "seconds=2");
		visitor.open("/feed").close();
		long start = System.nanoTime();
		EventStreamClient.await().pollInterval(OFTEN).until(() -> {
			try (EventStreamClient feed = visitor.open("/feed")) {
				EventStreamClient.await().until(() -> !feed.lines().isEmpty());
			}
			return Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofMillis(1200)) > 0;
		});
		EventStreamClient.await()
			.pollDelay(Duration.ofMillis(1100))
			.until(() -> Duration.ofNanos(System.nanoTime() - start).compareTo(Duration.ofMillis(2300)) > 0);
		assertThat(visitor.get("/page").statusCode()).isEqualTo(401);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void loginOfAnotherUserEndsTheStreamsOfTheFirst(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		Visitor visitor = new Visitor(server).logIn("ada");
		EventStreamClient feed = visitor.open("/feed");
		EventStreamClient elsewhere = new Visitor(server).logIn("ada").open("/feed");
		visitor.logIn("bob");
		assertExpired(feed, "logout", SOON);
		EventStreamClient next = visitor.open("/feed");
		visitor.logIn("bob");
		server.sse().publish("feed", "for bob");
		next.awaitEvents(1);
		elsewhere.awaitEvents(1);
		assertThat(next.isEnded()).isFalse();
		next.close();
		elsewhere.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void switchingTheUserEndsTheStreamsOfTheOneBefore(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		Visitor visitor = new Visitor(server).logIn("ada");
		EventStreamClient own = visitor.open("/feed");
		assertThat(visitor.post("/login/impersonate", "username=bob").statusCode()).isEqualTo(302);
		assertExpired(own, "logout", SOON);
		assertThat(visitor.get("/page").body()).contains("bob");
		EventStreamClient impersonated = visitor.open("/feed");
		EventStreamClient.await().until(() -> server.registry().streamsOfUser("bob").size() == 1);
		visitor.post("/logout/impersonate", "");
		assertExpired(impersonated, "logout", SOON);
		EventStreamClient again = visitor.open("/feed");
		EventStreamClient.await().until(() -> server.registry().streamsOfUser("ada").size() == 1);
		again.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void displacedSessionEndsItsStreams(ServerKind kind, CapturedOutput output) {
		try (TestServer server = start(kind, "test.maximum-sessions=1", CHECKED_OFTEN)) {
			Visitor one = new Visitor(server).logIn("ada");
			EventStreamClient feed = one.open("/feed");
			Visitor two = new Visitor(server).logIn("ada");
			EventStreamClient other = two.open("/feed");
			assertExpired(feed, "session", Duration.ofSeconds(2));
			assertThat(one.get("/feed").body()).contains("expired");
			assertThat(other.isEnded()).isFalse();
			other.close();
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT_HANDOFF")
	void nothingEndsWhereItIsSwitchedOff(ServerKind kind) {
		try (TestServer server = start(kind, "sse.security.end-with-session=false")) {
			Visitor visitor = new Visitor(server).logIn("ada");
			EventStreamClient feed = visitor.open("/feed");
			visitor.logOut();
			server.sse().publish("feed", "event");
			feed.awaitEvents(1);
			assertThat(feed.isEnded()).isFalse();
			assertThat(feed.data()).containsExactly("event");
			feed.close();
		}
	}

	/**
	 * Use a session with a timeout of two seconds for longer than that, while a stream of
	 * it is open.
	 */
	static void useSession(Visitor visitor, EventStreamClient feed) {
		EventStreamClient.await()
			.pollInterval(Duration.ofMillis(200))
			.during(Duration.ofSeconds(3))
			.atMost(Duration.ofSeconds(8))
			.until(() -> visitor.get("/page").statusCode() == 200 && !feed.isEnded());
	}

	static void assertExpired(EventStreamClient client, String reason, Duration within) {
		assertExpired(client, List.of(reason), within);
	}

	static void assertExpired(EventStreamClient client, List<String> reasons, Duration within) {
		EventStreamClient.await().atMost(within).until(client::isEnded);
		assertThat(client.events()).last().satisfies((event) -> {
			assertThat(event.name()).isEqualTo("expired");
			assertThat(event.data()).isIn(reasons);
		});
		assertThat(client.failure()).isNull();
	}

	private static TestServer start(ServerKind kind, String... properties) {
		List<String> all = new ArrayList<>(List.of("test.security=true", "sse.heartbeat.interval=200ms"));
		all.addAll(List.of(properties));
		return TestServer.start(kind, SecuredApplication.class, all.toArray(String[]::new));
	}

}
