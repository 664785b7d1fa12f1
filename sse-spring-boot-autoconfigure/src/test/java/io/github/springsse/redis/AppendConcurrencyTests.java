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
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the events of many threads are in flight to Redis at the same time.
 */
class AppendConcurrencyTests {

	private static final Duration WAY = Duration.ofMillis(5);

	@Test
	void manyThreadsDoNotTakeTurns() throws Exception {
		try (TestRedis redis = TestRedis.start();
				TcpProxy proxy = new TcpProxy(redis.port(), WAY);
				RedisNode node = new RedisNode(proxy.port(), RedisNode.settings(100_000, 0, Duration.ofSeconds(20)))) {
			Duration one = run(node, 1, 50);
			Duration many = run(node, 32, 50);
			assertThat(one).isGreaterThan(WAY.multipliedBy(50));
			assertThat(many).as("32 times as many, by 32 threads; one took %s", one)
				.isLessThan(WAY.multipliedBy(32 * 50 / 3));
		}
	}

	private static Duration run(RedisNode node, int threads, int each) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			Callable<Boolean> task = () -> {
				for (int i = 0; i < each; i++) {
					node.publish(i);
				}
				return true;
			};
			long start = System.nanoTime();
			for (Future<Boolean> future : executor.invokeAll(Collections.nCopies(threads, task))) {
				future.get();
			}
			return Duration.ofNanos(System.nanoTime() - start);
		}
		finally {
			executor.shutdown();
		}
	}

}
