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
 * Topics, linked in the order of their latest entries. Finds the topic that has been
 * silent for the longest time. Guarded by the lock of {@link TopicHistories}.
 */
final class TopicsByRecency {

	private @Nullable TopicHistory mostRecent;

	private @Nullable TopicHistory leastRecent;

	/** The topic that {@link #nextInTurn} returns next. */
	private @Nullable TopicHistory turn;

	/**
	 * Add a topic whose latest entry is newer than those of all others.
	 */
	void add(TopicHistory history) {
		history.lessRecent = this.mostRecent;
		if (this.mostRecent != null) {
			this.mostRecent.moreRecent = history;
		}
		else {
			this.leastRecent = history;
		}
		this.mostRecent = history;
	}

	void remove(TopicHistory history) {
		TopicHistory less = history.lessRecent;
		TopicHistory more = history.moreRecent;
		if (this.turn == history) {
			this.turn = more;
		}
		if (less != null) {
			less.moreRecent = more;
		}
		else {
			this.leastRecent = more;
		}
		if (more != null) {
			more.lessRecent = less;
		}
		else {
			this.mostRecent = less;
		}
		history.lessRecent = null;
		history.moreRecent = null;
	}

	/**
	 * Return the topic that has been silent for the longest time.
	 */
	@Nullable TopicHistory leastRecent() {
		return this.leastRecent;
	}

	/**
	 * Return the topic with the latest entry of all.
	 */
	@Nullable TopicHistory mostRecent() {
		return this.mostRecent;
	}

	/**
	 * Return the topics in turn, from the least recent to the most recent, and then from
	 * the beginning again.
	 */
	@Nullable TopicHistory nextInTurn() {
		TopicHistory next = (this.turn != null) ? this.turn : this.leastRecent;
		this.turn = (next != null) ? next.moreRecent : null;
		return next;
	}

}
