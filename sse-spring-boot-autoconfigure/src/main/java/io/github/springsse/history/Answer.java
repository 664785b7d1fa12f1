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
 * What a topic has since the elements of a source began, beside events that are no
 * pieces. Guarded by the lock of {@link TopicHistories}.
 */
final class Answer {

	/** This object and what it has but for the blocks of pieces, and the two ids. */
	static final int OBJECTS = 64 + 48 + 40 + 2 * 32;

	private final TopicHistory history;

	private final EventId begin;

	private final Pieces pieces = new Pieces();

	/** When the newest entry reached this node. */
	private long changedAt;

	/** Whether everything was removed because it was old. */
	private boolean expired;

	/** Pieces that were joined last, while any stream has them. */
	private @Nullable WeakReference<StoredEvent> joined;

	/** The first of those. */
	private @Nullable EventId joinedFrom;

	/** The answer whose newest piece is the next newer one; kept by the histories. */
	@Nullable Answer moreRecent;

	@Nullable Answer lessRecent;

	/** Whether this answer has such neighbours. */
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
	 * Return the id of the entry with which it began.
	 */
	EventId begin() {
		return this.begin;
	}

	Pieces pieces() {
		return this.pieces;
	}

	/**
	 * Note that the topic has got another entry.
	 */
	void touch(long arrivedAt) {
		this.changedAt = arrivedAt;
		this.expired = false;
	}

	/**
	 * Tell whether nothing came for longer than a time.
	 * @param now the time, by {@link System#nanoTime()}
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
	 * Make one event of some pieces. Streams that get the same ones get the same object.
	 * @param first where the first one is
	 * @param last the id of the last one
	 * @param length the bytes of their text
	 * @param ids writes ids as clients get them
	 */
	StoredEvent join(Pieces.Reader first, EventId last, int length, Function<EventId, String> ids) {
		EventId from = first.id();
		StoredEvent before = (this.joined != null) ? this.joined.get() : null;
		if (before != null && before.id().equals(last) && from.equals(this.joinedFrom)) {
			return before;
		}
		byte[] text = new byte[length];
		first.copyTo(text);
		// NOTE: it is not dropped from a queue as one event, since it may be many
		StoredEvent event = new StoredEvent(last, this.history.topic(), LogEntry.piece(this.history.topic(), ""),
				EventStreamEncoder.event(ids.apply(last), text), OverflowPolicy.RESUME, this.changedAt);
		this.joined = new WeakReference<>(event);
		this.joinedFrom = from;
		return event;
	}

}
