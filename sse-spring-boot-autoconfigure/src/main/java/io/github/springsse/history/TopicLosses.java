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
import java.util.NavigableMap;
import java.util.TreeMap;

import io.github.springsse.log.EventId;

/**
 * Topics with lost events, in the order of their latest lost event. Finds the topics that
 * lost events after an id, without inspecting others. Guarded by the lock of
 * {@link TopicHistories}.
 */
final class TopicLosses {

	private final NavigableMap<EventId, TopicHistory> byLastLost = new TreeMap<>();

	/**
	 * Record that a topic has lost an event.
	 * @param before the previous latest lost event, or any id if the topic was not
	 * recorded
	 * @param lost the event
	 */
	void move(TopicHistory history, EventId before, EventId lost) {
		remove(history, before);
		this.byLastLost.put(lost, history);
	}

	void remove(TopicHistory history, EventId lost) {
		this.byLastLost.remove(lost, history);
	}

	/**
	 * Return the topics that lost events after a cursor.
	 */
	Collection<TopicHistory> after(EventId cursor) {
		return this.byLastLost.tailMap(cursor, false).values();
	}

}
