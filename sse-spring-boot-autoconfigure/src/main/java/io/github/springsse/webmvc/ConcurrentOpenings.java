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

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The number of controller methods with {@code @SseTopic} that run at the same time.
 * Thread-safe; it never exceeds the limit.
 */
final class ConcurrentOpenings {

	private final int limit;

	private final AtomicInteger running = new AtomicInteger();

	/**
	 * Create an instance without running methods.
	 * @param limit the maximum number of running methods, 0 for no limit
	 */
	ConcurrentOpenings(int limit) {
		this.limit = (limit > 0) ? limit : Integer.MAX_VALUE;
	}

	/**
	 * Begin an opening.
	 * @return the opening, {@code null} if the limit is reached
	 */
	@Nullable Opening tryBegin() {
		if (this.running.incrementAndGet() > this.limit) {
			this.running.decrementAndGet();
			return null;
		}
		return new Opening();
	}

	int limit() {
		return this.limit;
	}

	/**
	 * An opening that counts until it is closed. Closing it again has no effect.
	 */
	final class Opening implements AutoCloseable {

		private final AtomicBoolean closed = new AtomicBoolean();

		@Override
		public void close() {
			if (this.closed.compareAndSet(false, true)) {
				ConcurrentOpenings.this.running.decrementAndGet();
			}
		}

	}

}
