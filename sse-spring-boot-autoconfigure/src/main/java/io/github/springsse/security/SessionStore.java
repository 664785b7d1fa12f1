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
 * Where a session is. What is asked may block, and throws where the store does not
 * answer.
 */
interface SessionStore {

	/**
	 * Look at a session, without using it.
	 * @param id the id of the session
	 * @return what it is like, or {@code null} if it is gone
	 */
	@Nullable State look(String id);

	/**
	 * End a session.
	 * @param id the id of the session
	 */
	void invalidate(String id);

	/**
	 * Tell whether what a registry knows of a session is part of its state, so that the
	 * registry need not be asked.
	 * @param registry the registry
	 * @return whether the state says which sessions were ended
	 */
	boolean isBehind(SessionRegistry registry);

	/**
	 * What a session is like.
	 *
	 * @param id its id of now
	 * @param timeoutMillis the time for which it may be unused, 0 or less for any
	 * @param activity when it was last used, roughly, in milliseconds; 0 if it does not
	 * say
	 * @param displaced whether it was ended, which its next request will find out
	 */
	record State(String id, long timeoutMillis, long activity, boolean displaced) {

	}

}
