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

import java.lang.ref.WeakReference;
import java.util.function.Function;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * The state of a topic since the elements of a source began: its pieces, the time of its
 * last entry, and joined pieces. Other events are in the {@link TopicHistory}. Guarded by
 * the lock of {@link TopicHistories}.
 */
final class Answer {

	/**
	 * The heap cost of this object and the objects it owns, without the blocks of pieces
	 * and the two ids.
	 */
	static final int OBJECTS = 64 + 48 + 40 + 2 * 32;

	private final TopicHistory history;

	private final EventId begin;

	private final Pieces pieces = new Pieces();

	/** The time when the latest entry reached this node. */
	private long changedAt;

	/** Whether all pieces and events were removed because of their age. */
	private boolean expired;

	/** The result of the last join, while any stream refers to it. */
	private @Nullable WeakReference<StoredEvent> joined;

	/** The id of the first of the joined pieces. */
	private @Nullable EventId joinedFrom;

	/** The answer with the next newer latest piece; maintained by the histories. */
	@Nullable Answer moreRecent;

	@Nullable Answer lessRecent;

	/** Whether this answer is linked with others. */
	boolean linked;

	Answer(TopicHistory history, EventId begin, long arrivedAt) {
		this.history = history;
		this.begin = begin;
		this.changedAt = arrivedAt;
	}

	TopicHistory history() {
		return this.history;
	}

	/**
	 * Return the id of the entry that began the answer.
	 */
	EventId begin() {
		return this.begin;
	}

	Pieces pieces() {
		return this.pieces;
	}

	/**
	 * Note another entry of the topic.
	 */
	void touch(long arrivedAt) {
		this.changedAt = arrivedAt;
		this.expired = false;
	}

	/**
	 * Return whether the last entry is older than a period.
	 * @param now the time, as of {@link System#nanoTime()}
	 */
	boolean isOlderThan(long nanos, long now) {
		return now - this.changedAt > nanos;
	}

	void setExpired() {
		this.expired = true;
	}

	boolean isExpired() {
		return this.expired;
	}

	/**
	 * Join pieces into one event. Streams that receive the same pieces share one object.
	 * @param first the position of the first piece
	 * @param last the id of the last piece
	 * @param length the size of their text in bytes
	 * @param ids converts ids to the text for clients
	 */
	StoredEvent join(Pieces.Reader first, EventId last, int length, Function<EventId, String> ids) {
		EventId from = first.id();
		StoredEvent before = (this.joined != null) ? this.joined.get() : null;
		if (before != null && before.id().equals(last) && from.equals(this.joinedFrom)) {
			return before;
		}
		byte[] text = new byte[length];
		first.copyTo(text);
		// NOTE: not dropped from a queue as one event, since it may stand for many
		StoredEvent event = new StoredEvent(last, this.history.topic(), LogEntry.piece(this.history.topic(), ""),
				EventStreamEncoder.event(ids.apply(last), text), OverflowPolicy.RESUME, this.changedAt);
		this.joined = new WeakReference<>(event);
		this.joinedFrom = from;
		return event;
	}

}
