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

package io.github.springsse.log;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Topics by the binary logarithm of their bytes: which are the largest is known within a
 * factor of two, at a cost that does not depend on how many there are. Topics without
 * events are not among them. Guarded by the lock of {@link TopicHistories}.
 */
final class TopicsBySize {

	private final List<LinkedHashSet<TopicHistory>> classes = new ArrayList<>();

	TopicsBySize() {
		for (int i = 0; i <= Long.SIZE; i++) {
			this.classes.add(new LinkedHashSet<>());
		}
	}

	/**
	 * Note that the size of a topic has changed.
	 * @param bytesBefore its size before, 0 if it had no events
	 */
	void update(TopicHistory history, long bytesBefore) {
		int before = classOf(bytesBefore);
		int after = classOf(history.bytes());
		if (before != after) {
			this.classes.get(before).remove(history);
			if (history.bytes() > 0) {
				this.classes.get(after).add(history);
			}
		}
	}

	private static int classOf(long bytes) {
		return Long.SIZE - Long.numberOfLeadingZeros(bytes);
	}

	/**
	 * Return one of the largest topics: of those of the largest power of two the one that
	 * has been there for the longest time.
	 */
	TopicHistory largest() {
		for (int i = this.classes.size() - 1; i > 0; i--) {
			if (!this.classes.get(i).isEmpty()) {
				return this.classes.get(i).iterator().next();
			}
		}
		throw new IllegalStateException("No topic has events");
	}

}
