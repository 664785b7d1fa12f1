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

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what a stream has missed, in order. Pieces of one answer are one event where
 * nothing else that the stream gets is between them, with the id of the last: clients put
 * the text of one after that of the other. Guarded by the lock of {@link TopicHistories}.
 */
final class MissedEvents {

	/** Bytes that take as long to copy as an event to look at. */
	private static final int TEXT_OF_LOOK = 1024;

	private final long limit;

	/**
	 * Bytes of the text that is gathered at once, unless one piece has more: no event is
	 * made larger, and no answer is there as a whole.
	 */
	private final long maxText;

	/** Writes ids as clients get them; {@code null} if events are counted alone. */
	private final @Nullable Function<EventId, String> ids;

	private final List<StoredEvent> events = new ArrayList<>();

	/** Events, with the one that the last pieces will be. */
	private long count;

	private int text;

	private boolean full;

	/** The last that was added. */
	private EventId last;

	/** Whose pieces will be the next event. */
	private @Nullable Answer answer;

	private Pieces.@Nullable Reader first;

	/** Bytes of those pieces. */
	private int length;

	/**
	 * Create an empty list.
	 * @param after everything that it will have is after this
	 * @param limit the number of events that it may have
	 * @param maxText the bytes of pieces that it may have
	 * @param ids writes ids as clients get them; {@code null} if events are to be counted
	 * alone
	 */
	MissedEvents(EventId after, long limit, long maxText, @Nullable Function<EventId, String> ids) {
		this.last = after;
		this.limit = limit;
		this.maxText = maxText;
		this.ids = ids;
	}

	/**
	 * Whether no event may be added.
	 */
	boolean isFull() {
		return this.full || this.count >= this.limit;
	}

	/**
	 * Add an event.
	 * @return {@code false} if there is no room
	 */
	boolean add(StoredEvent event) {
		if (isFull()) {
			return false;
		}
		endPieces();
		if (this.ids != null) {
			this.events.add(event);
		}
		this.count++;
		this.last = event.id();
		return true;
	}

	/**
	 * Add the pieces of an answer up to an id.
	 * @param reader where the first of them is, if there is one; moved on
	 * @return {@code false} if there is no room for all
	 */
	boolean add(Answer answer, Pieces.Reader reader, EventId end) {
		Pieces.Reader taken = null;
		boolean fits = true;
		while (fits && !reader.isOver() && !reader.isAfter(end)) {
			fits = isRoomFor(answer, reader.length());
			if (fits) {
				beginPieces(answer, reader);
				this.length += reader.length();
				this.text += reader.length();
				taken = (taken != null) ? taken : reader.copy();
				taken.moveTo(reader);
				reader.next();
			}
		}
		if (taken != null) {
			this.last = taken.id();
		}
		return fits;
	}

	private boolean isRoomFor(Answer answer, int length) {
		if (this.text > 0 && this.text + (long) length > this.maxText) {
			this.full = true;
		}
		return !this.full && (answer == this.answer || this.count < this.limit);
	}

	private void beginPieces(Answer answer, Pieces.Reader reader) {
		if (answer != this.answer) {
			endPieces();
			this.answer = answer;
			this.first = reader.copy();
			this.length = 0;
			this.count++;
		}
	}

	private void endPieces() {
		if (this.answer != null && this.first != null && this.ids != null) {
			this.events.add(this.answer.join(this.first, this.last, this.length, this.ids));
		}
		this.answer = null;
	}

	/**
	 * Return the events. Nothing may be added after that.
	 */
	List<StoredEvent> events() {
		endPieces();
		return this.events;
	}

	/**
	 * Return how many events there are, also where they are counted alone.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Return what it has taken to copy text, as so many events that are looked at.
	 */
	int looksAtText() {
		return this.text / TEXT_OF_LOOK;
	}

	/**
	 * Return the id of the last event, or that after which all are.
	 */
	EventId last() {
		return this.last;
	}

}
