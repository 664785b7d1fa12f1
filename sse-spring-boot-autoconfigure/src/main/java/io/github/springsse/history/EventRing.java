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

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * A ring of events in log order, of one topic or of all topics. Finds an event by its id
 * in logarithmic time. Removes any event without moving others.
 * <p>
 * <em>Invariant:</em> the slots from {@link #head} to {@link #tail} hold the events, each
 * at its position in this ring. Slots of removed events are empty. The first and the last
 * slot are never empty. Except for a small constant, at most half of the slots are empty.
 * Guarded by the lock of {@link TopicHistories}.
 */
final class EventRing {

	private static final int SMALLEST = 2;

	/** The number of empty slots that is always allowed. */
	private static final int SLACK = 64;

	private static final @Nullable StoredEvent[] NONE = {};

	/** Whether this is the ring of all topics. */
	private final boolean ofAll;

	/** The slots; their number is 0 or a power of two. */
	private @Nullable StoredEvent[] slots = NONE;

	private long head;

	private long tail;

	private int size;

	/**
	 * Create an empty ring.
	 * @param ofAll whether this is the ring of all topics or of one topic; an event has a
	 * position in each
	 */
	EventRing(boolean ofAll) {
		this.ofAll = ofAll;
	}

	int size() {
		return this.size;
	}

	@Nullable StoredEvent oldest() {
		return (this.size > 0) ? at(this.head) : null;
	}

	/**
	 * Add an event, newer than all others.
	 */
	void add(StoredEvent event) {
		if (this.tail - this.head == this.slots.length) {
			rebuild((2 * this.size >= this.slots.length) ? Math.max(SMALLEST, 2 * this.slots.length)
					: this.slots.length);
		}
		append(event);
	}

	void remove(StoredEvent event) {
		this.slots[index(event.position(this.ofAll))] = null;
		this.size--;
		while (this.head < this.tail && at(this.head) == null) {
			this.head++;
		}
		while (this.head < this.tail && at(this.tail - 1) == null) {
			this.tail--;
		}
		if (this.size == 0) {
			this.slots = NONE;
		}
		else if (this.slots.length > SMALLEST && this.size <= this.slots.length / 8) {
			rebuild(this.slots.length / 4);
		}
		else if (this.tail - this.head > 2L * this.size + SLACK) {
			rebuild(this.slots.length);
		}
	}

	/**
	 * Return the first event after a cursor.
	 */
	@Nullable StoredEvent firstAfter(EventId cursor) {
		long low = this.head;
		long high = this.tail;
		while (low < high) {
			long middle = (low + high) >>> 1;
			StoredEvent event = atOrAfter(middle);
			if (event != null && event.id().isAfter(cursor)) {
				high = middle;
			}
			else {
				low = (event != null) ? event.position(this.ofAll) + 1 : high;
			}
		}
		return atOrAfter(low);
	}

	/**
	 * Return the event after another one.
	 */
	@Nullable StoredEvent next(StoredEvent event) {
		return atOrAfter(event.position(this.ofAll) + 1);
	}

	/**
	 * Return the number of slots from an event to the end, an upper bound of the number
	 * of events.
	 */
	long slotsFrom(StoredEvent event) {
		return this.tail - event.position(this.ofAll);
	}

	private @Nullable StoredEvent atOrAfter(long position) {
		for (long i = position; i < this.tail; i++) {
			StoredEvent event = at(i);
			if (event != null) {
				return event;
			}
		}
		return null;
	}

	private void rebuild(int length) {
		@Nullable StoredEvent[] before = this.slots;
		long from = this.head;
		long to = this.tail;
		this.slots = new @Nullable StoredEvent[length];
		this.head = 0;
		this.tail = 0;
		this.size = 0;
		for (long i = from; i < to; i++) {
			StoredEvent event = before[(int) i & (before.length - 1)];
			if (event != null) {
				append(event);
			}
		}
	}

	private void append(StoredEvent event) {
		event.setPosition(this.ofAll, this.tail);
		this.slots[index(this.tail++)] = event;
		this.size++;
	}

	private @Nullable StoredEvent at(long position) {
		return this.slots[index(position)];
	}

	private int index(long position) {
		return (int) position & (this.slots.length - 1);
	}

}
