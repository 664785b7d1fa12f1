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

import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Watches whether somebody listens to a publication: at most every quarter of the time
 * after which it is abandoned, and not more often than ten times a second.
 * <p>
 * <em>Invariant:</em> it is abandoned only if two looks that are the whole time apart,
 * and each look between them, have found nobody. A look that fails has found somebody.
 * The beginning counts as a look that has found nobody.
 */
final class Abandonment {

	private static final Log logger = LogFactory.getLog(Abandonment.class);

	private static final long SHORTEST = 100_000_000;

	private final AnswerTimer timer;

	private final AnswerThreads threads;

	private final BooleanSupplier presence;

	private final Runnable abandon;

	private final long after;

	private final long interval;

	/** Whether the last look has found somebody. Written by one look at a time. */
	private volatile boolean seen;

	/** When nobody was found for the first time since somebody was. */
	private volatile long absentSince;

	private volatile boolean closed;

	private AnswerTimer.Task next = () -> {
	};

	/**
	 * Begin to watch.
	 * @param timer the timer
	 * @param threads where to look, which may block
	 * @param presence whether somebody listens
	 * @param abandon called when nobody has listened for the time; it must not block
	 * @param after the time in nanoseconds
	 */
	Abandonment(AnswerTimer timer, AnswerThreads threads, BooleanSupplier presence, Runnable abandon, long after) {
		this.timer = timer;
		this.threads = threads;
		this.presence = presence;
		this.abandon = abandon;
		this.after = after;
		this.interval = Math.max(SHORTEST, after / 4);
		this.absentSince = timer.now();
		schedule();
	}

	private synchronized void schedule() {
		if (!this.closed) {
			this.next = this.timer.schedule(() -> this.threads.append(this::look), this.interval);
		}
	}

	private void look() {
		if (this.closed) {
			return;
		}
		boolean present = true;
		try {
			present = this.presence.getAsBoolean();
		}
		catch (RuntimeException ex) {
			logger.debug("Who listens to an answer could not be asked", ex);
		}
		long now = this.timer.now();
		if (!present && this.seen) {
			this.absentSince = now;
		}
		this.seen = present;
		if (!present && now - this.absentSince >= this.after) {
			this.abandon.run();
			return;
		}
		schedule();
	}

	synchronized void close() {
		this.closed = true;
		this.next.cancel();
	}

}
