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
 * What is remembered of users without streams, in case that they come back: when it is
 * their turn to be looked at, and whether they have lost their streams. So nobody is
 * passed over who comes and goes, and who has lost their streams does not get others.
 * <p>
 * Bounded: of very many, those are forgotten that left first, and those who have lost
 * their streams only for others who have. Not thread-safe.
 */
final class DepartedUsers {

	/** When it is the turn of those who have left by themselves. */
	private final Map<WatchedUser.Key, Long> left;

	/** When it was the turn of those who have lost their streams. */
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
	 * @param turn the time at which the user was to be looked at next
	 * @param isLost whether the user is no longer valid
	 */
	void add(WatchedUser.Key key, long turn, boolean isLost) {
		remove(key);
		(isLost ? this.lost : this.left).put(key, turn);
	}

	/**
	 * Forget a user.
	 * @return the time at which the user was to be looked at next, or {@code null} if
	 * nothing is known
	 */
	@Nullable Long remove(WatchedUser.Key key) {
		Long before = this.left.remove(key);
		return (before != null) ? before : this.lost.remove(key);
	}

	boolean isLost(WatchedUser.Key key) {
		return this.lost.containsKey(key);
	}

}
