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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogReader}.
 */
@Tag("long")
class LogReaderTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	/**
	 * All that is there takes longer than an answer may.
	 */
	@Test
	void fewerEntriesAreReadAtOnceWhereTheyAreLargeAndTheWayIsNarrow() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode publisher = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		IntStream.range(0, 20).forEach((i) -> publisher.publish(i + " " + "x".repeat(200_000)));
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port()));
		proxy.limit(1_000_000);
		RedisNode node = this.closing.add(new RedisNode(proxy.port()));
		EventStreamClient.await().atMost(Duration.ofSeconds(30)).until(() -> !node.recorder.starts.isEmpty());
		assertThat(node.recorder.history).hasSize(20);
	}

	@Test
	void anEntryThatCouldNotBeHandedOverIsAGap() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		node.publish("failed before");
		List<String> got = new CopyOnWriteArrayList<>();
		node.log.follow(EventId.MIN, new EventLog.Follower() {

			@Override
			public void onEntry(EventId id, LogEntry entry) {
				if (entry.data().startsWith("failed")) {
					throw new OutOfMemoryError("for this test");
				}
				got.add(entry.data());
			}

			@Override
			public void onHistory(EventId id, LogEntry entry, Duration age) {
				onEntry(id, entry);
			}

			@Override
			public void onStart(EventId head) {
				got.clear();
			}

			@Override
			public void onGap(EventId until, EventLog.Loss loss) {
				got.add(loss + " until " + until);
			}

		});
		assertThat(node.log.losses()).isOne();
		node.publish("1");
		EventId failed = node.publish("failed");
		node.publish("2");
		EventStreamClient.await().until(() -> got.contains("2"));
		assertThat(got).containsExactly("1", "EVICTED until " + failed, "2");
		assertThat(node.log.losses()).isEqualTo(2);
	}

	@Test
	void followerThatLeavesItsThreadInterruptedGetsWhatComesNext() {
		TestRedis redis = this.closing.add(TestRedis.start());
		RedisNode node = this.closing.add(RedisNode.thatOnlyPublishes(redis.port()));
		List<String> got = new CopyOnWriteArrayList<>();
		node.log.follow(EventId.MIN, (id, entry) -> {
			got.add(entry.data());
			Thread.currentThread().interrupt();
		});
		node.publish("1");
		EventStreamClient.await().until(() -> got.contains("1"));
		node.publish("2");
		EventStreamClient.await().until(() -> got.contains("2"));
		assertThat(got).containsExactly("1", "2");
	}

}
