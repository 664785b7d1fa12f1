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
 * Answers with pieces, linked in the order of their latest piece. Finds the answers with
 * pieces after an id. Guarded by the lock of {@link TopicHistories}.
 */
final class AnswersByRecency {

	private @Nullable Answer mostRecent;

	/**
	 * Note that an answer has received a piece that is newer than all others.
	 */
	void moveToFront(Answer answer) {
		if (this.mostRecent == answer) {
			return;
		}
		remove(answer);
		answer.linked = true;
		answer.lessRecent = this.mostRecent;
		if (this.mostRecent != null) {
			this.mostRecent.moreRecent = answer;
		}
		this.mostRecent = answer;
	}

	/**
	 * Remove an answer that has no pieces any more.
	 */
	void remove(Answer answer) {
		if (!answer.linked) {
			return;
		}
		Answer less = answer.lessRecent;
		Answer more = answer.moreRecent;
		if (less != null) {
			less.moreRecent = more;
		}
		if (more != null) {
			more.lessRecent = less;
		}
		else {
			this.mostRecent = less;
		}
		answer.linked = false;
		answer.lessRecent = null;
		answer.moreRecent = null;
	}

	/**
	 * Return the answer with the latest piece.
	 */
	@Nullable Answer mostRecent() {
		return this.mostRecent;
	}

}
