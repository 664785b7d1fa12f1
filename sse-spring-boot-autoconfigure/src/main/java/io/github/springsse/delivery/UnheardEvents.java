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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import io.github.springsse.Topic;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Tells the log of events that reached no stream of this node, at level {@code DEBUG} and
 * once a minute at most: the name of a topic may be misspelt. Thread-safe.
 */
final class UnheardEvents {

	private static final Log logger = LogFactory.getLog(UnheardEvents.class);

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private final LongSupplier clock;

	private final AtomicLong toldAt;

	private final AtomicInteger untold = new AtomicInteger();

	/**
	 * Create an instance that has told nothing yet.
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	UnheardEvents(LongSupplier clock) {
		this.clock = clock;
		this.toldAt = new AtomicLong(clock.getAsLong() - INTERVAL);
	}

	/**
	 * Note that an event was routed, and no stream was subscribed to its topic.
	 * @param topic the topic
	 */
	void add(Topic topic) {
		if (!logger.isDebugEnabled()) {
			return;
		}
		long before = this.toldAt.get();
		long now = this.clock.getAsLong();
		if (now - before < INTERVAL || !this.toldAt.compareAndSet(before, now)) {
			this.untold.incrementAndGet();
			return;
		}
		int more = this.untold.getAndSet(0);
		logger.debug("Published to '" + topic + "', to which no stream of this node is subscribed"
				+ ((more > 0) ? "; " + more + " more like it since the last time that this was told" : ""));
	}

}
