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

package io.github.springsse.history;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

import io.github.springsse.TopicPattern;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Events that a client has missed and will not receive.
 *
 * @param lost the affected topics and patterns with their last lost event,
 * {@link EventId#MIN} if it is unknown
 * @param after the last event before the gap, {@code null} if it is unknown
 * @param reason why the events are lost
 */
public record Gap(Map<String, EventId> lost, @Nullable EventId after, Reason reason) {

	/**
	 * Create a gap with unknown bounds.
	 * @param topics the affected topics and patterns
	 * @param reason why the events are lost
	 * @return the gap
	 */
	public static Gap somewhere(Collection<String> topics, Reason reason) {
		Map<String, EventId> lost = new TreeMap<>();
		topics.forEach((topic) -> lost.put(topic, EventId.MIN));
		return new Gap(lost, null, reason);
	}

	/**
	 * Create a gap of everything up to an event.
	 * @param patterns the affected topics and patterns
	 * @param until the last event
	 * @param after the last event before the gap
	 * @param reason why the events are lost
	 * @return the gap
	 */
	static Gap of(Collection<TopicPattern> patterns, EventId until, EventId after, Reason reason) {
		Map<String, EventId> lost = new TreeMap<>();
		patterns.forEach((pattern) -> lost.put(pattern.toString(), until));
		return new Gap(lost, after, reason);
	}

	/**
	 * Return the last lost event. From the beginning of the gap to this event, any event
	 * of the topics may be missing.
	 * @return the id of the event, {@code null} if it is unknown
	 */
	public @Nullable EventId until() {
		EventId last = Collections.max(this.lost.values());
		return last.equals(EventId.MIN) ? null : last;
	}

	/**
	 * Return the part of this gap that exceeds the known losses.
	 * @param known the last known lost event of each topic
	 * @return the rest, {@code null} if there is none
	 */
	public @Nullable Gap beyond(Map<String, EventId> known) {
		Map<String, EventId> rest = new TreeMap<>();
		this.lost.forEach((topic, last) -> {
			EventId before = known.get(topic);
			if (before == null || last.isAfter(before)) {
				rest.put(topic, last);
			}
		});
		return rest.isEmpty() ? null : new Gap(rest, this.after, this.reason);
	}

	/**
	 * The reasons for a gap.
	 */
	public enum Reason {

		/** The limits of the history were exceeded. */
		EVICTED,

		/** The events were older than the maximum age. */
		EXPIRED,

		/**
		 * The events belong to another generation of the log, or the id is not an id of
		 * this log.
		 */
		RESTARTED,

		/** The queue of the client was full. */
		OVERFLOW,

		/** The client missed more events than a resuming stream may receive. */
		LIMIT,

		/**
		 * The source was interrupted and started again. The following events replace
		 * everything before.
		 */
		INTERRUPTED

	}

}
