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

import org.jspecify.annotations.Nullable;

/**
 * Topics, grouped by the binary logarithm of their size. Finds one of the largest topics,
 * within a factor of two, at a cost that is independent of the number of topics. Contains
 * no topics without events. Guarded by the lock of {@link TopicHistories}.
 */
final class TopicsBySize {

	/** For each logarithm, the topic that has been in the group for the longest time. */
	private final @Nullable TopicHistory[] first = new @Nullable TopicHistory[Long.SIZE + 1];

	private final @Nullable TopicHistory[] last = new @Nullable TopicHistory[Long.SIZE + 1];

	/**
	 * Update the group of a topic whose size changed.
	 * @param bytesBefore the previous size, 0 if it had no events
	 */
	void update(TopicHistory history, long bytesBefore) {
		int before = classOf(bytesBefore);
		int after = classOf(history.bytes());
		if (before != after) {
			if (before > 0) {
				remove(history, before);
			}
			if (after > 0) {
				add(history, after);
			}
		}
	}

	private void add(TopicHistory history, int size) {
		TopicHistory before = this.last[size];
		history.previousOfSize = before;
		if (before != null) {
			before.nextOfSize = history;
		}
		else {
			this.first[size] = history;
		}
		this.last[size] = history;
	}

	private void remove(TopicHistory history, int size) {
		TopicHistory before = history.previousOfSize;
		TopicHistory after = history.nextOfSize;
		if (before != null) {
			before.nextOfSize = after;
		}
		else {
			this.first[size] = after;
		}
		if (after != null) {
			after.previousOfSize = before;
		}
		else {
			this.last[size] = before;
		}
		history.previousOfSize = null;
		history.nextOfSize = null;
	}

	private static int classOf(long bytes) {
		return Long.SIZE - Long.numberOfLeadingZeros(bytes);
	}

	/**
	 * Return one of the largest topics: in the group with the largest sizes, the one that
	 * has been there for the longest time.
	 */
	TopicHistory largest() {
		for (int i = Long.SIZE; i > 0; i--) {
			TopicHistory history = this.first[i];
			if (history != null) {
				return history;
			}
		}
		throw new IllegalStateException("No topic has events");
	}

}
