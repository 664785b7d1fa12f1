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

package io.github.springsse.limits;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenBucket}.
 */
class TokenBucketTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 10);

	@Test
	void hasTheTokensOfOneSecondAtOnce() {
		TokenBucket bucket = new TokenBucket(3, this.now::get);
		assertThat(take(bucket, 5)).isEqualTo(3);
		this.now.addAndGet(Duration.ofMillis(333).toNanos());
		assertThat(take(bucket, 5)).isZero();
		this.now.addAndGet(Duration.ofMillis(1).toNanos());
		assertThat(take(bucket, 5)).isOne();
		this.now.addAndGet(Duration.ofHours(1).toNanos());
		assertThat(take(bucket, 5)).as("none are saved for longer than a second").isEqualTo(3);
	}

	@Test
	void givesEachTokenOnce() throws Exception {
		TokenBucket bucket = new TokenBucket(1000, this.now::get);
		ExecutorService threads = Executors.newFixedThreadPool(8);
		Callable<Integer> taking = () -> take(bucket, 1000);
		int taken = 0;
		for (var result : threads.invokeAll(Stream.generate(() -> taking).limit(8).collect(Collectors.toList()))) {
			taken += result.get();
		}
		threads.shutdown();
		assertThat(taken).isEqualTo(1000);
	}

	private static int take(TokenBucket bucket, int tries) {
		return (int) IntStream.range(0, tries).filter((i) -> bucket.tryTake()).count();
	}

}
