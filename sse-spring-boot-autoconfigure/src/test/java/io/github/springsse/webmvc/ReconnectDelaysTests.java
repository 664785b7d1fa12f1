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

package io.github.springsse.webmvc;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReconnectDelays}.
 */
class ReconnectDelaysTests {

	private static final Duration WITHIN = Duration.ofSeconds(5);

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

	@Test
	void fewComeBackWithinTheConfiguredTime() {
		ReconnectDelays delays = new ReconnectDelays(WITHIN, 500, this.now::get);
		Duration longest = Duration.ZERO;
		for (int i = 0; i < 10_000; i++) {
			this.now.addAndGet(SECOND / 400);
			Duration delay = delays.next();
			assertThat(delay).isBetween(Duration.ZERO, WITHIN);
			longest = (delay.compareTo(longest) > 0) ? delay : longest;
		}
		assertThat(longest).isGreaterThan(Duration.ofSeconds(4));
	}

	/**
	 * Without longer delays, 14,000 clients would send 5600 requests a second, and 50,000
	 * clients 20,000 requests.
	 */
	@ParameterizedTest
	@CsvSource({ "14000, 500", "50000, 500", "3000, 100" })
	void manyThatAreAlwaysRefusedComeBackAtTheRate(int clients, int rate) {
		ReconnectDelays delays = new ReconnectDelays(WITHIN, rate, this.now::get);
		long start = this.now.get();
		Queue<Long> due = new PriorityQueue<>();
		for (int i = 0; i < clients; i++) {
			due.add(0L);
		}
		int late = 0;
		long end = TimeUnit.MINUTES.toNanos(20);
		long measured = TimeUnit.MINUTES.toNanos(10);
		long next;
		while ((next = due.remove()) < end) {
			late += (next >= measured) ? 1 : 0;
			this.now.set(start + next);
			due.add(next + delays.next().toNanos());
		}
		assertThat(late / 600.0).isBetween(0.9 * rate, 1.2 * rate);
	}

	@Test
	void theTimeIsNeverLongerThanFiveMinutesAndIsShortAgainAfterwards() {
		ReconnectDelays delays = new ReconnectDelays(WITHIN, 1, this.now::get);
		Duration longest = Duration.ZERO;
		for (int i = 0; i < 10_000; i++) {
			Duration delay = delays.next();
			longest = (delay.compareTo(longest) > 0) ? delay : longest;
		}
		assertThat(longest).isBetween(Duration.ofMinutes(4), ReconnectDelays.LONGEST);
		this.now.addAndGet(ReconnectDelays.LONGEST.toNanos());
		for (int i = 0; i < 5; i++) {
			assertThat(delays.next()).isLessThanOrEqualTo(WITHIN);
		}
	}

	@Test
	void aLongerConfiguredTimeIsKept() {
		ReconnectDelays delays = new ReconnectDelays(Duration.ofHours(1), 1, this.now::get);
		Duration longest = Duration.ZERO;
		for (int i = 0; i < 10_000; i++) {
			Duration delay = delays.next();
			longest = (delay.compareTo(longest) > 0) ? delay : longest;
		}
		assertThat(longest).isBetween(Duration.ofMinutes(50), Duration.ofHours(1));
	}

	@Test
	void anyNumberMayComeBackWhereThereIsNoRate() {
		ReconnectDelays delays = new ReconnectDelays(WITHIN, 0, this.now::get);
		for (int i = 0; i < 100_000; i++) {
			assertThat(delays.next()).isLessThanOrEqualTo(WITHIN);
		}
	}

	@Test
	void thoseThatAreExpectedSoonDoNotWaitForOthers() {
		ReconnectDelays delays = new ReconnectDelays(WITHIN, 1, this.now::get);
		for (int i = 0; i < 1000; i++) {
			delays.next();
			assertThat(delays.soon()).isLessThanOrEqualTo(WITHIN);
		}
	}

}
