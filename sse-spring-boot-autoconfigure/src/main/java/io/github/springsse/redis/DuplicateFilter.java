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

package io.github.springsse.redis;

import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Recognises entries that are in the stream twice. Its memory is bounded: it keeps the
 * newest {@value #WINDOW} numbers of each node, and the nodes that appended last. An
 * entry of a node that it no longer keeps is treated as new, because delivering it twice
 * is better than never. Owned by one thread.
 */
final class DuplicateFilter {

	static final int WINDOW = 16384;

	private static final int MAX_NODES = 256;

	private final Map<Long, Window> nodes = new LinkedHashMap<>(16, 0.75f, true) {

		@Override
		protected boolean removeEldestEntry(Map.Entry<Long, Window> eldest) {
			return size() > MAX_NODES;
		}

	};

	/**
	 * Record an entry.
	 * @return whether it was recorded before
	 */
	boolean isRepeated(Token token) {
		return !this.nodes.computeIfAbsent(token.node(), (node) -> new Window()).add(token.number());
	}

	/**
	 * Forget all entries. After a loss, recorded entries may be missing from the stream,
	 * and entries that are sent again in their place must be treated as new.
	 */
	void clear() {
		this.nodes.clear();
	}

	/**
	 * A ring of bits, one for each of the newest numbers.
	 */
	private static final class Window {

		private final BitSet seen = new BitSet();

		private long newest = -1;

		boolean add(long number) {
			if (number <= this.newest - WINDOW || number < 0) {
				return true;
			}
			for (long skipped = Math.max(this.newest + 1, number - WINDOW + 1); skipped < number; skipped++) {
				this.seen.clear(index(skipped));
			}
			boolean added = number > this.newest || !this.seen.get(index(number));
			this.seen.set(index(number));
			this.newest = Math.max(this.newest, number);
			return added;
		}

		private static int index(long number) {
			return (int) (number % WINDOW);
		}

	}

}
