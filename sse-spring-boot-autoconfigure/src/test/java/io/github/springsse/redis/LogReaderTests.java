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
import java.util.stream.IntStream;

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

}
