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

	/**
	 * The topic but for its name, this object, its ring, and its place in the map of all
	 * topics.
	 */
	private static final int OBJECTS = 16 + 80 + 40 + 24 + 40;

	/** The map of the newest event of each key, and the place of this object in a set. */
	private static final int LATEST = 128 + 48;

	/** The place of an event in that map. */
	private static final int LATEST_EVENT = 40;

	/** The place among the losses, and the id of the event that was lost last. */
	private static final int LOSS = 40 + 32;

	private final Topic topic;

	private final TopicPolicy policy;

	private final EventRing events = new EventRing(false);

	private final EventRing all;

	private final TopicLosses losses;

	/** The newest event of each key, where no other is kept. */
	private @Nullable Map<String, StoredEvent> latest;

	/** What the events cost. */
	private long bytes;

	/** What this topic costs without events. */
	private int topicBytes;

	/** The newest entry, also when it is no longer kept. */
	private EventId lastId = EventId.MIN;

	/** The newest event that is no longer here. */
	private EventId lostId;

	/** Whether it is among the losses. */
	private boolean lossy;

	private Gap.Reason lostReason;

	/** The newest event, ends left out, also when it is no longer kept. */
	private EventId lastEventId = EventId.MIN;

	/** Whether the topic has ended, and nothing came after that. */
	private boolean ended;

	/** The topic whose newest entry is the next newer one; kept by the histories. */
	@Nullable TopicHistory moreRecent;

	@Nullable TopicHistory lessRecent;

	/** The next topic of about the same size; kept by the histories. */
	@Nullable TopicHistory nextOfSize;

	@Nullable TopicHistory previousOfSize;

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
		this.topicBytes = OBJECTS + HeapSize.of(topic.toString()) + ((this.latest != null) ? LATEST : 0);
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

	/**
	 * Return what the events cost.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return what this topic costs beside its events.
	 */
	int topicBytes() {
		return this.topicBytes;
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
			// NOTE: removed first, or the map would have the key of the one before it
			StoredEvent superseded = this.latest.remove(event.keyOrEmpty());
			this.latest.put(event.keyOrEmpty(), event);
			if (superseded != null) {
				remove(superseded);
			}
		}
		event.history = this;
		this.events.add(event);
		this.all.add(event);
		this.bytes += cost(event);
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
		if (this.latest != null && size() == 0) {
			// one that had many keys would stay large
			this.latest = new HashMap<>();
		}
		if (!event.isEnd()) {
			this.losses.move(this, this.lostId, event.id());
			this.lostId = event.id();
			this.lostReason = reason;
			if (!this.lossy) {
				this.lossy = true;
				this.topicBytes += LOSS;
			}
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
	 * Whether the topic has ended, and nothing came after that.
	 */
	boolean isEnded() {
		return this.ended;
	}

	/**
	 * The newest event that is known to be gone.
	 */
	@Nullable EventId lostId() {
		return this.lossy ? this.lostId : null;
	}

	/**
	 * The newest beginning that is kept.
	 */
	@Nullable EventId newestBegin() {
		EventId result = null;
		for (StoredEvent event = oldest(); event != null; event = next(event)) {
			result = event.isBegin() ? event.id() : result;
		}
		return result;
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
		this.bytes -= cost(event);
	}

	private long cost(StoredEvent event) {
		return event.cost() + ((this.latest != null) ? LATEST_EVENT : 0);
	}

}
