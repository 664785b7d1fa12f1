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
 * Tells the log of events that reached no stream of this node, at level {@code DEBUG}:
 * the name of a topic may be misspelt. It tells of a topic once a minute at most, and of
 * ten topics a minute, so that one of which much is published does not hide the others;
 * of the rest it tells how many there were. Thread-safe.
 */
final class UnheardEvents {

	private static final Log logger = LogFactory.getLog(UnheardEvents.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private static final int MAX_TOPICS = 10;

	private final LongSupplier clock;

	/** The topics of the last minute and when they were told, the oldest first. */
	private final Map<Topic, Long> told = new LinkedHashMap<>();

	private int untold;

	/**
	 * Create an instance that has told nothing yet.
	 * @param clock the time, as {@link System#nanoTime()} gives it
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
					+ ((more > 0) ? "; " + more + " more like it since the last time that this was told" : ""));
		}
	}

	/**
	 * Return how many others were not told of, -1 if this one is not told of either.
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
