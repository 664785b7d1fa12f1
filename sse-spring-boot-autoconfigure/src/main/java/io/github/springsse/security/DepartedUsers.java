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

package io.github.springsse.security;

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Remembers users without streams, in case they return: the time of their next check, and
 * whether they have lost their streams. So a user who reconnects often is still checked,
 * and a user who has lost streams does not get new ones.
 * <p>
 * Its size is bounded: if there are too many users, it forgets the users that left first.
 * Users who have lost their streams have a separate bound. Not thread-safe.
 */
final class DepartedUsers {

	/** The next check of users who have closed their streams themselves. */
	private final Map<WatchedUser.Key, Long> left;

	/** The next check of users who have lost their streams. */
	private final Map<WatchedUser.Key, Long> lost;

	DepartedUsers(int maximum) {
		this.left = bounded(maximum);
		this.lost = bounded(maximum);
	}

	private static Map<WatchedUser.Key, Long> bounded(int maximum) {
		return new LinkedHashMap<>() {

			@Override
			protected boolean removeEldestEntry(Map.Entry<WatchedUser.Key, Long> eldest) {
				return size() > maximum;
			}

		};
	}

	/**
	 * Remember a user.
	 * @param key the user
	 * @param turn the time of the next check of the user
	 * @param isLost whether the user is no longer valid
	 */
	void add(WatchedUser.Key key, long turn, boolean isLost) {
		remove(key);
		(isLost ? this.lost : this.left).put(key, turn);
	}

	/**
	 * Forget a user.
	 * @return the time of the next check of the user, or {@code null} if the user is not
	 * remembered
	 */
	@Nullable Long remove(WatchedUser.Key key) {
		Long before = this.left.remove(key);
		return (before != null) ? before : this.lost.remove(key);
	}

	boolean isLost(WatchedUser.Key key) {
		return this.lost.containsKey(key);
	}

}
