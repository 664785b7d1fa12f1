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
 * The newest events of one topic, and what is no longer among them. Guarded by the lock
 * of {@link TopicHistories}.
 * <p>
 * From the beginning of the elements of a source on, until another beginning or until the
 * topic is forgotten, the bounds are those of answers. Then a topic that keeps no event
 * but the newest of each key keeps all, as others do, and what was kept before is gone.
 * <p>
 * Where the beginning comes after the end of an interrupted source, it is the same answer
 * once more: every cursor before it has a gap, also that of a client which had everything
 * of the interrupted one.
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

	/** Events that an answer may have beyond its bound: those at its end. */
	private static final int MORE_EVENTS = 16;

	/** Bytes of those. */
	private static final int MORE_BYTES = 64 * 1024;

	/** What an event costs beside its data, and more. */
	private static final int OVERHEAD = 384;

	/** The place among the losses, and the id of the event that was lost last. */
	private static final int LOSS = 40 + 32;

	private final Topic topic;

	private final TopicPolicy policy;

	private final EventRing events = new EventRing(false);

	private final AllTopics all;

	/** The newest event of each key, where no other is kept. */
	private @Nullable Map<String, StoredEvent> latest;

	/** What there is since the elements of a source began, if they did. */
	private @Nullable Answer answer;

	/** What the events cost that are in the ring. */
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

	/**
	 * The newest event, beginnings and ends left out, also when it is no longer kept.
	 */
	private EventId lastEventId = EventId.MIN;

	/** Whether the topic has ended, and nothing came after that. */
	private boolean ended;

	/** Whether responses are cut after the end. */
	private boolean cut;

	/** Whether the end is that of an interrupted source that may be started again. */
	private boolean interrupted;

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
	 * @param all what the topics have in common
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
	 * Return what happens when a client does not keep up. Of an answer all events matter.
	 */
	OverflowPolicy overflow() {
		return (this.answer != null && this.policy.keepsLatestOnly()) ? OverflowPolicy.RESUME : this.policy.overflow();
	}

	/**
	 * Return what there is since the elements of a source began.
	 */
	@Nullable Answer answer() {
		return this.answer;
	}

	EventId lastId() {
		return this.lastId;
	}

	/**
	 * Return how many events and pieces there are.
	 */
	int size() {
		return this.events.size() + ((this.answer != null) ? this.answer.pieces().count() : 0);
	}

	/**
	 * Return what the events and pieces cost.
	 */
	long bytes() {
		return this.bytes + ((this.answer != null) ? this.answer.pieces().bytes() : 0);
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
	 * @param data the data of its event
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
				// NOTE: removed first, or the map would have the key of the one before it
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
	 * NOTE: whoever publishes the elements of a source bounds their number and their
	 * data, and may then tell of it in a few events more. What he has let pass is kept.
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
	 * Remove the oldest event or piece, so that a client whose cursor is before it has a
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
			// one that had many keys would stay large
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
	 * Forget everything, also what was lost.
	 */
	void clear() {
		removeAll(Gap.Reason.EVICTED);
		this.all.losses().remove(this, this.lostId);
	}

	/**
	 * Remove what is older than the policy allows.
	 * @param now the time, by {@link System#nanoTime()}
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
	 * Tell whether an event is older than the policy allows.
	 * @param now the time, by {@link System#nanoTime()}
	 */
	boolean isExpired(StoredEvent event, long now) {
		if (this.answer != null) {
			return isExpired(this.answer, now);
		}
		return now - event.arrivedAt() > this.policy.maxAge().toNanos();
	}

	/**
	 * NOTE: not before its end, however long its source is silent.
	 */
	private boolean isExpired(Answer answer, long now) {
		return this.ended && answer.isOlderThan(this.all.answerLimits().keep().toNanos(), now);
	}

	/**
	 * Return how many events there may be after a cursor, at the most; pieces are none.
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

	/**
	 * Whether responses are cut after the end of the topic.
	 */
	boolean isCut() {
		return this.cut;
	}

	/**
	 * Whether the topic has ended with an interrupted source that may be started again.
	 */
	boolean isInterrupted() {
		return this.interrupted;
	}

	/**
	 * Return what is known of the elements of a source.
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
	 * Return the newest event that is gone and is not of an earlier answer.
	 */
	@Nullable EventId lostOfAnswer() {
		return (this.answer != null) ? lostAfter(this.answer.begin()) : this.lostId;
	}

	/**
	 * Return the id after which everything is that is kept.
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
