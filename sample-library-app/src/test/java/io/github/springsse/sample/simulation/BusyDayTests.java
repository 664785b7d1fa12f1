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

package io.github.springsse.sample.simulation;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.BDDMockito.then;
import static org.mockito.BDDMockito.willThrow;
import static org.mockito.Mockito.atLeastOnce;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;

/**
 * Tests for {@link BusyDay}.
 */
class BusyDayTests {

	private static final BusyDayState NOT_BEGUN = new BusyDayState(false, 0, 5);

	private static final BusyDayState OVER = new BusyDayState(false, 5, 5);

	private final Visitor visitor = mock(Visitor.class);

	private final SseOperations sse = mock(SseOperations.class);

	private final ThreadPoolTaskScheduler scheduler = new ThreadPoolTaskScheduler();

	private final List<Throwable> errors = new CopyOnWriteArrayList<>();

	@BeforeEach
	void startScheduler() {
		this.scheduler.setRemoveOnCancelPolicy(true);
		this.scheduler.setErrorHandler((ex) -> this.errors.add(ex));
		this.scheduler.initialize();
	}

	@AfterEach
	void stopScheduler() {
		this.scheduler.shutdown();
	}

	@Test
	void dayEndsAfterTheLastVisitor() {
		BusyDay busyDay = busyDay(Duration.ofMillis(1), Duration.ofMillis(5));
		assertThat(busyDay.state()).isEqualTo(NOT_BEGUN);
		assertThat(busyDay.start().running()).isTrue();
		Awaitility.await().until(busyDay::state, OVER::equals);
		then(this.visitor).should(times(5)).visit();
		ArgumentCaptor<SseEvent> events = ArgumentCaptor.forClass(SseEvent.class);
		then(this.sse).should(atLeastOnce()).publish(eq("simulation"), events.capture());
		assertThat(events.getAllValues()).extracting(SseEvent::getData).contains(new BusyDayState(true, 1, 5), OVER);
	}

	@Test
	void dayBeginsAnewAfterItsEnd() {
		BusyDay busyDay = busyDay(Duration.ofMillis(1), Duration.ofMillis(1));
		busyDay.start();
		Awaitility.await().until(busyDay::state, OVER::equals);
		busyDay.start();
		Awaitility.await().until(busyDay::state, OVER::equals);
		then(this.visitor).should(times(10)).visit();
	}

	@Test
	void startingTwiceIsStartingOnce() {
		BusyDay busyDay = busyDay(Duration.ofMillis(1), Duration.ofMillis(5));
		busyDay.start();
		busyDay.start();
		Awaitility.await().until(busyDay::state, OVER::equals);
		then(this.visitor).should(times(5)).visit();
	}

	@Test
	void stoppedDayHasNoVisitors() {
		BusyDay busyDay = busyDay(Duration.ofMinutes(1), Duration.ofMinutes(1));
		busyDay.start();
		assertThat(busyDay.stop()).isEqualTo(NOT_BEGUN);
		assertThat(this.scheduler.getScheduledThreadPoolExecutor().getQueue()).isEmpty();
		then(this.visitor).shouldHaveNoInteractions();
	}

	@Test
	void dayGoesOnAfterAVisitorWhoFails() {
		IllegalStateException failure = new IllegalStateException("out of order");
		willThrow(failure).willDoNothing().given(this.visitor).visit();
		BusyDay busyDay = busyDay(Duration.ofMillis(1), Duration.ofMillis(1));
		busyDay.start();
		Awaitility.await().until(busyDay::state, OVER::equals);
		then(this.visitor).should(times(5)).visit();
		assertThat(this.errors).containsExactly(failure);
	}

	private BusyDay busyDay(Duration shortestPause, Duration longestPause) {
		return new BusyDay(this.visitor, this.scheduler, this.sse,
				new BusyDayProperties(5, shortestPause, longestPause));
	}

}
