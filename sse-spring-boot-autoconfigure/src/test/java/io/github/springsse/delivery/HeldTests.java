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

package io.github.springsse.delivery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.TopicPattern;
import io.github.springsse.log.InMemoryEventLog;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the resources that streams hold, and for their release.
 */
class HeldTests {

	private final Delivery delivery = new Delivery(new InMemoryEventLog(1), Object::toString,
			DeliverySettings.builder().maxStreams(1).build());

	private final AtomicInteger held = new AtomicInteger();

	private final AtomicInteger opening = new AtomicInteger();

	@AfterEach
	void close() {
		this.delivery.close();
	}

	@Test
	void streamThatIsNotOpenedLetsGoAtOnceThoughTheDeliveryThreadIsBusy() {
		CountDownLatch busy = new CountDownLatch(1);
		DeliveredStream stream = newStream();
		stream.loop().post(() -> await(busy));
		assertThat(this.delivery.admit(stream)).isTrue();
		hold(stream);
		assertThat(this.delivery.admit(newStream())).isFalse();
		stream.abandon(CloseReason.FAILED);
		assertThat(this.held).hasValue(0);
		assertThat(this.opening).hasValue(0);
		DeliveredStream failed = newStream();
		assertThat(this.delivery.admit(failed)).isTrue();
		hold(failed);
		failed.abandon(new IllegalStateException("Failed"));
		assertThat(this.held).hasValue(0);
		assertThat(this.delivery.admit(newStream())).isTrue();
		busy.countDown();
		Awaitility.await().until(() -> stream.isClosed() && failed.isClosed());
		assertThat(this.held).hasValue(0);
		assertThat(this.opening).hasValue(0);
		assertThat(this.delivery.admit(newStream())).isFalse();
	}

	@Test
	void openStreamHoldsOnUntilItIsClosed() {
		DeliveredStream stream = newStream();
		hold(stream);
		CountDownLatch busy = new CountDownLatch(1);
		stream.loop().post(() -> await(busy));
		this.delivery.open(stream, new FakeTransport(), null, stream.getCursor(), List.of());
		stream.abandon(CloseReason.FAILED);
		assertThat(this.held).hasValue(1);
		assertThat(this.opening).hasValue(1);
		busy.countDown();
		Awaitility.await().until(stream::isClosed);
		Awaitility.await().until(() -> this.held.get() == 0 && this.opening.get() == 0);
		assertThat(this.delivery.streamCount()).isZero();
	}

	@Test
	void streamThatIsOpenedAndAbandonedAtTheSameTimeLetsGoOnce() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			for (int i = 0; i < 500; i++) {
				DeliveredStream stream = newStream();
				assertThat(this.delivery.admit(stream)).isTrue();
				hold(stream);
				CyclicBarrier both = new CyclicBarrier(2);
				Future<?> opening = threads.submit(() -> {
					both.await();
					this.delivery.open(stream, new FakeTransport(), null, stream.getCursor(), List.of());
					return null;
				});
				Future<?> abandoning = threads.submit(() -> {
					both.await();
					stream.abandon(CloseReason.FAILED);
					return null;
				});
				opening.get();
				abandoning.get();
				Awaitility.await().pollInterval(Duration.ofNanos(1000)).until(stream::isClosed);
				Awaitility.await().pollInterval(Duration.ofNanos(1000)).until(() -> this.held.get() <= 0);
				assertThat(this.held).hasValue(0);
			}
			Awaitility.await().until(() -> this.delivery.streamCount() == 0);
			Awaitility.await().until(() -> this.opening.get() <= 0);
			assertThat(this.opening).hasValue(0);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private DeliveredStream newStream() {
		return this.delivery.newStream(List.of(TopicPattern.of("topic")), this.delivery.position());
	}

	private void hold(DeliveredStream stream) {
		this.held.incrementAndGet();
		stream.hold(this.held::decrementAndGet);
		this.opening.incrementAndGet();
		stream.holdWhileOpening(this.opening::decrementAndGet);
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
