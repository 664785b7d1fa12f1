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

package io.github.springsse.delivery;

import java.util.function.ToIntFunction;

import org.jspecify.annotations.Nullable;

/**
 * A queue of the streams of a shard that have frames to write, and accept bytes. A stream
 * is in the queue at most once. The streams are linked to each other, so that adding one
 * cannot fail, even if memory is exhausted. Owned by the thread of the loop.
 */
final class PendingWrites {

	private @Nullable StreamState first;

	private @Nullable StreamState last;

	void add(StreamState state) {
		if (state.pending || !state.isReady()) {
			return;
		}
		state.pending = true;
		if (this.last != null) {
			this.last.nextPending = state;
		}
		else {
			this.first = state;
		}
		this.last = state;
	}

	boolean isEmpty() {
		return this.first == null;
	}

	/**
	 * Remove each stream and write to it. Streams that are added meanwhile stay for the
	 * next call, and so do the remaining streams if writing fails.
	 * @param writing writes to a reachable stream, and returns the number of events
	 * written
	 * @return the total number of events written
	 */
	int take(ToIntFunction<StreamState> writing) {
		StreamState end = this.last;
		StreamState current = null;
		int events = 0;
		while (current != end) {
			current = removeFirst();
			if (current.stream().isReachable()) {
				events += writing.applyAsInt(current);
			}
		}
		return events;
	}

	private StreamState removeFirst() {
		StreamState removed = this.first;
		if (removed == null) {
			throw new IllegalStateException("No stream is pending");
		}
		this.first = removed.nextPending;
		if (this.first == null) {
			this.last = null;
		}
		removed.nextPending = null;
		removed.pending = false;
		return removed;
	}

}
