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
 * What the starter keeps in sessions that have had a stream: a key, since ids change, and
 * when the session was last used by a request that was not for a stream, which all nodes
 * see.
 */
final class SessionAttributes {

	private static final String KEY = "io.github.springsse.KEY";

	private static final String ACTIVITY = "io.github.springsse.ACTIVITY";

	/** The part of its timeout by which a session may seem to be unused for longer. */
	private static final int PARTS = 20;

	/**
	 * By the ids of sessions: a store that is slow for one must not hold up the others.
	 */
	private static final Lock[] locks = Stream.generate(ReentrantLock::new).limit(64).toArray(Lock[]::new);

	private SessionAttributes() {
	}

	/**
	 * Return the key of a session, which has none before its first stream.
	 */
	static @Nullable String key(HttpSession session) {
		return (session.getAttribute(KEY) instanceof String key) ? key : null;
	}

	/**
	 * Return the key of a session, after having given it one if it has none. Streams of
	 * one session that are opened at once on this node get the same.
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
	 * Return when a session was last used, or a little earlier; 0 if it does not say.
	 */
	static long activity(Function<String, @Nullable Object> attributes) {
		return (attributes.apply(ACTIVITY) instanceof Long activity) ? activity : 0;
	}

	/**
	 * Note that a session is used, unless that was noted a moment ago.
	 */
	static void use(HttpSession session, long now) {
		long timeout = session.getMaxInactiveInterval() * 1000L;
		if (timeout > 0 && now - activity(session::getAttribute) >= tolerance(timeout)) {
			session.setAttribute(ACTIVITY, now);
		}
	}

	/**
	 * Tell whether a session has been unused for too long: that of a request for a
	 * stream, which does not count.
	 */
	static boolean isIdle(HttpSession session, long now) {
		long timeout = session.getMaxInactiveInterval() * 1000L;
		long activity = activity(session::getAttribute);
		return timeout > 0 && activity > 0 && deadline(activity, timeout) <= now;
	}

	/**
	 * Return when a session will have been unused for too long, by what it says itself:
	 * it may have been used a little later.
	 */
	static long deadline(long activity, long timeoutMillis) {
		return activity + timeoutMillis + tolerance(timeoutMillis);
	}

	private static long tolerance(long timeoutMillis) {
		return timeoutMillis / PARTS;
	}

}
