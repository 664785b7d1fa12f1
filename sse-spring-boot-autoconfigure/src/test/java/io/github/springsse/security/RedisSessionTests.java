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

import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisHttpSession;
import org.springframework.session.data.redis.config.annotation.web.http.EnableRedisIndexedHttpSession;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams end with their session of Spring Session, on each of two nodes that
 * share a session store in Redis.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class RedisSessionTests {

	private static final Duration TOLD = Duration.ofSeconds(2);

	/** Longer than the interval of the checks, the shortest that there may be. */
	private static final Duration ONE_CHECK = Duration.ofMillis(1200);

	private static final String CHECKED_OFTEN = "sse.security.check-interval=1s";

	private static TestRedis redis;

	@BeforeAll
	static void start() {
		redis = TestRedis.start();
	}

	@AfterEach
	void endStreams() {
		for (Store store : Store.values()) {
			store.nodes.endStreams();
			store.otherNodes.endStreams();
		}
	}

	@AfterAll
	static void stop() {
		for (Store store : Store.values()) {
			store.nodes.close();
			store.otherNodes.close();
		}
		redis.close();
	}

	@ParameterizedTest
	@EnumSource
	void logoutEndsTheStreamsOfItsSessionOnEveryNode(Store store, CapturedOutput output) {
		TestServer node = store.node();
		TestServer otherNode = store.otherNode();
		Visitor visitor = new Visitor(node).logIn("ada");
		Visitor another = new Visitor(node).logIn("ada");
		EventStreamClient here = visitor.open("/feed");
		EventStreamClient there = visitor.goTo(otherNode).open("/feed");
		EventStreamClient stays = another.goTo(otherNode).open("/feed");
		awaitOpen(node, here);
		awaitOpen(otherNode, there, stays);
		visitor.goTo(node).logOut();
		// NOTE: less than sse.security.check-interval, with time for a busy machine
		EventStreamClient.await().atMost(Duration.ofSeconds(3)).until(here::isEnded);
		assertThat(here.events()).last().extracting(Event::name).isEqualTo("expired");
		assertThat(here.data()).last().isIn(store.reasonsOfALogout);
		SessionEndTests.assertExpired(there, "session", TOLD);
		assertThat(visitor.goTo(otherNode).get("/feed").statusCode()).isEqualTo(401);
		EventStreamClient.await().during(ONE_CHECK).until(() -> !stays.isEnded());
		stays.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void sessionsThatAreInvalidatedOrDeletedEndTheirStreams(Store store, CapturedOutput output) {
		TestServer node = store.node();
		TestServer otherNode = store.otherNode();
		Visitor visitor = new Visitor(node).logIn("ada");
		EventStreamClient here = visitor.open("/feed");
		EventStreamClient there = visitor.goTo(otherNode).open("/feed");
		awaitOpen(node, here);
		awaitOpen(otherNode, there);
		visitor.goTo(node).post("/invalidate", "");
		SessionEndTests.assertExpired(here, "session", TOLD);
		SessionEndTests.assertExpired(there, "session", TOLD);
		visitor.logIn("ada");
		String id = visitor.get("/public/session").body();
		EventStreamClient deleted = visitor.open("/feed");
		awaitOpen(node, deleted);
		otherNode.bean(SessionRepository.class).deleteById(id);
		SessionEndTests.assertExpired(deleted, "session", TOLD);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void sessionsThatExpireInTheStoreEndTheirStreams(Store store) {
		TestServer node = store.node("sse.security.idle-logout=false");
		TestServer otherNode = store.otherNode("sse.security.idle-logout=false");
		Visitor visitor = new Visitor(node).logIn("ada");
		visitor.post("/timeout", "seconds=2");
		EventStreamClient here = visitor.open("/feed");
		EventStreamClient there = visitor.goTo(otherNode).open("/feed");
		SessionEndTests.assertExpired(here, "session", Duration.ofSeconds(2).plus(TOLD));
		SessionEndTests.assertExpired(there, "session", TOLD);
	}

	@ParameterizedTest
	@EnumSource
	void useOfASessionOnOneNodeKeepsItsStreamsOnAnother(Store store) {
		TestServer node = store.node();
		TestServer otherNode = store.otherNode();
		Visitor visitor = new Visitor(node).logIn("ada");
		visitor.post("/timeout", "seconds=2");
		EventStreamClient feed = visitor.goTo(otherNode).open("/feed");
		visitor.goTo(node);
		SessionEndTests.useSession(visitor, feed);
		SessionEndTests.assertExpired(feed, "session", Duration.ofSeconds(6));
		assertThat(visitor.get("/page").statusCode()).isEqualTo(401);
	}

	@ParameterizedTest
	@EnumSource
	void sessionWithANewIdKeepsTheStreamsOfItsNode(Store store) {
		TestServer node = store.node(CHECKED_OFTEN);
		TestServer otherNode = store.otherNode(CHECKED_OFTEN);
		Visitor visitor = new Visitor(node).logIn("ada");
		EventStreamClient here = visitor.open("/feed");
		EventStreamClient there = visitor.goTo(otherNode).open("/feed");
		String before = visitor.cookies();
		visitor.goTo(node).logIn("ada");
		assertThat(visitor.cookies()).isNotEqualTo(before);
		SessionEndTests.assertExpired(there, "session", TOLD);
		EventStreamClient back = visitor.goTo(otherNode).open("/feed");
		EventStreamClient.await().during(ONE_CHECK).until(() -> !here.isEnded() && !back.isEnded());
		visitor.goTo(node).logOut();
		// NOTE: Redis may tell of the session before Spring Security tells of the
		// logout
		List<String> reasons = (store == Store.INDEXED) ? List.of("logout", "session") : List.of("logout");
		SessionEndTests.assertExpired(here, reasons, Duration.ofSeconds(1));
		SessionEndTests.assertExpired(back, "session", TOLD);
	}

	@Test
	void displacedSessionEndsItsStreamsOnEveryNode() {
		try (TestServer node = start(Store.INDEXED, redis, "test.maximum-sessions=1", CHECKED_OFTEN);
				TestServer otherNode = start(Store.INDEXED, redis, "test.maximum-sessions=1", CHECKED_OFTEN)) {
			Visitor one = new Visitor(node).logIn("ada");
			EventStreamClient here = one.open("/feed");
			EventStreamClient there = one.goTo(otherNode).open("/feed");
			EventStreamClient other = new Visitor(otherNode).logIn("ada").open("/feed");
			SessionEndTests.assertExpired(here, "session", TOLD);
			SessionEndTests.assertExpired(there, "session", TOLD);
			assertThat(one.get("/feed").body()).contains("expired");
			assertThat(other.isEnded()).isFalse();
			other.close();
		}
	}

	@ParameterizedTest
	@EnumSource
	void streamsStayOpenWhileRedisDoesNotAnswer(Store store, CapturedOutput output) {
		try (TestRedis away = TestRedis.start();
				TestServer node = start(store, away, CHECKED_OFTEN, "spring.data.redis.timeout=500ms")) {
			EventStreamClient feed = new Visitor(node).logIn("ada").open("/feed");
			awaitOpen(node, feed);
			away.pause();
			EventStreamClient.await()
				.atMost(Duration.ofSeconds(15))
				.until(() -> output.toString().contains("The sessions of open streams could not be checked"));
			assertThat(feed.isEnded()).isFalse();
			away.resume();
			away.command("FLUSHALL");
			SessionEndTests.assertExpired(feed, "session", Duration.ofSeconds(5));
		}
	}

	/**
	 * Wait until the requests are over: the last thing that one does is to write its
	 * session, which fails if there is none any more.
	 */
	private static void awaitOpen(TestServer node, EventStreamClient... clients) {
		EventStreamClient.await().until(() -> node.registry().count() == clients.length);
		node.sse().publish("feed", "open");
		for (EventStreamClient client : clients) {
			client.awaitEvents(1);
		}
	}

	private static TestServer start(Store store, TestRedis redis, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("test.security=true", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + redis.port()));
		return TestServer.start(ServerKind.TOMCAT_HANDOFF, store.application, all.toArray(String[]::new));
	}

	/**
	 * A repository, and the interval of looking at sessions with which their streams end
	 * in time.
	 */
	enum Store {

		/** Tells nobody that a session has ended. */
		PLAIN(Plain.class, "1s", "logout"),

		/**
		 * Tells every node, so that nobody needs to look: also the one of the logout,
		 * perhaps before that is over.
		 */
		INDEXED(Indexed.class, "1h", "logout", "session");

		private final Class<?> application;

		private final String checkInterval;

		private final List<String> reasonsOfALogout;

		private final TestServers nodes;

		private final TestServers otherNodes;

		Store(Class<?> application, String checkInterval, String... reasonsOfALogout) {
			this.application = application;
			this.checkInterval = checkInterval;
			this.reasonsOfALogout = List.of(reasonsOfALogout);
			this.nodes = new TestServers(application, "test.security=true");
			this.otherNodes = new TestServers(application, "test.security=true");
		}

		TestServer node(String... properties) {
			return this.nodes.get(ServerKind.TOMCAT_HANDOFF, withRedis(properties));
		}

		TestServer otherNode(String... properties) {
			return this.otherNodes.get(ServerKind.TOMCAT_HANDOFF, withRedis(properties));
		}

		private String[] withRedis(String... properties) {
			List<String> all = new ArrayList<>(List.of(properties));
			if (!all.contains(CHECKED_OFTEN)) {
				all.add("sse.security.check-interval=" + this.checkInterval);
			}
			all.add("spring.data.redis.host=127.0.0.1");
			all.add("spring.data.redis.port=" + redis.port());
			return all.toArray(String[]::new);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRedisHttpSession
	@Import(SecuredApplication.class)
	static class Plain {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRedisIndexedHttpSession
	@Import(SecuredApplication.class)
	static class Indexed {

		@Bean
		<S extends Session> SpringSessionBackedSessionRegistry<S> sessionRegistry(
				FindByIndexNameSessionRepository<S> repository) {
			return new SpringSessionBackedSessionRegistry<>(repository);
		}

	}

}
