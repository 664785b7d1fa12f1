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

package io.github.springsse.redis;

import java.net.URI;
import java.security.Principal;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;

import io.github.springsse.SseCluster;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePresence;
import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.SnapshotController;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with two nodes of an application and one log in Redis.
 */
class TwoNodesTests {

	private static TestRedis redis;

	private static TestServer one;

	private static TestServer two;

	@BeforeAll
	static void start() {
		redis = TestRedis.start();
		one = start(ServerKind.TOMCAT_HANDOFF);
		two = start(ServerKind.JETTY_HANDOFF);
	}

	private static TestServer start(ServerKind kind) {
		return TestServer.start(kind, Application.class, properties());
	}

	private static String[] properties() {
		return Stream.concat(Stream.of(redis.properties()), Stream.of("sse.redis.presence-interval=500ms"))
			.toArray(String[]::new);
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@Test
	void whatIsPublishedOnOneNodeReachesTheStreamsOfBothWithTheSameIdsInTheSameOrder() {
		try (EventStreamClient a = one.open("order"); EventStreamClient b = two.open("order")) {
			for (int i = 0; i < 100; i++) {
				((i % 2 == 0) ? one : two).sse().publish("order", SseEvent.of("event", i));
			}
			a.awaitEvents(101);
			b.awaitEvents(101);
			assertThat(a.events().subList(1, 101)).isEqualTo(b.events().subList(1, 101));
			assertThat(a.data().get(1)).isEqualTo("0");
			assertThat(a.data().get(100)).isEqualTo("99");
		}
	}

	@Test
	void aClientThatGoesToTheOtherNodeGetsExactlyWhatItMissed() {
		String id;
		try (EventStreamClient client = one.open("moves")) {
			one.sse().publish("moves", "1");
			client.awaitEvents(2);
			id = client.events().get(1).id();
		}
		two.sse().publish("moves", "2");
		one.sse().publish("moves", "3");
		try (EventStreamClient client = two.open("moves", "Last-Event-ID", id)) {
			two.sse().publish("moves", "4");
			client.awaitEvents(3);
			assertThat(client.data()).containsExactly("2", "3", "4");
		}
	}

	@Test
	void aNodeThatStartsLaterKnowsWhatWasBefore() {
		String first = one.sse().publish("later", "1");
		one.sse().publish("later", "2");
		try (TestServer three = start(ServerKind.TOMCAT_ASYNC);
				EventStreamClient client = three.open("later", "Last-Event-ID", first)) {
			two.sse().publish("later", "3");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("2", "3");
		}
	}

	@Test
	void aTopicEndsOnBothNodes() {
		try (EventStreamClient a = one.open("ends"); EventStreamClient b = two.open("ends")) {
			one.sse().publish("ends", "last");
			two.sse().complete("ends");
			a.awaitEnd();
			b.awaitEnd();
			assertThat(a.data()).containsExactly("snapshot", "last");
			assertThat(b.data()).containsExactly("snapshot", "last");
		}
	}

	@Test
	void streamsOfATopicAreClosedOnBothNodes() {
		try (EventStreamClient a = one.open("closes");
				EventStreamClient b = two.open("closes");
				EventStreamClient other = two.open("stays")) {
			one.sse().publish("closes", "before");
			one.bean(SseCluster.class).disconnectTopic("closes");
			a.awaitEnd();
			b.awaitEnd();
			assertThat(a.data()).containsExactly("snapshot", "before");
			assertThat(b.data()).containsExactly("snapshot", "before");
			assertThat(other.isEnded()).isFalse();
		}
	}

	@Test
	void presenceIsThatOfBothNodes() {
		try (EventStreamClient a = one.open("present");
				EventStreamClient b = one.open("present");
				EventStreamClient c = two.open("present");
				EventStreamClient other = two.open("elsewhere")) {
			EventStreamClient.await()
				.untilAsserted(() -> assertThat(presence(one)).isEqualTo(presence(two))
					.extracting(SsePresence::streams)
					.isEqualTo(3));
			b.close();
			EventStreamClient.await().until(() -> presence(one).streams() == 2);
			EventStreamClient.await().until(() -> presence(two).streams() == 2);
		}
	}

	@Test
	void streamsOfAUserAreClosedOnBothNodes() {
		try (EventStreamClient a = one.open("users", "X-User", "ann");
				EventStreamClient b = two.open("users", "X-User", "ann");
				EventStreamClient other = two.open("users", "X-User", "bob")) {
			SseCluster cluster = two.bean(SseCluster.class);
			EventStreamClient.await()
				.until(() -> cluster.presence("users").equals(new SsePresence(3, Set.of("ann", "bob"))));
			cluster.disconnectUser("ann");
			a.awaitEnd();
			b.awaitEnd();
			assertThat(other.isEnded()).isFalse();
		}
	}

	/**
	 * A node that was killed says nothing any more, and neither does one whose log has
	 * stopped.
	 */
	@Test
	void aNodeThatIsDeadIsForgotten() {
		try (TestServer three = start(ServerKind.TOMCAT_HANDOFF); EventStreamClient a = three.open("dead")) {
			SseCluster cluster = two.bean(SseCluster.class);
			EventStreamClient.await().until(() -> cluster.presence("dead").streams() == 1);
			three.bean(RedisEventLog.class).stop();
			assertThat(cluster.presence("dead").streams()).isOne();
			EventStreamClient.await().until(() -> cluster.presence("dead").streams() == 0);
			assertThat(a.isEnded()).isFalse();
		}
	}

	@Test
	void aNodeThatIsKilledIsForgottenWithinThreeIntervalsAndLeavesNothingInRedis() {
		SseCluster cluster = two.bean(SseCluster.class);
		try (ClusterProcess three = ClusterProcess.start("presence", (acknowledgement) -> {
		}, properties());
				EventStreamClient a = EventStreamClient
					.open(URI.create("http://localhost:" + three.port() + "/topic0/killed"))) {
			EventStreamClient.await().until(() -> cluster.presence("killed/topic0").streams() == 1);
			String node = redis.command("SMEMBERS", "{sse}:nodes")
				.lines()
				.filter((name) -> redis.command("HKEYS", "{sse}:presence:" + name).contains("killed/topic0"))
				.findFirst()
				.orElseThrow();
			three.kill();
			EventStreamClient.await()
				.atMost(Duration.ofMillis(2500))
				.until(() -> cluster.presence("killed/topic0").streams() == 0);
			EventStreamClient.await().until(() -> redis.command("SISMEMBER", "{sse}:nodes", node).equals(":0\r\n"));
		}
	}

	@Test
	void aNodeThatStopsIsForgottenAtOnceAndLeavesNothingInRedis() {
		try (EventStreamClient a = two.open("stopped")) {
			SseCluster cluster = two.bean(SseCluster.class);
			try (TestServer three = start(ServerKind.TOMCAT_HANDOFF); EventStreamClient b = three.open("stopped")) {
				EventStreamClient.await().until(() -> cluster.presence("stopped").streams() == 2);
				EventStreamClient.await().until(() -> redis.command("SCARD", "{sse}:nodes").equals(":2\r\n"));
			}
			EventStreamClient.await()
				.atMost(Duration.ofMillis(1300))
				.until(() -> cluster.presence("stopped").streams() == 1);
			assertThat(redis.command("SCARD", "{sse}:nodes")).isEqualTo(":1\r\n");
			assertThat(redis.command("TTL", "{sse}:nodes")).isBetween(":3590\r\n", ":3600\r\n");
		}
	}

	private static SsePresence presence(TestServer server) {
		return server.bean(SseCluster.class).presence("present");
	}

	@Configuration(proxyBeanMethods = false)
	@Import(SnapshotController.class)
	static class Application {

		/**
		 * Believes what a client says of who it is.
		 */
		@Bean
		Filter users() {
			return (request, response, chain) -> {
				String user = ((HttpServletRequest) request).getHeader("X-User");
				chain.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public Principal getUserPrincipal() {
						return (user != null) ? () -> user : null;
					}

				}, response);
			};
		}

	}

}
