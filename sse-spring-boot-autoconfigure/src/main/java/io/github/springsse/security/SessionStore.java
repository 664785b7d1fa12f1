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

import org.jspecify.annotations.Nullable;

import org.springframework.security.core.session.SessionRegistry;

/**
 * Access to a session in its store. Its methods may block, and they throw an exception if
 * the store does not answer.
 */
interface SessionStore {

	/**
	 * Look up a session without using it.
	 * @param id the id of the session
	 * @return its state, or {@code null} if the session has ended
	 */
	@Nullable State look(String id);

	/**
	 * End a session.
	 * @param id the id of the session
	 */
	void invalidate(String id);

	/**
	 * Whether a registry stores its information in the sessions themselves. Then
	 * {@link State#displaced} contains it, and the registry need not be queried.
	 * @param registry the registry
	 * @return whether the registry uses this store
	 */
	boolean isBehind(SessionRegistry registry);

	/**
	 * The state of a session.
	 *
	 * @param id its current id
	 * @param timeoutMillis the time for which it may be unused, 0 or less for no limit
	 * @param activity the approximate time of its last use in milliseconds, 0 if unknown
	 * @param displaced whether the session was marked as expired, so that its next
	 * request fails
	 */
	record State(String id, long timeoutMillis, long activity, boolean displaced) {

	}

}
