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

package io.github.springsse.answer;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests the invariants of {@link Answer} and {@link PublisherSource} with threads that
 * publish, end, fail and cancel at the same time.
 */
@Timeout(120)
@Torture
class AnswerRaceTests {

	private static final int ROUNDS = Rounds.of(600, 3000);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	@AfterEach
	void stop() {
		this.threads.shutdownNow();
	}

	@Test
	void oneEndWhoeverIsFirst() throws Exception {
		int[] states = new int[State.values().length];
		try (RecordedLog recorded = new RecordedLog()) {
			recorded.room = () -> ThreadLocalRandom.current().nextBoolean();
			for (int round = 0; round < ROUNDS; round++) {
				recorded.entries.clear();
				boolean fails = round % 2 == 0;
				ManualPublisher source = new ManualPublisher();
				SsePublication publication = recorded.publish(source, (round % 3 == 0)
						? SsePublishOptions.DEFAULT.join(Duration.ofMillis(5)) : SsePublishOptions.DEFAULT);
				CyclicBarrier barrier = new CyclicBarrier(3);
				Flow.Subscriber<? super Object> subscriber = source.subscriber();
				CompletableFuture<?> giving = run(barrier, () -> {
					for (int i = 0; i < 8; i++) {
						subscriber.onNext("" + i);
					}
					if (fails) {
						subscriber.onError(new IllegalStateException("failure"));
					}
					else {
						subscriber.onComplete();
					}
				});
				AtomicInteger won = new AtomicInteger();
				CompletableFuture<?> first = run(barrier, () -> cancel(publication, won));
				CompletableFuture<?> second = run(barrier, () -> cancel(publication, won));
				CompletableFuture.allOf(giving, first, second).get(10, TimeUnit.SECONDS);
				State state = RecordedLog.await(publication);
				states[state.ordinal()]++;
				assertRound(recorded.told(), state, fails);
				assertThat(won).hasValue((state == State.CANCELLED) ? 1 : 0);
				assertThat(source.subscriptions).hasValue(1);
				assertThat(source.cancellations).hasValueLessThanOrEqualTo(1);
				if (state != State.CANCELLED) {
					assertThat(source.cancellations).hasValue(0);
				}
			}
			assertThat(recorded.engine.running()).isZero();
		}
		assertThat(states[State.CANCELLED.ordinal()]).isPositive();
		assertThat(states[State.COMPLETED.ordinal()] + states[State.FAILED.ordinal()]).isPositive();
	}

	private static void cancel(SsePublication publication, AtomicInteger won) {
		int pause = ThreadLocalRandom.current().nextInt(2000);
		for (int i = 0; i < pause; i++) {
			Thread.onSpinWait();
		}
		if (publication.cancel()) {
			won.incrementAndGet();
		}
	}

	private static void assertRound(List<String> told, State state, boolean fails) {
		assertThat(told).first().isEqualTo("BEGIN");
		assertThat(told).last().isEqualTo("END");
		assertThat(told.stream().filter("END"::equals)).hasSize(1);
		String text = String.join("", told.subList(1, told.size() - 1)).replace("(failed:{\"kind\":\"failed\"})", "");
		assertThat("01234567").startsWith(text);
		boolean failed = told.contains("(failed:{\"kind\":\"failed\"})");
		switch (state) {
			case COMPLETED -> assertThat(text.length() == 8 && !failed && !fails).isTrue();
			case FAILED -> assertThat(text.length() == 8 && failed && fails).isTrue();
			default -> {
				assertThat(state).isEqualTo(State.CANCELLED);
				assertThat(failed).isFalse();
			}
		}
	}

	private CompletableFuture<?> run(CyclicBarrier barrier, Runnable task) {
		return CompletableFuture.runAsync(() -> {
			try {
				barrier.await(10, TimeUnit.SECONDS);
			}
			catch (Exception ex) {
				throw new IllegalStateException(ex);
			}
			task.run();
		}, this.threads);
	}

	@Test
	void cancellationBeforeTheSubscriptionCancelsWhatCameTooLate() throws Exception {
		try (RecordedLog recorded = new RecordedLog()) {
			for (int round = 0; round < ROUNDS; round++) {
				ManualPublisher source = new ManualPublisher();
				SsePublication publication = recorded.publish(source);
				publication.cancel();
				assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
				assertThat(source.subscriptions).hasValueLessThanOrEqualTo(1);
				EventStreamClient.await()
					.untilAsserted(() -> assertThat(source.cancellations.get()).isEqualTo(source.subscriptions.get()));
			}
		}
	}

	/**
	 * Either the thread of the source appends, or another thread, or both at random.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 0, 50, 100 })
	void demandIsNeverAboveTheWindow(int percentOfRoom) {
		int count = 20_000;
		AtomicLong outstanding = new AtomicLong();
		AtomicLong highest = new AtomicLong();
		AtomicLong waits = new AtomicLong();
		Flow.Publisher<Object> counting = (subscriber) -> {
			AtomicLong demand = new AtomicLong();
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long n) {
					highest.accumulateAndGet(outstanding.addAndGet(n), Math::max);
					demand.addAndGet(n);
				}

				@Override
				public void cancel() {
				}

			});
			this.threads.execute(() -> {
				for (int i = 0; i < count; i++) {
					while (demand.get() == 0) {
						waits.incrementAndGet();
						Thread.onSpinWait();
					}
					demand.decrementAndGet();
					outstanding.decrementAndGet();
					subscriber.onNext("" + i);
				}
				subscriber.onComplete();
			});
		};
		try (RecordedLog recorded = new RecordedLog()) {
			recorded.room = () -> ThreadLocalRandom.current().nextInt(100) < percentOfRoom;
			assertThat(RecordedLog.await(recorded.publish(counting))).isEqualTo(State.COMPLETED);
			assertThat(highest).hasValue(Source.WINDOW);
			if (percentOfRoom == 0) {
				assertThat(waits).hasPositiveValue();
			}
			assertThat(recorded.entries).hasSize(count + 2);
			for (int i = 0; i < count; i++) {
				assertThat(recorded.entries.get(i + 1).data()).isEqualTo("" + i);
			}
		}
	}

	@Test
	void slowLogHoldsASourceBack() throws Exception {
		SlowFollower slow = new SlowFollower(1);
		try (RecordedLog recorded = new RecordedLog()) {
			recorded.log.follow(recorded.log.head(), slow);
			AtomicInteger given = new AtomicInteger();
			SsePublication publication = recorded
				.publish(Flux.generate((sink) -> sink.next("" + given.incrementAndGet())));
			EventStreamClient.await().untilAtomic(given, Matchers.is(Source.WINDOW));
			slow.room.release(15);
			EventStreamClient.await().until(() -> recorded.entries.size() == 16);
			assertThat(given).hasValue(Source.WINDOW);
			slow.room.release(1);
			EventStreamClient.await().untilAtomic(given, Matchers.is(Source.WINDOW * 3 / 2));
			publication.cancel();
			slow.room.release(100_000);
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		}
	}

}
