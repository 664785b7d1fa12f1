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
 * Abandons a publication that has no subscribed streams for a time. It checks every
 * quarter of that time, but at most ten times a second.
 * <p>
 * <em>Invariant:</em> the publication is abandoned only if two checks that are the whole
 * time apart, and each check between them, found no stream. A failed check counts as
 * finding a stream. The start counts as a check that found no stream.
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

	/** Whether the last check found a stream. Checks run one at a time. */
	private volatile boolean seen;

	/** The time of the first check without a stream since the last one with a stream. */
	private volatile long absentSince;

	private volatile boolean closed;

	private AnswerTimer.Task next = () -> {
	};

	/**
	 * Start to check.
	 * @param timer the timer
	 * @param threads run the checks, which may block
	 * @param presence returns whether a stream is subscribed
	 * @param abandon called when no stream was subscribed for the time; it must not block
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
			logger.debug("The presence on the topic of an answer could not be read", ex);
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
