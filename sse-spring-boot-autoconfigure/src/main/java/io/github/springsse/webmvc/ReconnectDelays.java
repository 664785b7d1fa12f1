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
 * When clients that are refused are to come back: at random within a time that grows
 * while more of them are refused than may come back in a second. So a crowd that finds no
 * room does not take the processor for being refused again and again. Thread-safe, and
 * without locks.
 * <p>
 * Each refusal makes the time longer by the part of a second that belongs to one client,
 * and time that passes makes it shorter. <em>Invariant:</em> it is at least the
 * configured one, and at most that or five minutes, whichever is longer. Of clients whose
 * number does not change, and who are refused each time, as many as may come back in a
 * second do so in the long run: the time settles at twice what all of them need at that
 * rate, unless that is more than five minutes.
 */
final class ReconnectDelays {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	static final Duration LONGEST = Duration.ofMinutes(5);

	private final long shortest;

	private final long longest;

	/** What one client adds, or 0. */
	private final long interval;

	private final LongSupplier clock;

	/** When all clients that were refused will have had their part of a second. */
	private final AtomicLong allBackAt;

	/**
	 * Create delays.
	 * @param within the time over which clients come back where few are refused
	 * @param perSecond how many may come back in a second, 0 for any number
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	ReconnectDelays(Duration within, int perSecond, LongSupplier clock) {
		this.shortest = within.toNanos();
		this.longest = Math.max(this.shortest, LONGEST.toNanos());
		this.interval = (perSecond > 0) ? Math.max(1, SECOND / perSecond) : 0;
		this.clock = clock;
		this.allBackAt = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Count a client that is refused.
	 * @return how long it is to stay away
	 */
	Duration next() {
		long now = this.clock.getAsLong();
		long allBack = this.allBackAt
			.updateAndGet((before) -> now + Math.min(this.longest, Math.max(0, before - now) + this.interval));
		return random(Math.max(this.shortest, allBack - now));
	}

	/**
	 * Return how long a client is to stay away that is expected elsewhere, or soon.
	 * @return a time within the configured one
	 */
	Duration soon() {
		return random(this.shortest);
	}

	private static Duration random(long nanos) {
		return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos + 1));
	}

}
