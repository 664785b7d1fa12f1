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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

import io.github.springsse.Topic;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Logs events to whose topic no stream of this node is subscribed, at level
 * {@code DEBUG}, since the topic may be misspelt. Logs each topic at most once a minute,
 * and at most ten topics a minute, so that a topic with many events does not hide the
 * others. Counts the events that are not logged. Thread-safe.
 */
final class UnheardEvents {

	private static final Log logger = LogFactory.getLog(UnheardEvents.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private static final int MAX_TOPICS = 10;

	private final LongSupplier clock;

	/** The topics logged in the last minute and the times, the oldest first. */
	private final Map<Topic, Long> told = new LinkedHashMap<>();

	private int untold;

	/**
	 * Create an instance.
	 * @param clock the clock, such as {@link System#nanoTime()}
	 */
	UnheardEvents(LongSupplier clock) {
		this.clock = clock;
	}

	/**
	 * Note that an event was routed, and no stream was subscribed to its topic.
	 * @param topic the topic
	 */
	void add(Topic topic) {
		if (!logger.isDebugEnabled()) {
			return;
		}
		int more = take(topic);
		if (more != -1) {
			logger.debug("Published to '" + topic + "', to which no stream of this node is subscribed"
					+ ((more > 0) ? "; " + more + " more such events since the last log message" : ""));
		}
	}

	/**
	 * Return the number of events that were not logged before this one, or -1 if this one
	 * is not to be logged either.
	 */
	private synchronized int take(Topic topic) {
		long now = this.clock.getAsLong();
		this.told.values().removeIf((at) -> now - at >= INTERVAL);
		if (this.told.size() == MAX_TOPICS || this.told.putIfAbsent(topic, now) != null) {
			this.untold++;
			return -1;
		}
		int more = this.untold;
		this.untold = 0;
		return more;
	}

}
