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
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PresenceDirectory.Subscribers;
import io.github.springsse.SseCluster;
import io.github.springsse.SseClusterTemplate;
import io.github.springsse.TopicPattern;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisPresence} with a Redis that loses data.
 */
@Tag("long")
class RedisPresenceTests {

	private static final Subscribers ANN = new Subscribers(List.of("topic"), "ann", 1);

	private static final Subscribers BOB = new Subscribers(List.of("topic"), "bob", 1);

	@RegisterExtension
	private final Closing closing = new Closing();

	@Test
	void whatRedisHasLostIsWrittenAgainInTime() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisPresence other = presence(redis.port(), Duration.ofHours(1), List.of());
		presence(redis.port(), Duration.ofMillis(500), List.of(ANN, BOB));
		awaitAnnAndBob(other);
		lose(redis);
		awaitAnnAndBob(other);
	}

	/**
	 * With an interval of which fifteen would take too long.
	 */
	@Test
	void whatRedisHasLostIsWrittenAgainAfterAnOutage() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		RedisPresence other = presence(redis.port(), Duration.ofHours(1), List.of());
		RedisNode node = node(proxy.port(), Duration.ofSeconds(3));
		new RedisPresence(node.log, () -> List.of(ANN, BOB));
		awaitAnnAndBob(other);
		proxy.cut();
		TestRedis.await().until(() -> !node.log.unreachableFor().isZero());
		lose(redis);
		proxy.leadTo(redis.port());
		awaitAnnAndBob(other);
	}

	/**
	 * 10 topics, and 200 users on each.
	 */
	@Test
	void askingReadsOnceInHalfAnIntervalAndParsesEachSubscriptionOnce() {
		TestRedis redis = this.closing.add(TestRedis.start());
		presence(redis.port(), Duration.ofMillis(500),
				IntStream.range(0, 2000)
					.mapToObj((i) -> new Subscribers(List.of("room/" + i % 10), "user" + i, 1))
					.toList());
		AtomicLong now = new AtomicLong();
		AtomicInteger parsed = new AtomicInteger();
		RedisEventLog log = node(redis.port(), Duration.ofHours(1)).log;
		SseCluster cluster = new SseClusterTemplate(log, new RedisPresence(log, List::of, now::get, (pattern) -> {
			parsed.incrementAndGet();
			return TopicPattern.of(pattern);
		}));
		TestRedis.await().until(() -> {
			now.addAndGet(Duration.ofSeconds(1).toNanos());
			return cluster.presence("room/1").streams() == 200;
		});
		redis.command("CONFIG", "RESETSTAT");
		for (int i = 0; i < 100; i++) {
			assertThat(cluster.presence("room/" + i % 10).users()).hasSize(200).contains("user" + i % 10);
		}
		assertThat(redis.command("INFO", "commandstats")).doesNotContain("cmdstat_hgetall");
		now.addAndGet(Duration.ofSeconds(1).toNanos());
		assertThat(cluster.presence("room/2").streams()).isEqualTo(200);
		assertThat(redis.command("INFO", "commandstats")).contains("cmdstat_hgetall:calls=1,");
		assertThat(parsed).hasValue(10);
	}

	private static void awaitAnnAndBob(RedisPresence presence) {
		TestRedis.await()
			.ignoreExceptionsInstanceOf(EventLogUnavailableException.class)
			.untilAsserted(() -> assertThat(presence.subscribers()).containsExactlyInAnyOrder(ANN, BOB));
	}

	/**
	 * Have Redis be as if it had lost the last that was written.
	 */
	private static void lose(TestRedis redis) {
		String keys = redis.command("KEYS", "{sse}:presence:*");
		String key = keys.lines().filter((line) -> line.startsWith("{sse}")).findFirst().orElseThrow();
		assertThat(redis.command("HDEL", key, "topic\n\nbob")).isEqualTo(":1\r\n");
		assertThat(redis.command("HSET", key, "topic\n\ngone", "1")).isEqualTo(":1\r\n");
	}

	private RedisPresence presence(int port, Duration interval, Collection<Subscribers> local) {
		return new RedisPresence(node(port, interval).log, () -> local);
	}

	private RedisNode node(int port, Duration interval) {
		return this.closing.add(RedisNode.thatOnlyPublishes(port, new RedisLogSettings("sse", 1000, Duration.ofHours(1),
				1_000_000, Duration.ofHours(1), Duration.ofSeconds(1), Duration.ofSeconds(5), 0, 0, interval)));
	}

}
