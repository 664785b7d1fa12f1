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

import java.util.HashMap;
import java.util.Map;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of one topic, and the record of its lost events. Guarded by the lock
 * of {@link TopicHistories}.
 * <p>
 * From the beginning of the elements of a source until another beginning, or until the
 * topic is forgotten, the limits are those of answers. A topic that keeps only the latest
 * event of each key then keeps all events, as other topics do, and drops the events from
 * before.
 * <p>
 * A beginning after the end of an interrupted source repeats the same answer. Every
 * cursor before it then has a gap, even the cursor of a client that received all of the
 * interrupted answer.
 */
final class TopicHistory {

	/**
	 * The heap size of a topic without its name: this object, its ring, and its place in
	 * the map of all topics.
	 */
	private static final int OBJECTS = 16 + 80 + 40 + 24 + 40;

	/**
	 * The heap size of the map of latest events, and of the place of this object in a
	 * set.
	 */
	private static final int LATEST = 128 + 48;

	/** The heap size of an entry of that map. */
	private static final int LATEST_EVENT = 40;

	/**
	 * The number of events that an answer may have beyond its limit: those at its end.
	 */
	private static final int MORE_EVENTS = 16;

	/** The number of bytes of these events. */
	private static final int MORE_BYTES = 64 * 1024;

	/** The heap size of an event without its data, rounded up. */
	private static final int OVERHEAD = 384;

	/**
	 * The heap size of a place among the losses, and of the id of the last lost event.
	 */
	private static final int LOSS = 40 + 32;

	private final Topic topic;

	private final TopicPolicy policy;

	private final EventRing events = new EventRing(false);

	private final AllTopics all;

	/** The latest event of each key, for topics that keep no others. */
	private @Nullable Map<String, StoredEvent> latest;

	/**
	 * The answer since the elements of a source began, {@code null} if there is no
	 * source.
	 */
	private @Nullable Answer answer;

	/** The heap size of the events in the ring. */
	private long bytes;

	/** The heap size of this topic without events. */
	private int topicBytes;

	/** The latest entry, even if it is no longer kept. */
	private EventId lastId = EventId.MIN;

	/** The latest lost event. */
	private EventId lostId;

	/** Whether this topic is among the losses. */
	private boolean lossy;

	private Gap.Reason lostReason;

	/**
	 * The latest event, without beginnings and ends, even if it is no longer kept.
	 */
	private EventId lastEventId = EventId.MIN;

	/** Whether the last entry of the topic is its end. */
	private boolean ended;

	/** Whether responses are cut after the end. */
	private boolean cut;

	/** Whether the topic ended with an interrupted source that may be started again. */
	private boolean interrupted;

	/** The topic with the next newer latest entry; maintained by the histories. */
	@Nullable TopicHistory moreRecent;

	@Nullable TopicHistory lessRecent;

	/** The next topic of similar size; maintained by the histories. */
	@Nullable TopicHistory nextOfSize;

	@Nullable TopicHistory previousOfSize;

	/**
	 * Create an empty history.
	 * @param lostId the latest event that may have been in an earlier history of the
	 * topic
	 * @param lostReason why that event is lost
	 * @param all the structures that all topics share
	 */
	TopicHistory(Topic topic, TopicPolicy policy, EventId lostId, Gap.Reason lostReason, AllTopics all) {
		this.topic = topic;
		this.policy = policy;
		this.lostId = lostId;
		this.lostReason = lostReason;
		this.all = all;
		this.latest = policy.keepsLatestOnly() ? new HashMap<>() : null;
		this.topicBytes = OBJECTS + HeapSize.of(topic.toString()) + ((this.latest != null) ? LATEST : 0);
	}

	Topic topic() {
		return this.topic;
	}

	TopicPolicy policy() {
		return this.policy;
	}

	/**
	 * Return the overflow policy. For an answer, all events matter.
	 */
	OverflowPolicy overflow() {
		return (this.answer != null && this.policy.keepsLatestOnly()) ? OverflowPolicy.RESUME : this.policy.overflow();
	}

	/**
	 * Return the answer since the elements of a source began.
	 */
	@Nullable Answer answer() {
		return this.answer;
	}

	EventId lastId() {
		return this.lastId;
	}

	/**
	 * Return the number of events and pieces.
	 */
	int size() {
		return this.events.size() + ((this.answer != null) ? this.answer.pieces().count() : 0);
	}

	/**
	 * Return the heap size of the events and pieces.
	 */
	long bytes() {
		return this.bytes + ((this.answer != null) ? this.answer.pieces().bytes() : 0);
	}

	/**
	 * Return the heap size of this topic without its events.
	 */
	int topicBytes() {
		return this.topicBytes;
	}

	@Nullable StoredEvent oldest() {
		return this.events.oldest();
	}

	/**
	 * Add an entry that is newer than all before.
	 * @param data the data of the event
	 */
	void add(StoredEvent event, String data) {
		boolean restarted = this.interrupted;
		this.lastId = event.id();
		this.ended = event.isEnd();
		this.cut = event.isCut();
		this.interrupted = event.isInterrupted();
		this.lastEventId = event.isSilent() ? this.lastEventId : event.id();
		if (event.isBegin()) {
			begin(event);
			if (restarted) {
				lose(event.id(), Gap.Reason.INTERRUPTED);
			}
		}
		else if (this.answer != null) {
			add(this.answer, event, data);
		}
		else {
			if (this.latest != null && !event.isEnd()) {
				// NOTE: removed first, because otherwise the map would keep the key
				// object of the previous event
				StoredEvent superseded = this.latest.remove(event.keyOrEmpty());
				this.latest.put(event.keyOrEmpty(), event);
				if (superseded != null) {
					remove(superseded);
				}
			}
			addToRings(event);
			while (size() > this.policy.maxEvents() || this.bytes > this.policy.maxBytes()) {
				removeOldest(Gap.Reason.EVICTED);
			}
		}
	}

	private void begin(StoredEvent event) {
		removeAll(Gap.Reason.EVICTED);
		if (this.latest != null) {
			this.latest = null;
			this.topicBytes -= LATEST;
		}
		this.topicBytes += (this.answer == null) ? Answer.OBJECTS : 0;
		this.answer = new Answer(this, event.id(), event.arrivedAt());
	}

	private void add(Answer answer, StoredEvent event, String data) {
		answer.touch(event.arrivedAt());
		if (event.isPiece()) {
			answer.pieces().add(event.id(), EventStreamEncoder.dataBytes(data));
			this.all.answers().moveToFront(answer);
		}
		else {
			addToRings(event);
			if (event.isEnd()) {
				answer.pieces().trim();
			}
		}
		while (isTooLarge(answer)) {
			removeOldest(Gap.Reason.EVICTED);
		}
	}

	/**
	 * NOTE: the publisher of a source limits the number and size of its elements, and may
	 * then publish a few more events that report this. All events that passed its limits
	 * are kept.
	 */
	private boolean isTooLarge(Answer answer) {
		Pieces pieces = answer.pieces();
		long overhead = (long) OVERHEAD * this.events.size();
		return size() > (long) this.all.answerLimits().maxEvents() + MORE_EVENTS
				|| this.bytes + pieces.textBytes() - overhead > this.all.answerLimits().maxBytes() + MORE_BYTES;
	}

	private void addToRings(StoredEvent event) {
		event.history = this;
		this.events.add(event);
		this.all.events().add(event);
		this.bytes += cost(event);
	}

	/**
	 * Remove the oldest event or piece. A client whose cursor is before it then has a
	 * gap.
	 */
	void removeOldest(Gap.Reason reason) {
		StoredEvent event = oldest();
		EventId piece = (this.answer != null) ? this.answer.pieces().oldestId() : null;
		if (this.answer != null && piece != null && (event == null || event.id().isAfter(piece))) {
			this.answer.pieces().removeOldest();
			if (this.answer.pieces().count() == 0) {
				this.all.answers().remove(this.answer);
			}
			lose(piece, reason);
		}
		else if (event != null) {
			removeOldest(event, reason);
		}
	}

	private void removeOldest(StoredEvent event, Gap.Reason reason) {
		if (this.latest != null) {
			this.latest.remove(event.keyOrEmpty(), event);
		}
		remove(event);
		if (this.latest != null && size() == 0) {
			// a map that had many keys would remain large
			this.latest = new HashMap<>();
		}
		if (!event.isEnd()) {
			lose(event.id(), reason);
		}
	}

	private void lose(EventId id, Gap.Reason reason) {
		this.all.losses().move(this, this.lostId, id);
		this.lostId = id;
		this.lostReason = reason;
		if (!this.lossy) {
			this.lossy = true;
			this.topicBytes += LOSS;
		}
	}

	private void removeAll(Gap.Reason reason) {
		Answer answer = this.answer;
		EventId piece = null;
		if (answer != null && answer.pieces().count() > 0) {
			piece = answer.pieces().newestId();
			answer.pieces().clear();
			this.all.answers().remove(answer);
		}
		while (size() > 0) {
			removeOldest(reason);
		}
		if (piece != null && piece.isAfter(this.lostId)) {
			lose(piece, reason);
		}
	}

	/**
	 * Remove everything, including the record of lost events.
	 */
	void clear() {
		removeAll(Gap.Reason.EVICTED);
		this.all.losses().remove(this, this.lostId);
	}

	/**
	 * Remove the events that are older than the policy allows.
	 * @param now the time, as of {@link System#nanoTime()}
	 */
	void expire(long now) {
		if (this.answer != null) {
			if (isExpired(this.answer, now)) {
				this.answer.setExpired();
				removeAll(Gap.Reason.EXPIRED);
			}
			return;
		}
		StoredEvent oldest = oldest();
		while (oldest != null && isExpired(oldest, now)) {
			removeOldest(Gap.Reason.EXPIRED);
			oldest = oldest();
		}
	}

	/**
	 * Return whether an event is older than the policy allows.
	 * @param now the time, as of {@link System#nanoTime()}
	 */
	boolean isExpired(StoredEvent event, long now) {
		if (this.answer != null) {
			return isExpired(this.answer, now);
		}
		return now - event.arrivedAt() > this.policy.maxAge().toNanos();
	}

	/**
	 * NOTE: never before its end, however long the source is silent.
	 */
	private boolean isExpired(Answer answer, long now) {
		return this.ended && answer.isOlderThan(this.all.answerLimits().keep().toNanos(), now);
	}

	/**
	 * Return an upper bound of the number of events after a cursor, without pieces.
	 */
	long atMostAfter(EventId cursor) {
		StoredEvent first = this.events.firstAfter(cursor);
		return (first != null) ? this.events.slotsFrom(first) : 0;
	}

	/**
	 * Return the first kept event after a cursor.
	 */
	@Nullable StoredEvent firstAfter(EventId cursor) {
		return this.events.firstAfter(cursor);
	}

	/**
	 * Return the kept event after another one.
	 */
	@Nullable StoredEvent next(StoredEvent event) {
		return this.events.next(event);
	}

	/**
	 * Return the latest lost event if it is after a cursor.
	 */
	@Nullable EventId lostAfter(EventId cursor) {
		return this.lostId.isAfter(cursor) ? this.lostId : null;
	}

	/**
	 * Return why events are lost.
	 */
	Gap.Reason lostReason() {
		return this.lostReason;
	}

	/**
	 * Return whether the topic has ended, and at most its end is after a cursor.
	 */
	boolean isCompleteAt(EventId cursor) {
		return this.ended && !this.lastEventId.isAfter(cursor) && !this.lostId.isAfter(cursor);
	}

	/**
	 * Return whether responses are cut after the end of the topic.
	 */
	boolean isCut() {
		return this.cut;
	}

	/**
	 * Return whether the topic ended with an interrupted source that may be started
	 * again.
	 */
	boolean isInterrupted() {
		return this.interrupted;
	}

	/**
	 * Return the state of the answer.
	 */
	AnswerState answerState() {
		if (this.answer == null) {
			return this.ended ? AnswerState.GONE : AnswerState.UNKNOWN;
		}
		if (!this.ended) {
			return AnswerState.RUNNING;
		}
		return (this.answer.isExpired() || lostOfAnswer() != null) ? AnswerState.GONE : AnswerState.COMPLETE;
	}

	/**
	 * Return the latest lost event that does not belong to an earlier answer.
	 */
	@Nullable EventId lostOfAnswer() {
		return (this.answer != null) ? lostAfter(this.answer.begin()) : this.lostId;
	}

	/**
	 * Return a position before everything that is kept.
	 */
	EventId beginning() {
		return (this.answer != null && this.answer.begin().isAfter(this.lostId)) ? this.answer.begin() : this.lostId;
	}

	private void remove(StoredEvent event) {
		this.events.remove(event);
		this.all.events().remove(event);
		this.bytes -= cost(event);
	}

	private long cost(StoredEvent event) {
		return event.cost() + ((this.latest != null) ? LATEST_EVENT : 0);
	}

}
