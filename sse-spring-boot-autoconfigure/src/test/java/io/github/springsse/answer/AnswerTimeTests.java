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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.testsupport.EventStreamClient;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for timed behavior of publications: pieces are joined, and publications without
 * subscribed streams are abandoned.
 */
@Timeout(60)
class AnswerTimeTests {

	private static final SsePublishOptions JOIN = SsePublishOptions.DEFAULT.join(Duration.ofMillis(50));

	private final ManualPublisher source = new ManualPublisher();

	@Test
	void piecesAreJoinedWithinTheTime() {
		try (RecordedLog recorded = new RecordedLog()) {
			SsePublication publication = recorded.publish(this.source, JOIN);
			this.source.give("a", "b");
			awaitTaken(recorded, 2);
			recorded.timer.advanceMillis(49);
			this.source.give("c");
			awaitTaken(recorded, 3);
			assertThat(recorded.told()).containsExactly("BEGIN");
			recorded.timer.advanceMillis(1);
			recorded.awaitTold("BEGIN", "abc");
			this.source.give("d");
			awaitTaken(recorded, 4);
			recorded.timer.advanceMillis(49);
			assertThat(recorded.told()).containsExactly("BEGIN", "abc");
			this.source.complete();
			RecordedLog.await(publication);
			assertThat(recorded.told()).containsExactly("BEGIN", "abc", "d", "END");
			assertThat(recorded.timer.size()).isZero();
		}
	}

	@Test
	void whatIsNoPieceComesAfterThePiecesBefore() {
		try (RecordedLog recorded = new RecordedLog()) {
			SsePublication publication = recorded.publish(this.source, JOIN);
			this.source.give("a", "b", SseEvent.of("usage", "1"), "c", SseEvent.of("d"), 5, "e", "f");
			this.source.complete();
			RecordedLog.await(publication);
			assertThat(recorded.told()).containsExactly("BEGIN", "ab", "(usage:1)", "c", "(d)", "(json:5)", "ef",
					"END");
		}
	}

	@Test
	void whatWaitsIsToldBeforeAFailureAndACancellation() {
		try (RecordedLog recorded = new RecordedLog()) {
			SsePublication failing = recorded.publish(this.source, JOIN);
			this.source.give("a", "b");
			this.source.fail(new IllegalStateException());
			RecordedLog.await(failing);
			assertThat(recorded.told()).containsExactly("BEGIN", "ab", "(failed:{\"kind\":\"failed\"})", "END");
			recorded.entries.clear();
			ManualPublisher next = new ManualPublisher();
			SsePublication cancelled = recorded.publish(next, JOIN);
			next.give("c", "d");
			awaitTaken(recorded, 4);
			cancelled.cancel();
			RecordedLog.await(cancelled);
			assertThat(recorded.told()).containsExactly("BEGIN", "cd", "END");
			assertThat(recorded.timer.size()).isZero();
		}
	}

	@Test
	void joinedPiecesAreBounded() {
		try (RecordedLog recorded = new RecordedLog()) {
			SsePublication publication = recorded.publish(this.source, JOIN);
			String piece = "ä".repeat(1024);
			for (int i = 0; i < 9; i++) {
				this.source.give(piece);
			}
			recorded.awaitTold("BEGIN", piece.repeat(8));
			this.source.give("x".repeat(20_000));
			recorded.awaitTold("BEGIN", piece.repeat(8), piece, "x".repeat(20_000));
			publication.cancel();
			RecordedLog.await(publication);
		}
	}

	@Test
	void whatWaitsCountsAsTaken() {
		try (RecordedLog recorded = new RecordedLog()) {
			SsePublication publication = recorded.publish(this.source, JOIN);
			assertThat(this.source.subscriber()).isNotNull();
			assertThat(this.source.requested).hasValue(Source.WINDOW);
			for (int i = 0; i < Source.WINDOW / 2; i++) {
				this.source.give("p");
			}
			EventStreamClient.await().untilAtomic(this.source.requested, Matchers.is(Source.WINDOW * 3L / 2));
			publication.cancel();
			RecordedLog.await(publication);
			assertThat(recorded.told()).containsExactly("BEGIN", "p".repeat(Source.WINDOW / 2), "END");
		}
	}

	@Test
	void abandonedOnlyAfterTheWholeTimeWithoutAnybody() {
		AtomicBoolean present = new AtomicBoolean();
		AtomicInteger looks = new AtomicInteger();
		try (RecordedLog recorded = new RecordedLog((
				builder) -> builder.settings(new AnswerSettings(100, 1000, Duration.ofSeconds(4))).presence((topic) -> {
					looks.incrementAndGet();
					return present.get();
				}))) {
			SsePublication publication = recorded.publish(this.source);
			this.source.give("a");
			for (int second = 1; second <= 3; second++) {
				assertNextLook(recorded, looks, second);
			}
			present.set(true);
			assertNextLook(recorded, looks, 4);
			// NOTE: the stream may have left just before the next check
			present.set(false);
			for (int second = 5; second <= 8; second++) {
				assertNextLook(recorded, looks, second);
			}
			EventStreamClient.await().until(() -> recorded.timer.size() == 1);
			recorded.timer.advanceMillis(999);
			assertThat(looks).hasValue(8);
			assertThat(publication.state()).isEqualTo(State.RUNNING);
			recorded.timer.advanceMillis(1);
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
			assertThat(recorded.told()).containsExactly("BEGIN", "a", "END");
			EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
			assertThat(recorded.engine.statistics().ended(SseAnswerOutcome.ABANDONED)).isOne();
			assertThat(recorded.engine.statistics().nanos(SseAnswerOutcome.ABANDONED)).isEqualTo(9_000_000_000L);
			assertThat(recorded.timer.size()).isZero();
		}
	}

	@Test
	void optionsSayWhenItIsAbandonedAndFailedLooksAreNoAbsence() {
		AtomicInteger looks = new AtomicInteger();
		try (RecordedLog recorded = new RecordedLog(
				(builder) -> builder.settings(new AnswerSettings(100, 1000, Duration.ofHours(1))).presence((topic) -> {
					if (looks.incrementAndGet() < 20) {
						throw new IllegalStateException("Redis is away");
					}
					return false;
				}))) {
			SsePublication publication = recorded.publish(this.source,
					SsePublishOptions.DEFAULT.abandonAfter(Duration.ofMillis(200)));
			// NOTE: the first check that does not fail is the twentieth
			for (int i = 1; i <= 21; i++) {
				int expected = i;
				EventStreamClient.await().until(() -> recorded.timer.size() == 1);
				recorded.timer.advanceMillis(100);
				EventStreamClient.await().untilAtomic(looks, Matchers.is(expected));
			}
			assertThat(publication.state()).isEqualTo(State.RUNNING);
			EventStreamClient.await().until(() -> recorded.timer.size() == 1);
			recorded.timer.advanceMillis(100);
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		}
	}

	@Test
	void neverAbandonedByDefault() {
		try (RecordedLog recorded = new RecordedLog((builder) -> builder.presence((topic) -> false))) {
			SsePublication publication = recorded.publish(this.source);
			this.source.give("a");
			recorded.awaitTold("BEGIN", "a");
			assertThat(recorded.timer.size()).isZero();
			publication.cancel();
		}
	}

	private void assertNextLook(RecordedLog recorded, AtomicInteger looks, int count) {
		EventStreamClient.await().until(() -> recorded.timer.size() == 1);
		recorded.timer.advanceMillis(1000);
		EventStreamClient.await().untilAtomic(looks, Matchers.is(count));
		assertThat(recorded.engine.running()).isOne();
	}

	private static void awaitTaken(RecordedLog recorded, int pieces) {
		EventStreamClient.await().until(() -> recorded.engine.statistics().pieces() == pieces);
	}

}
