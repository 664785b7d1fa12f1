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

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.Topic;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Logs publications that failed or were interrupted, as warnings at most once a minute
 * for each kind, so that many failures do not flood the log. The others are logged at
 * level {@code DEBUG}. Thread-safe.
 */
final class FailureWarnings {

	private static final Log logger = LogFactory.getLog(FailureWarnings.class);

	private static final long INTERVAL = 60_000_000_000L;

	private final LongSupplier clock;

	private final Map<SseAnswerOutcome, Kind> kinds = new EnumMap<>(SseAnswerOutcome.class);

	FailureWarnings(LongSupplier clock) {
		this.clock = clock;
		for (SseAnswerOutcome outcome : SseAnswerOutcome.values()) {
			this.kinds.put(outcome, new Kind(clock.getAsLong()));
		}
	}

	void warn(SseAnswerOutcome outcome, Topic topic, String text, @Nullable Throwable cause) {
		Kind kind = this.kinds.get(outcome);
		String message = "The source of topic '" + topic + "' " + text;
		if (kind == null || !kind.isDue(this.clock.getAsLong())) {
			logger.debug(message, cause);
			return;
		}
		long untold = kind.untold.getAndSet(0);
		logger.warn((untold > 0)
				? message + ". Since the last such warning, the same applied to " + untold + " other sources" : message,
				cause);
	}

	private static final class Kind {

		private final AtomicLong next;

		private final AtomicLong untold = new AtomicLong();

		Kind(long now) {
			this.next = new AtomicLong(now);
		}

		boolean isDue(long now) {
			long due = this.next.get();
			if (now - due >= 0 && this.next.compareAndSet(due, now + INTERVAL)) {
				return true;
			}
			this.untold.incrementAndGet();
			return false;
		}

	}

}
