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
 * Collects the missed events of a stream in order. Adjacent pieces of an answer become
 * one event with the id of the last piece, unless another event for the stream is between
 * them. Clients append the text of each event to the text before. Guarded by the lock of
 * {@link TopicHistories}.
 */
final class MissedEvents {

	/** The number of copied bytes that cost as much as inspecting an event. */
	private static final int TEXT_OF_LOOK = 1024;

	private final long limit;

	/**
	 * The most bytes of text to collect at once, unless a single piece is larger. It
	 * bounds the size of an event, so that an answer is never copied as a whole.
	 */
	private final long maxText;

	/** Converts ids to the text for clients; {@code null} if events are only counted. */
	private final @Nullable Function<EventId, String> ids;

	private final List<StoredEvent> events = new ArrayList<>();

	/** The number of events, including the one that the current pieces become. */
	private long count;

	private int text;

	private boolean full;

	/** The id of the last added event. */
	private EventId last;

	/** The answer whose pieces become the next event. */
	private @Nullable Answer answer;

	private Pieces.@Nullable Reader first;

	/** The size of these pieces in bytes. */
	private int length;

	/**
	 * Create an empty list.
	 * @param after the position after which events are added
	 * @param limit the maximum number of events
	 * @param maxText the maximum size of the pieces in bytes
	 * @param ids converts ids to the text for clients; {@code null} to only count events
	 */
	MissedEvents(EventId after, long limit, long maxText, @Nullable Function<EventId, String> ids) {
		this.last = after;
		this.limit = limit;
		this.maxText = maxText;
		this.ids = ids;
	}

	/**
	 * Whether there is no room for another event.
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
	 * @param reader the position of the first piece, if there is one; advanced
	 * @return {@code false} if there is no room for all of them
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
	 * Return the events. Nothing may be added afterwards.
	 */
	List<StoredEvent> events() {
		endPieces();
		return this.events;
	}

	/**
	 * Return the number of events, even if they are only counted.
	 */
	long count() {
		return this.count;
	}

	/**
	 * Return the cost of copying text, as a number of inspected events.
	 */
	int looksAtText() {
		return this.text / TEXT_OF_LOOK;
	}

	/**
	 * Return the id of the last event, or the start position if there is none.
	 */
	EventId last() {
		return this.last;
	}

}
