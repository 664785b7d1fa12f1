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
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Computes the reconnect delays of refused clients: random delays within a range that
 * grows while more clients are refused than may reconnect in a second. So a crowd that
 * finds no room does not use up the processor by being refused again and again.
 * Thread-safe, without locks.
 * <p>
 * Each refusal extends the range by the part of a second that one client may use, and
 * passing time shortens it. <em>Invariant:</em> the range is at least the configured one,
 * and at most that or five minutes, whichever is longer. If a constant number of clients
 * is refused each time, the range settles at twice the time that all of them need at the
 * permitted rate, unless that is more than five minutes; in the long run as many of them
 * reconnect per second as permitted.
 */
final class ReconnectDelays {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	static final Duration LONGEST = Duration.ofMinutes(5);

	private final long shortest;

	private final long longest;

	/** The nanoseconds that one client adds, or 0. */
	private final long interval;

	private final LongSupplier clock;

	/** The time at which all clients refused so far have used their part of a second. */
	private final AtomicLong allBackAt;

	/**
	 * Create delays.
	 * @param within the range of the delays while few clients are refused
	 * @param perSecond the number of clients that may reconnect in a second, 0 for any
	 * number
	 * @param clock the clock, such as {@link System#nanoTime()}
	 */
	ReconnectDelays(Duration within, int perSecond, LongSupplier clock) {
		this.shortest = within.toNanos();
		this.longest = Math.max(this.shortest, LONGEST.toNanos());
		this.interval = (perSecond > 0) ? Math.max(1, SECOND / perSecond) : 0;
		this.clock = clock;
		this.allBackAt = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Count a refused client.
	 * @return the reconnect delay of the client
	 */
	Duration next() {
		long now = this.clock.getAsLong();
		long allBack = this.allBackAt
			.updateAndGet((before) -> now + Math.min(this.longest, Math.max(0, before - now) + this.interval));
		return random(Math.max(this.shortest, allBack - now));
	}

	/**
	 * Return the delay of a client that another node will serve, or this node soon.
	 * @return a random delay within the configured range
	 */
	Duration soon() {
		return random(this.shortest);
	}

	private static Duration random(long nanos) {
		return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos + 1));
	}

}
