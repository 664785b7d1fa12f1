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

package io.github.springsse.log;

import java.util.HashMap;
import java.util.Map;

import io.github.springsse.EventId;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of one topic, and what is no longer among them. Guarded by the lock
 * of {@link TopicHistories}.
 */
final class TopicHistory {

	/** Roughly what an event costs beside its bytes. */
	static final int OVERHEAD = 128;

	private final Topic topic;

	private final TopicPolicy policy;

	private final EventRing events = new EventRing(false);

	private final EventRing all;

	private final TopicLosses losses;

	/** The newest event of each key, where no other is kept. */
	private final @Nullable Map<String, StoredEvent> latest;

	private long bytes;

	/** The newest entry, also when it is no longer kept. */
	private EventId lastId = EventId.MIN;

	/** The newest event that is no longer here. */
	private EventId lostId;

	private Gap.Reason lostReason;

	/** The newest event, ends left out, also when it is no longer kept. */
	private EventId lastEventId = EventId.MIN;

	/** Whether the topic has ended, and nothing came after that. */
	private boolean ended;

	/** The topic whose newest entry is the next newer one; kept by the histories. */
	@Nullable TopicHistory moreRecent;

	@Nullable TopicHistory lessRecent;

	/**
	 * Create an empty history.
	 * @param lostId the newest event that may have been here before
	 * @param lostReason why it is not here
	 * @param all the events of all topics
	 * @param losses the topics of which events are gone
	 */
	TopicHistory(Topic topic, TopicPolicy policy, EventId lostId, Gap.Reason lostReason, EventRing all,
			TopicLosses losses) {
		this.topic = topic;
		this.policy = policy;
		this.lostId = lostId;
		this.lostReason = lostReason;
		this.all = all;
		this.losses = losses;
		this.latest = policy.keepsLatestOnly() ? new HashMap<>() : null;
	}

	Topic topic() {
		return this.topic;
	}

	TopicPolicy policy() {
		return this.policy;
	}

	EventId lastId() {
		return this.lastId;
	}

	int size() {
		return this.events.size();
	}

	long bytes() {
		return this.bytes;
	}

	@Nullable StoredEvent oldest() {
		return this.events.oldest();
	}

	/**
	 * Add an entry, newer than all before.
	 */
	void add(StoredEvent event) {
		this.lastId = event.id();
		this.ended = event.isEnd();
		this.lastEventId = this.ended ? this.lastEventId : event.id();
		if (this.latest != null && !event.isEnd()) {
			StoredEvent superseded = this.latest.put(event.keyOrEmpty(), event);
			if (superseded != null) {
				remove(superseded);
			}
		}
		event.history = this;
		this.events.add(event);
		this.all.add(event);
		this.bytes += event.size() + OVERHEAD;
		while (size() > this.policy.maxEvents() || this.bytes > this.policy.maxBytes()) {
			removeOldest(Gap.Reason.EVICTED);
		}
	}

	/**
	 * Remove the oldest event, so that a client whose cursor is before it has a gap.
	 */
	void removeOldest(Gap.Reason reason) {
		StoredEvent event = oldest();
		if (event == null) {
			return;
		}
		if (this.latest != null) {
			this.latest.remove(event.keyOrEmpty(), event);
		}
		remove(event);
		if (!event.isEnd()) {
			this.losses.move(this, this.lostId, event.id());
			this.lostId = event.id();
			this.lostReason = reason;
		}
	}

	/**
	 * Forget everything, also what was lost.
	 */
	void clear() {
		while (size() > 0) {
			removeOldest(Gap.Reason.EVICTED);
		}
		this.losses.remove(this, this.lostId);
	}

	/**
	 * Remove what is older than the policy allows.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	void expire(long now) {
		StoredEvent oldest = oldest();
		while (oldest != null && isExpired(oldest, now)) {
			removeOldest(Gap.Reason.EXPIRED);
			oldest = oldest();
		}
	}

	/**
	 * Tell whether an event is older than the policy allows.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	boolean isExpired(StoredEvent event, long now) {
		return now - event.arrivedAt() > this.policy.maxAge().toNanos();
	}

	/**
	 * Return how many events there may be after a cursor, at the most.
	 */
	long atMostAfter(EventId cursor) {
		StoredEvent first = this.events.firstAfter(cursor);
		return (first != null) ? this.events.slotsFrom(first) : 0;
	}

	/**
	 * Return the first event after a cursor that is kept.
	 */
	@Nullable StoredEvent firstAfter(EventId cursor) {
		return this.events.firstAfter(cursor);
	}

	/**
	 * Return the event after another one that is kept.
	 */
	@Nullable StoredEvent next(StoredEvent event) {
		return this.events.next(event);
	}

	/**
	 * The newest event that is gone, if it is after a cursor.
	 */
	@Nullable EventId lostAfter(EventId cursor) {
		return this.lostId.isAfter(cursor) ? this.lostId : null;
	}

	/**
	 * Why events are gone.
	 */
	Gap.Reason lostReason() {
		return this.lostReason;
	}

	/**
	 * Whether the topic has ended, and nothing but its end is after a cursor.
	 */
	boolean isCompleteAt(EventId cursor) {
		return this.ended && !this.lastEventId.isAfter(cursor) && !this.lostId.isAfter(cursor);
	}

	private void remove(StoredEvent event) {
		this.events.remove(event);
		this.all.remove(event);
		this.bytes -= event.size() + OVERHEAD;
	}

}
