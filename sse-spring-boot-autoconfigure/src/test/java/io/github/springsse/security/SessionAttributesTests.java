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

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.mock.web.MockHttpSession;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SessionAttributes}.
 */
class SessionAttributesTests {

	@Test
	void sessionWhoseStoreIsSlowHoldsUpNoOther() throws Exception {
		CountDownLatch stored = new CountDownLatch(1);
		CountDownLatch storing = new CountDownLatch(1);
		MockHttpSession slow = new MockHttpSession(null, "slow") {

			@Override
			public void setAttribute(String name, Object value) {
				storing.countDown();
				await(stored);
				super.setAttribute(name, value);
			}

		};
		CompletableFuture<String> slowKey = CompletableFuture.supplyAsync(() -> SessionAttributes.keyFor(slow, 1),
				new SimpleAsyncTaskExecutor());
		try {
			await(storing);
			assertThat(CompletableFuture
				.supplyAsync(() -> SessionAttributes.keyFor(new MockHttpSession(null, "other"), 1),
						new SimpleAsyncTaskExecutor())
				.get(10, TimeUnit.SECONDS)).isNotNull();
		}
		finally {
			stored.countDown();
		}
		assertThat(slowKey.get(10, TimeUnit.SECONDS)).isEqualTo(SessionAttributes.key(slow));
	}

	@Test
	void streamsThatAreOpenedAtOnceGetTheSameKey() {
		for (int i = 0; i < 1000; i++) {
			MockHttpSession session = new MockHttpSession();
			List<CompletableFuture<String>> keys = Stream
				.generate(() -> CompletableFuture.supplyAsync(() -> SessionAttributes.keyFor(session, 1),
						new SimpleAsyncTaskExecutor()))
				.limit(4)
				.toList();
			assertThat(keys.stream().map(CompletableFuture::join).distinct()).hasSize(1);
		}
		assertThat(
				IntStream.range(0, 100).mapToObj((i) -> SessionAttributes.keyFor(new MockHttpSession(), 1)).distinct())
			.hasSize(100);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
