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
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;

/**
 * When there is something to do for a stream to which nothing happens. Each has one
 * timer, set to the next of these moments. Owned by one thread.
 */
final class StreamTimers {

	/**
	 * What it is time for.
	 */
	enum Due {

		/** The client has taken no bytes for too long. */
		STALLED,

		/** The stream was open for the longest time allowed. */
		TIMEOUT,

		/** The stream was silent for long enough. */
		HEARTBEAT,

		/** Something has happened meanwhile. */
		NOTHING

	}

	/** How exactly timers keep time. */
	private static final Duration TICK = Duration.ofMillis(50);

	private final DeliverySettings settings;

	private final TimingWheel<Delivering> wheel;

	StreamTimers(DeliverySettings settings, long now) {
		this.settings = settings;
		this.wheel = new TimingWheel<>(TICK.toNanos(), now);
	}

	/**
	 * Set the timer of a stream to the next moment at which there may be something to do.
	 */
	void set(Delivering delivering, long now) {
		long due = Long.MAX_VALUE;
		if (!delivering.ready) {
			due = until(delivering.blockedSince, this.settings.writeTimeout().toNanos(), now);
		}
		else if (this.settings.heartbeatInterval() != null) {
			// Streams that were written to at the same time part here, and stay apart
			long interval = this.settings.heartbeatInterval().toNanos();
			long silence = interval - ThreadLocalRandom.current().nextLong(interval / 2 + 1);
			due = until(delivering.lastWrite, silence, now);
		}
		if (this.settings.maxDuration() != null) {
			due = Math.min(due, until(delivering.openedAt, this.settings.maxDuration().toNanos(), now));
		}
		if (due != Long.MAX_VALUE) {
			this.wheel.set(delivering.timer, now + due);
		}
	}

	void cancel(Delivering delivering) {
		this.wheel.cancel(delivering.timer);
	}

	/**
	 * Hand over every stream whose timer has gone off, with what it is time for. Its
	 * timer is not set any more.
	 */
	void fire(long now, BiConsumer<Delivering, Due> action) {
		this.wheel.advance(now, (delivering) -> action.accept(delivering, due(delivering, now)));
	}

	/**
	 * Return how long there is nothing to fire.
	 * @return the time in nanoseconds, {@code Long.MAX_VALUE} if it does not end
	 */
	long untilNext(long now) {
		return this.wheel.untilNextTick(now);
	}

	private Due due(Delivering delivering, long now) {
		if (!delivering.ready && until(delivering.blockedSince, this.settings.writeTimeout().toNanos(), now) <= 0) {
			return Due.STALLED;
		}
		if (this.settings.maxDuration() != null
				&& until(delivering.openedAt, this.settings.maxDuration().toNanos(), now) <= 0) {
			return Due.TIMEOUT;
		}
		if (delivering.isUpToDate() && this.settings.heartbeatInterval() != null
				&& until(delivering.lastWrite, this.settings.heartbeatInterval().toNanos() / 2, now) <= 0) {
			return Due.HEARTBEAT;
		}
		return Due.NOTHING;
	}

	/**
	 * How long it is from now until a time after a moment, less the tick by which a timer
	 * may be late.
	 */
	private static long until(long moment, long nanos, long now) {
		return moment - now + nanos - TICK.toNanos();
	}

}
