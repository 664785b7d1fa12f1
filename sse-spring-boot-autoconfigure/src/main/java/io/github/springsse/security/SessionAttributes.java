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

import java.util.UUID;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Stream;

import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of sessions that have had a stream: a key, because ids of sessions
 * change, and the time of the last request that was not for a stream, which all nodes
 * need to know.
 */
final class SessionAttributes {

	private static final String KEY = "io.github.springsse.KEY";

	private static final String ACTIVITY = "io.github.springsse.ACTIVITY";

	/** The recorded time of use may be too early by this fraction of the timeout. */
	private static final int PARTS = 20;

	/**
	 * Locks by the ids of sessions: a store that is slow for one session must not delay
	 * all others.
	 */
	private static final Lock[] locks = Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

	private SessionAttributes() {
	}

	/**
	 * Return the key of a session, {@code null} before its first stream.
	 */
	static @Nullable String key(HttpSession session) {
		return (session.getAttribute(KEY) instanceof String key) ? key : null;
	}

	/**
	 * Return the key of a session, and create one if it has none. Streams of one session
	 * that are opened concurrently on this node get the same key.
	 */
	static String keyFor(HttpSession session, long now) {
		String key = key(session);
		return (key != null) ? key : newKey(session, now);
	}

	private static String newKey(HttpSession session, long now) {
		Lock lock = locks[Math.floorMod(session.getId().hashCode(), locks.length)];
		lock.lock();
		try {
			String key = key(session);
			if (key == null) {
				key = UUID.randomUUID().toString();
				session.setAttribute(ACTIVITY, now);
				session.setAttribute(KEY, key);
			}
			return key;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Return when a session was last used, or a slightly earlier time; 0 if it is
	 * unknown.
	 */
	static long activity(Function<String, @Nullable Object> attributes) {
		return (attributes.apply(ACTIVITY) instanceof Long activity) ? activity : 0;
	}

	/**
	 * Record that a session is used, unless that was recorded recently.
	 */
	static void use(HttpSession session, long now) {
		long timeout = session.getMaxInactiveInterval() * 1000L;
		if (timeout > 0 && now - activity(session::getAttribute) >= tolerance(timeout)) {
			session.setAttribute(ACTIVITY, now);
		}
	}

	/**
	 * Whether a session has been unused for longer than its timeout. The current request,
	 * which is for a stream, does not count.
	 */
	static boolean isIdle(HttpSession session, long now) {
		long timeout = session.getMaxInactiveInterval() * 1000L;
		long activity = activity(session::getAttribute);
		return timeout > 0 && activity > 0 && deadline(activity, timeout) <= now;
	}

	/**
	 * Return when a session is to end if it is not used. The recorded time of use may be
	 * too early, so the tolerance is added.
	 */
	static long deadline(long activity, long timeoutMillis) {
		return activity + timeoutMillis + tolerance(timeoutMillis);
	}

	private static long tolerance(long timeoutMillis) {
		return timeoutMillis / PARTS;
	}

}
