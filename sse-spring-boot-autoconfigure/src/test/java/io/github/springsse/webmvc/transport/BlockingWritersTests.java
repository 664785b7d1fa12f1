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

package io.github.springsse.webmvc.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletRequest;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.mockito.BDDMockito.given;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link BlockingWriters}.
 */
class BlockingWritersTests {

	/** More than there are threads. */
	private static final int MANY = 300;

	private static final int THREADS_OF_CONNECTION = 8;

	private final BlockingWriters writers = new BlockingWriters();

	private final CountDownLatch stalled = new CountDownLatch(1);

	private final AtomicInteger begun = new AtomicInteger();

	private final List<Integer> ended = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() {
		this.stalled.countDown();
		this.writers.close();
	}

	@Test
	void stalledConnectionsTakeAFewThreadsEach() throws InterruptedException {
		stall(request("a"), MANY);
		stall(request("b"), MANY);
		assertThatOneIsMadeAtOnce(request("c"));
		Awaitility.await().until(() -> this.begun.get() == 2 * THREADS_OF_CONNECTION);
		this.stalled.countDown();
		Awaitility.await().until(() -> this.ended.size() == 2 * MANY);
		assertThatNothingIsKept();
	}

	@Test
	void writesOfOneConnectionThatWaitBeginInTheirOrder() {
		List<Integer> order = new CopyOnWriteArrayList<>();
		stall(request("a"), THREADS_OF_CONNECTION - 1);
		CountDownLatch last = new CountDownLatch(1);
		this.writers.of(request("a")).execute(() -> await(last));
		for (int i = 0; i < MANY; i++) {
			int number = i;
			this.writers.of(request("a")).execute(() -> order.add(number));
		}
		last.countDown();
		Awaitility.await().until(() -> order.size() == MANY);
		assertThat(order).isSorted();
	}

	@Test
	void nothingIsKeptOfAConnectionThatIsNotBeingWrittenTo() throws InterruptedException {
		Executor executor = this.writers.of(request("a"));
		assertThatNothingIsKept();
		for (int i = 0; i < MANY; i++) {
			executor.execute(this.begun::incrementAndGet);
		}
		Awaitility.await().until(() -> this.begun.get() == MANY);
		assertThatNothingIsKept();
		assertThatOneIsMadeAtOnce(request("a"));
	}

	@Test
	void writeThatFailsHoldsUpNoOther() {
		Executor executor = this.writers.of(request("a"));
		int count = 2 * THREADS_OF_CONNECTION;
		for (int i = 0; i < count; i++) {
			executor.execute(() -> {
				this.begun.incrementAndGet();
				throw new SilentError();
			});
		}
		Awaitility.await().dontCatchUncaughtExceptions().until(() -> this.begun.get() == count);
		assertThatNothingIsKept();
	}

	@Test
	void requestsThatDoNotSayByWhatConnectionTheyCameDoNotWaitForEachOther() throws InterruptedException {
		ServletRequest throwing = mock();
		given(throwing.getServletConnection()).willThrow(UnsupportedOperationException.class);
		for (ServletRequest request : List.of(new MockHttpServletRequest(), request(null), request(""),
				mock(ServletRequest.class), throwing)) {
			stall(request, THREADS_OF_CONNECTION);
			assertThatOneIsMadeAtOnce(request);
		}
	}

	@Test
	void nothingIsTakenAfterwards() {
		Executor executor = this.writers.of(request("a"));
		stall(request("a"), MANY);
		this.writers.close();
		assertThatExceptionOfType(RejectedExecutionException.class).isThrownBy(() -> executor.execute(() -> {
		}));
		// the threads were interrupted
		assertThatNothingIsKept();
		assertThat(this.begun).hasValueLessThanOrEqualTo(THREADS_OF_CONNECTION);
	}

	private void assertThatOneIsMadeAtOnce(ServletRequest request) throws InterruptedException {
		CountDownLatch made = new CountDownLatch(1);
		this.writers.of(request).execute(made::countDown);
		assertThat(made.await(20, TimeUnit.SECONDS)).isTrue();
	}

	private void assertThatNothingIsKept() {
		Awaitility.await()
			.dontCatchUncaughtExceptions()
			.untilAsserted(
					() -> assertThat((Map<?, ?>) ReflectionTestUtils.getField(this.writers, "connections")).isEmpty());
	}

	private void stall(ServletRequest request, int count) {
		List<Executor> streams = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			streams.add(this.writers.of(request));
		}
		for (int i = 0; i < count; i++) {
			int number = i;
			streams.get(i).execute(() -> {
				this.begun.incrementAndGet();
				await(this.stalled);
				this.ended.add(number);
			});
		}
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static ServletRequest request(@Nullable String connectionId) {
		ServletConnection connection = mock();
		given(connection.getConnectionId()).willReturn(connectionId);
		ServletRequest request = mock();
		given(request.getServletConnection()).willReturn(connection);
		return request;
	}

	/**
	 * Ends a thread that is replaced, without a word.
	 */
	private static final class SilentError extends Error {

		private SilentError() {
			super("expected", null, false, false);
		}

	}

}
