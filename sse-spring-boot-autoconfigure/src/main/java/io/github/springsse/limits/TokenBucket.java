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

package io.github.springsse.limits;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A number of tokens for each second, of which those that nobody has taken are kept for a
 * second. Thread-safe, and without locks.
 * <p>
 * <em>Invariant:</em> in no time of length <i>t</i> seconds are more than
 * <i>rate</i>&nbsp;&times;&nbsp;(<i>t</i>&nbsp;+&nbsp;1) tokens taken.
 */
final class TokenBucket {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LongSupplier clock;

	/** The time in which one token comes. */
	private final long interval;

	/** When all tokens that were taken will have come back. */
	private final AtomicLong fullAt;

	/**
	 * Create a full bucket.
	 * @param rate number of tokens for each second, 1 or more
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	TokenBucket(int rate, LongSupplier clock) {
		this.clock = clock;
		this.interval = Math.max(1, SECOND / rate);
		this.fullAt = new AtomicLong(clock.getAsLong());
	}

	/**
	 * Take a token.
	 * @return {@code false} if there is none
	 */
	boolean tryTake() {
		long now = this.clock.getAsLong();
		while (true) {
			long before = this.fullAt.get();
			long after = ((before - now > 0) ? before : now) + this.interval;
			if (after - now > SECOND) {
				return false;
			}
			if (this.fullAt.compareAndSet(before, after)) {
				return true;
			}
		}
	}

}
