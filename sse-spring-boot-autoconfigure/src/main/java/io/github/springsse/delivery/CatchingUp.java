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
 * A queue of the streams of a shard that are behind and accept bytes. They take turns,
 * and each pass of the loop spends a limited share of its time on them, so that the other
 * streams receive their events first, however many streams are behind and however far. A
 * stream is in the queue at most once. Owned by the thread of the loop.
 */
final class CatchingUp {

	/** The maximum cost of all turns in one pass, in events: some milliseconds. */
	private static final int SHARE = 8192;

	/** The fixed cost of a turn, as a number of events. */
	private static final int TURN = 64;

	private @Nullable StreamState first;

	private @Nullable StreamState last;

	void add(StreamState state) {
		if (state.catchingUp) {
			return;
		}
		state.catchingUp = true;
		if (this.last != null) {
			this.last.nextCatchingUp = state;
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
	 * Give the streams their turns until the share is used up. If a turn fails, the other
	 * streams keep their places.
	 * @param turn delivers missed events to a stream, and returns the number of events
	 * that were examined
	 */
	void take(ToIntFunction<StreamState> turn) {
		int used = 0;
		StreamState current;
		while (used < SHARE && (current = removeFirst()) != null) {
			if (current.stream().isReachable() && current.canCatchUp()) {
				used += TURN + turn.applyAsInt(current);
			}
		}
	}

	private @Nullable StreamState removeFirst() {
		StreamState removed = this.first;
		if (removed != null) {
			this.first = removed.nextCatchingUp;
			this.last = (this.first != null) ? this.last : null;
			removed.nextCatchingUp = null;
			removed.catchingUp = false;
		}
		return removed;
	}

}
