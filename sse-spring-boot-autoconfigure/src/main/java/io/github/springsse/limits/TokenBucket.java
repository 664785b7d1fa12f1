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
 * A token bucket. It produces a number of tokens per second and keeps unused tokens for
 * one second. Thread-safe, without locks.
 * <p>
 * <em>Invariant:</em> in any period of <i>t</i> seconds, at most
 * <i>rate</i>&nbsp;&times;&nbsp;(<i>t</i>&nbsp;+&nbsp;1) tokens are taken.
 */
final class TokenBucket {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final LongSupplier clock;

	/** The time between two tokens. */
	private final long interval;

	/** The time when the bucket will be full again. */
	private final AtomicLong fullAt;

	/**
	 * Create a full bucket.
	 * @param rate the number of tokens per second, at least 1
	 * @param clock the time, as of {@link System#nanoTime()}
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
