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

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the effects of an outage of Redis on clients.
 */
@Tag("long")
class RedisOutageTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	private TestServer server(int redisPort, String... properties) {
		return this.closing
			.add(TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, Stream
				.concat(Stream.of("sse.event-log=redis", "spring.data.redis.port=" + redisPort,
						"spring.data.redis.host=127.0.0.1", "sse.heartbeat.interval=200ms",
						"sse.redis.append-timeout=2s", "sse.shutdown.reconnect-within=100ms"), Stream.of(properties))
				.toArray(String[]::new)));
	}

	private EventStreamClient open(TestServer server, String path, String... headers) {
		int before = server.registry().count();
		EventStreamClient client = this.closing.add(EventStreamClient.open(server.uri(path), headers));
		EventStreamClient.await().until(() -> server.registry().count() > before);
		return client;
	}

	private static String data(EventStreamClient client, int index) {
		return client.events().get(index).name() + " " + client.events().get(index).data();
	}

	@Test
	void streamsStayOpenAndAreKeptAliveWhileRedisIsAwayAndMissNothing() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		TestServer server = server(redis.port());
		EventStreamClient client = open(server, "/feed");
		server.sse().publish("feed", "before");
		client.awaitEvents(1);
		redis.kill();
		assertThatExceptionOfType(EventLogUnavailableException.class)
			.isThrownBy(() -> server.sse().publish("feed", "failed"));
		int lines = client.lines().size();
		TestRedis.await().until(() -> client.lines().size() > lines + 4);
		assertThat(client.lines().subList(lines, lines + 4)).containsOnly(": heartbeat");
		redis.restart();
		String after = Attempts.untilTaken("after", (data) -> server.sse().publish("feed", data));
		TestRedis.await().until(() -> client.data().contains(after));
		assertThat(client.isEnded()).isFalse();
		assertThat(client.data()).startsWith("before").doesNotHaveDuplicates();
		assertThat(client.events()).noneMatch((event) -> "gap".equals(event.name()));
	}

	@Test
	void clientsAreToldWhenRedisWasEmptied() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TestServer server = server(redis.port());
		TestServer other = server(redis.port());
		EventStreamClient here = open(server, "/feed");
		EventStreamClient there = open(other, "/feed");
		String id = server.sse().publish("feed", "before");
		redis.restart();
		TestRedis.await().ignoreExceptions().until(() -> server.sse().publish("feed", "after") != null);
		for (EventStreamClient client : List.of(here, there)) {
			client.awaitEvents(3);
			assertThat(data(client, 0)).isEqualTo("null before");
			assertThat(data(client, 1)).startsWith("gap ").contains("\"after\":\"" + id, "\"reason\":\"restarted\"");
			assertThat(data(client, 2)).isEqualTo("null after");
		}
		EventStreamClient back = open(other, "/feed", "Last-Event-ID", id);
		EventStreamClient backWithSnapshot = open(other, "/snapshot", "Last-Event-ID", id);
		server.sse().publish("feed", "last");
		back.awaitEvents(2);
		assertThat(data(back, 0)).startsWith("gap ").contains("\"reason\":\"restarted\"");
		assertThat(data(back, 1)).isEqualTo("null last");
		backWithSnapshot.awaitEvents(2);
		assertThat(backWithSnapshot.data()).containsExactly("snapshot", "last");
	}

	@Test
	void clientsAreToldWhenAServerTookOverThatWasBehind() {
		TestRedis primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(primary.port()));
		TestServer server = server(proxy.port());
		EventStreamClient client = open(server, "/feed");
		server.sse().publish("feed", "replicated");
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(primary.port()));
		TestRedis.await().until(() -> replica.command("XLEN", "{sse}:log").equals(":2\r\n"));
		replica.command("REPLICAOF", "NO", "ONE");
		server.sse().publish("feed", "lost");
		client.awaitEvents(2);
		proxy.cut();
		proxy.leadTo(replica.port());
		TestRedis.await().until(() -> client.events().size() == 3);
		assertThat(data(client, 2)).startsWith("gap ").contains("\"reason\":\"evicted\"");
		TestRedis.await().ignoreExceptions().until(() -> server.sse().publish("feed", "after") != null);
		TestRedis.await().until(() -> client.data().contains("after"));
	}

	/**
	 * A stream that was opened when nothing was known of the log is closed when it is:
	 * its client comes back, and gets the snapshot again.
	 */
	@Test
	void aNodeThatStartsWithoutRedisServesSnapshotsAndThenEverything() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		server(redis.port()).sse().publish("feed", "long before");
		redis.kill();
		TestServer server = server(redis.port());
		EventStreamClient early = open(server, "/snapshot");
		EventStreamClient earlyWithout = open(server, "/feed");
		early.awaitEvents(1);
		String id = early.events().get(0).id();
		redis.restart();
		early.awaitEnd();
		earlyWithout.awaitEnd();
		assertThat(early.data()).containsExactly("snapshot");
		assertThat(earlyWithout.data()).isEmpty();
		TestRedis.await().ignoreExceptions().until(() -> server.sse().publish("feed", "missed") != null);
		EventStreamClient client = open(server, "/snapshot", "Last-Event-ID", id);
		server.sse().publish("feed", "after");
		client.awaitEvents(2);
		assertThat(client.data()).containsExactly("snapshot", "after");
		EventStreamClient clientWithout = open(server, "/feed", "Last-Event-ID", id);
		clientWithout.awaitEvents(1);
		assertThat(data(clientWithout, 0)).startsWith("gap ").contains("\"reason\":\"restarted\"");
	}

	@Test
	void clientsOfANodeThatWasAwayForLongerThanRedisKeepsEntriesAreTold() {
		TestRedis redis = this.closing.add(TestRedis.start("--stream-node-max-entries", "10"));
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		TestServer away = server(proxy.port(), "sse.redis.max-length=1000");
		TestServer other = server(redis.port(), "sse.redis.max-length=1000");
		EventStreamClient client = open(away, "/feed");
		EventStreamClient clientOfOther = open(other, "/feed");
		String id = other.sse().publish("feed", "before");
		client.awaitEvents(1);
		proxy.cut();
		for (int i = 0; i < 2000; i++) {
			other.sse().publish("others", "missed");
		}
		other.sse().publish("feed", "kept");
		proxy.leadTo(redis.port());
		client.awaitEvents(3);
		assertThat(data(client, 0)).isEqualTo("null before");
		assertThat(data(client, 1)).startsWith("gap ").contains("\"after\":\"" + id, "\"reason\":\"evicted\"");
		assertThat(data(client, 2)).isEqualTo("null kept");
		clientOfOther.awaitEvents(2);
		assertThat(clientOfOther.data()).containsExactly("before", "kept");
	}

	/**
	 * What the driver does by itself after a long time would be to wait long, too: after
	 * nine seconds, for seven more.
	 */
	@Test
	void publishingGoesOnSoonAfterALongOutage() {
		TestRedis redis = this.closing.add(TestRedis.persistent());
		TestServer server = server(redis.port());
		server.sse().publish("feed", "before");
		redis.kill();
		TestRedis.await().until(() -> server.bean(RedisEventLog.class).unreachableFor().toSeconds() >= 9);
		redis.restart();
		EventStreamClient.await()
			.atMost(Duration.ofSeconds(5))
			.ignoreExceptions()
			.until(() -> server.sse().publish("feed", "after") != null);
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/snapshot")
		@SseTopic("feed")
		String snapshot() {
			return "snapshot";
		}

	}

}
