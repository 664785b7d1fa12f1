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

import java.util.Comparator;
import java.util.PriorityQueue;

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the pieces of several answers in log order. The caller iterates over the
 * events between them. Guarded by the lock of {@link TopicHistories}.
 */
final class PieceWalks {

	private @Nullable PriorityQueue<Walk> walks;

	private int looks;

	/**
	 * Add the pieces of an answer after a cursor.
	 */
	void add(Answer answer, EventId cursor) {
		Pieces.Reader reader = answer.pieces().after(cursor);
		this.looks++;
		if (reader != null) {
			if (this.walks == null) {
				this.walks = new PriorityQueue<>(Comparator.comparing((walk) -> walk.id));
			}
			this.walks.add(new Walk(answer, reader));
		}
	}

	/**
	 * Take all remaining pieces up to an id.
	 * @param target receives the pieces
	 * @return {@code false} if it has no room for all of them
	 */
	boolean take(EventId end, MissedEvents target) {
		if (this.walks == null) {
			return true;
		}
		boolean fits = true;
		Walk walk = this.walks.peek();
		while (fits && walk != null && !walk.id.isAfter(end)) {
			this.walks.poll();
			Walk other = this.walks.peek();
			fits = target.add(walk.answer, walk.reader, (other != null && end.isAfter(other.id)) ? other.id : end);
			this.looks++;
			if (!walk.reader.isOver()) {
				walk.id = walk.reader.id();
				this.walks.add(walk);
			}
			walk = this.walks.peek();
		}
		return fits;
	}

	/**
	 * The number of inspected answers.
	 */
	int looks() {
		return this.looks;
	}

	/**
	 * The position in one answer, of which at least one piece remains.
	 */
	private static final class Walk {

		private final Answer answer;

		private final Pieces.Reader reader;

		/** The id of the next piece. */
		private EventId id;

		Walk(Answer answer, Pieces.Reader reader) {
			this.answer = answer;
			this.reader = reader;
			this.id = reader.id();
		}

	}

}
