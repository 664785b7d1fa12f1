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
import java.time.Instant;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.TriggerContext;
import org.springframework.stereotype.Service;

/**
 * Simulates visitors at random times, one after the other, up to a maximum number.
 *
 * @since 0.1.0
 */
@Service
public class BusyDay {

	private final Visitor visitor;

	private final TaskScheduler scheduler;

	private final SseOperations sse;

	private final BusyDayProperties properties;

	// Guarded by this
	private @Nullable ScheduledFuture<?> day;

	private int visitors;

	BusyDay(Visitor visitor, TaskScheduler scheduler, SseOperations sse, BusyDayProperties properties) {
		this.visitor = visitor;
		this.scheduler = scheduler;
		this.sse = sse;
		this.properties = properties;
	}

	synchronized BusyDayState start() {
		if (this.day == null) {
			this.visitors = 0;
			this.day = this.scheduler.schedule(this::visit, this::nextVisit);
			publishState();
		}
		return state();
	}

	synchronized BusyDayState stop() {
		if (this.day != null) {
			this.day.cancel(false);
			this.day = null;
			publishState();
		}
		return state();
	}

	/**
	 * Return the state of the busy day.
	 * @return the current state
	 */
	public synchronized BusyDayState state() {
		return new BusyDayState(this.day != null, this.visitors, this.properties.visitors());
	}

	private void visit() {
		try {
			this.visitor.visit();
		}
		finally {
			countVisitor();
		}
	}

	private synchronized void countVisitor() {
		this.visitors++;
		if (this.visitors >= this.properties.visitors()) {
			stop();
		}
		else {
			publishState();
		}
	}

	private Instant nextVisit(TriggerContext context) {
		Duration shortest = this.properties.shortestPause();
		Duration longest = this.properties.longestPause();
		return Instant.now()
			.plusMillis(ThreadLocalRandom.current().nextLong(shortest.toMillis(), longest.toMillis() + 1));
	}

	private void publishState() {
		this.sse.publish("simulation", SseEvent.of("busy-day", state()));
	}

}
