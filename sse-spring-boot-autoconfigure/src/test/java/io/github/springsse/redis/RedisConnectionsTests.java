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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.stream.Stream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the connections of a node: their number, and that they are not shared.
 */
class RedisConnectionsTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	@Test
	void aNodeHasTwoConnectionsOfItsOwnAndLeavesNone() {
		TestRedis redis = this.closing.add(TestRedis.start());
		try (TestServer server = server(redis.properties())) {
			assertDelivers(server, "first");
			awaitConnections(redis, 2);
			redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
			assertDelivers(server, "second");
			awaitConnections(redis, 2);
			server.bean(StringRedisTemplate.class).opsForValue().get("key");
			// and the one that the application shares
			awaitConnections(redis, 3);
			server.bean(RedisEventLog.class).stop();
			awaitConnections(redis, 1);
		}
		awaitConnections(redis, 0);
	}

	@Test
	void aNodeThatOnlyPublishesHasOneConnection() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		node.publish("event");
		awaitConnections(redis, 1);
		node.log.close();
		awaitConnections(redis, 0);
	}

	/**
	 * All connections are cut meanwhile, to have those of the node opened again.
	 */
	@Test
	void aPoolIsLeftToTheApplicationWhichMayUseAllOfIt() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		TestServer server = server("sse.event-log=redis", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + proxy.port(), "spring.data.redis.lettuce.pool.max-active=2",
				"spring.data.redis.lettuce.pool.max-wait=100ms");
		assertDelivers(server, "first");
		try (RedisConnection connection = server.bean(RedisConnectionFactory.class).getConnection()) {
			// one is shared, this is the other
			connection.openPipeline();
			proxy.cut();
			proxy.leadTo(redis.port());
			assertDelivers(server, "second");
		}
	}

	@Test
	void aFixedListOfServersIsFollowedToTheOneThatTookOver() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
		TestServer server = server(with(servers(primary, replica), "spring.data.redis.lettuce.read-from=replica"));
		assertDelivers(server, "first");
		EventStreamClient.await().until(() -> primary.command("WAIT", "1", "0").equals(":1\r\n"));
		assertThat(replica.command("INFO", "commandstats")).doesNotContain("cmdstat_xread:");
		replica.command("REPLICAOF", "NO", "ONE");
		primary.command("REPLICAOF", "127.0.0.1", Integer.toString(replica.port()));
		assertDelivers(server, "second");
	}

	/**
	 * It would give a connection to a server that was replaced again and again.
	 */
	@Test
	void aPoolOfConnectionsToAFixedListOfServersIsRefused() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TestServer server = server(with(servers(redis, redis), "spring.data.redis.lettuce.pool.enabled=true",
				"sse.redis.append-timeout=100ms"));
		assertThatExceptionOfType(EventLogUnavailableException.class)
			.isThrownBy(() -> server.sse().publish("feed", "failed"))
			.havingRootCause()
			.withMessageContaining("set spring.data.redis.lettuce.pool.enabled to false");
	}

	@Test
	void aServerThatNeverAnswersHoldsUpStartAndStopNoLongerThanItMay() throws IOException {
		try (ServerSocket mute = mute()) {
			long start = System.nanoTime();
			try (TestServer server = server("sse.event-log=redis", "spring.data.redis.host=127.0.0.1",
					"spring.data.redis.port=" + mute.getLocalPort(), "sse.redis.start-timeout=1s",
					"sse.redis.append-timeout=500ms")) {
				assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
				assertThatExceptionOfType(EventLogUnavailableException.class)
					.isThrownBy(() -> server.sse().publish("feed", "failed"));
				start = System.nanoTime();
			}
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
		}
	}

	@Test
	void aServerThatNeverAnswersIsUnreachableAndLeftSoonForOneThatDoes() throws IOException {
		TestRedis redis = this.closing.add(TestRedis.start());
		try (ServerSocket mute = mute()) {
			TcpProxy proxy = this.closing.add(new TcpProxy(mute.getLocalPort()));
			RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(proxy.port()));
			EventStreamClient.await().atMost(Duration.ofSeconds(5)).until(() -> !node.log.unreachableFor().isZero());
			proxy.leadTo(redis.port());
			EventStreamClient.await()
				.atMost(Duration.ofSeconds(5))
				.ignoreExceptions()
				.until(() -> node.publish("event") != null);
			EventStreamClient.await().until(() -> node.log.unreachableFor().isZero());
		}
	}

	private static void awaitConnections(TestRedis redis, int count) {
		EventStreamClient.await().until(() -> redis.connections() == count);
	}

	private static String[] servers(TestRedis one, TestRedis other) {
		return new String[] { "sse.event-log=redis",
				"spring.data.redis.masterreplica.nodes=127.0.0.1:" + one.port() + ",127.0.0.1:" + other.port() };
	}

	private static String[] with(String[] properties, String... others) {
		return Stream.concat(Stream.of(properties), Stream.of(others)).toArray(String[]::new);
	}

	private TestServer server(String... properties) {
		return this.closing.add(TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, properties));
	}

	private void assertDelivers(TestServer server, String data) {
		int before = server.registry().count();
		EventStreamClient client = this.closing.add(EventStreamClient.open(server.uri("/feed")));
		EventStreamClient.await().until(() -> server.registry().count() > before);
		EventStreamClient.await().ignoreExceptions().until(() -> server.sse().publish("feed", data) != null);
		EventStreamClient.await().until(() -> client.data().contains(data));
	}

	/**
	 * A server to which clients can connect, and that is all.
	 */
	private static ServerSocket mute() throws IOException {
		return new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
