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

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * The streams of a shard that have something to be written, and take it. Each is in here
 * once. Owned by the thread of the loop.
 */
final class PendingWrites {

	private List<Delivering> pending = new ArrayList<>();

	private List<Delivering> taken = new ArrayList<>();

	void add(Delivering delivering) {
		if (!delivering.dirty && delivering.ready) {
			delivering.dirty = true;
			this.pending.add(delivering);
		}
	}

	boolean isEmpty() {
		return this.pending.isEmpty();
	}

	/**
	 * Take every stream out and have it written to. What is added meanwhile stays for the
	 * next time.
	 * @param writing writes to a stream that is reachable, and returns how many events
	 * left
	 * @return how many events left altogether
	 */
	int take(ToIntFunction<Delivering> writing) {
		List<Delivering> current = this.pending;
		this.pending = this.taken;
		this.taken = current;
		int events = 0;
		for (Delivering delivering : current) {
			delivering.dirty = false;
			if (delivering.stream.isReachable()) {
				events += writing.applyAsInt(delivering);
			}
		}
		current.clear();
		return events;
	}

}
