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
 * Events that a client has not got and will not get.
 *
 * @param lost the topics and patterns concerned, and the last event of each that is gone,
 * {@link EventId#MIN} where it is not known
 * @param after the last event before the gap, {@code null} if it is not known
 * @param reason why they are gone
 */
public record Gap(Map<String, EventId> lost, @Nullable EventId after, Reason reason) {

	/**
	 * Create a gap of which it is not known where it begins and ends.
	 * @param topics the topics and patterns concerned
	 * @param reason why the events are gone
	 * @return the gap
	 */
	public static Gap somewhere(Collection<String> topics, Reason reason) {
		Map<String, EventId> lost = new TreeMap<>();
		topics.forEach((topic) -> lost.put(topic, EventId.MIN));
		return new Gap(lost, null, reason);
	}

	/**
	 * Create a gap of everything up to an event.
	 * @param patterns the topics and patterns concerned
	 * @param until the last event
	 * @param after the last event before the gap
	 * @param reason why the events are gone
	 * @return the gap
	 */
	static Gap of(Collection<TopicPattern> patterns, EventId until, EventId after, Reason reason) {
		Map<String, EventId> lost = new TreeMap<>();
		patterns.forEach((pattern) -> lost.put(pattern.toString(), until));
		return new Gap(lost, after, reason);
	}

	/**
	 * Return the last event that is gone. Of each topic everything up to it may be
	 * missing, after the beginning of the gap.
	 * @return the id of the event, or {@code null} if it is not known
	 */
	public @Nullable EventId until() {
		EventId last = Collections.max(this.lost.values());
		return last.equals(EventId.MIN) ? null : last;
	}

	/**
	 * Return what of this gap goes beyond what is known already.
	 * @param known the last event of each topic that is known to be gone
	 * @return the rest, or {@code null} if there is none
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
	 * Why events are gone.
	 */
	public enum Reason {

		/** More was published than is kept. */
		EVICTED,

		/** They were older than what is kept. */
		EXPIRED,

		/** They were in another life of the log, or the id is none of this log. */
		RESTARTED,

		/** More was waiting for the client than its queue may hold. */
		OVERFLOW,

		/** More was missed than one stream may get that resumes. */
		LIMIT,

		/**
		 * They are of a source that was interrupted and started again: what follows takes
		 * the place of everything that came before.
		 */
		INTERRUPTED

	}

}
