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

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.session.SessionRegistry;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.session.web.http.SessionRepositoryFilter;

/**
 * A session of Spring Session, which must be looked up in its repository: the session
 * object of a request is a copy, which does not change when the session ends. A lookup
 * does not count as use of the session.
 */
final class RepositorySession implements SessionStore {

	/**
	 * The request attribute in which Spring Session stores the session after the request
	 * has used it.
	 */
	private static final String USED = SessionRepositoryFilter.SESSION_REPOSITORY_ATTR + ".CURRENT_SESSION";

	/**
	 * The session attribute that marks a session as expired, so that its next request
	 * fails.
	 */
	private static final String EXPIRED = "org.springframework.session.security.SpringSessionBackedSessionInformation"
			+ ".EXPIRED";

	/**
	 * Whether this version of Spring Session stores the session of a request elsewhere.
	 */
	private static volatile boolean useUnknown;

	private final SessionRepository<?> repository;

	private RepositorySession(SessionRepository<?> repository) {
		this.repository = repository;
	}

	/**
	 * Return the store of the session of a request, {@code null} if it is not a session
	 * of Spring Session.
	 */
	static @Nullable RepositorySession of(HttpServletRequest request) {
		return (request
			.getAttribute(SessionRepositoryFilter.SESSION_REPOSITORY_ATTR) instanceof SessionRepository<?> repository)
					? new RepositorySession(repository) : null;
	}

	/**
	 * Whether a request has used its session, so that getting it costs nothing.
	 */
	static boolean isUsed(HttpServletRequest request) {
		return useUnknown || request.getAttribute(SessionRepositoryFilter.SESSION_REPOSITORY_ATTR) == null
				|| request.getAttribute(USED) != null;
	}

	/**
	 * Called when a request has used its session: if the attribute is missing then,
	 * {@link #isUsed} cannot rely on it.
	 */
	static void checkUsed(HttpServletRequest request) {
		if (!isUsed(request)) {
			useUnknown = true;
		}
	}

	@Override
	public @Nullable State look(String id) {
		Session session = this.repository.findById(id);
		return (session != null)
				? new State(id, session.getMaxInactiveInterval().toMillis(),
						SessionAttributes.activity(session::getAttribute), session.getAttribute(EXPIRED) != null)
				: null;
	}

	@Override
	public void invalidate(String id) {
		this.repository.deleteById(id);
	}

	@Override
	public boolean isBehind(SessionRegistry registry) {
		return registry instanceof SpringSessionBackedSessionRegistry;
	}

}
