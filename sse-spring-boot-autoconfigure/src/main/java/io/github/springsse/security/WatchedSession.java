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

import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A session with open streams on this node. All state that changes is guarded by the lock
 * of {@link WatchedSessions}.
 */
final class WatchedSession {

	final String key;

	final SessionStore store;

	final long since;

	final Set<GuardedStream> streams = new HashSet<>();

	String id;

	/** The previous id, until the store has found the session by the new one. */
	@Nullable String previousId;

	/**
	 * Whether the store has the session. It receives a new session when the response is
	 * committed.
	 */
	boolean stored;

	/** When requests on this node last used the session. */
	long activity;

	WatchedSession(String key, String id, SessionStore store, long since) {
		this.key = key;
		this.id = id;
		this.store = store;
		this.since = since;
	}

}
