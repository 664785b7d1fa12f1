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

import java.io.IOException;
import java.util.Enumeration;
import java.util.function.LongSupplier;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;

/**
 * Records the use of sessions by requests that are not for streams, and new users of
 * sessions. It does so after the request, because only then it is known whether the
 * request was for a stream, and which session it has. The filter also ends sessions that
 * were used by requests for streams only. It must run after the filters that give
 * requests their sessions, and before Spring Security.
 */
final class SessionUseFilter implements Filter {

	private final WatchedSessions sessions;

	private final boolean springSession;

	private final boolean noting;

	private final LongSupplier clock;

	/**
	 * Create a filter.
	 * @param sessions the sessions with open streams, which are notified
	 * @param springSession whether Spring Session may be in use
	 * @param noting whether the use is recorded in the sessions
	 * @param clock the time in milliseconds
	 */
	SessionUseFilter(WatchedSessions sessions, boolean springSession, boolean noting, LongSupplier clock) {
		this.sessions = sessions;
		this.springSession = springSession;
		this.noting = noting;
		this.clock = clock;
	}

	@Override
	public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		if (!(request instanceof HttpServletRequest httpRequest) || RequestNotes.isAttached(httpRequest)) {
			chain.doFilter(request, response);
			return;
		}
		RequestNotes notes = RequestNotes.begin(httpRequest, hasSession(httpRequest), asksForStream(httpRequest));
		try {
			if (!notes.isForStream()) {
				endIdle(httpRequest);
			}
			chain.doFilter(request, response);
		}
		finally {
			if (notes.isRefused()) {
				endIdle(httpRequest);
			}
			RequestNotes.end();
			notes.takeDestroyed().forEach((key) -> this.sessions.end(key, EndReason.SESSION));
			if (!notes.isForStream()) {
				noteUse(httpRequest);
			}
			String user = notes.user();
			if (user != null) {
				noteUser(httpRequest, user);
			}
		}
	}

	/**
	 * End a session that only requests for streams have used for its timeout. A session
	 * of Spring Session that this request has not used yet is not loaded.
	 */
	private void endIdle(HttpServletRequest request) {
		if (!this.noting) {
			return;
		}
		try {
			HttpSession session = usedSession(request);
			if (session != null && SessionAttributes.isIdle(session, this.clock.getAsLong())) {
				session.invalidate();
			}
		}
		catch (IllegalStateException ex) {
			// the session has ended, or there are none
		}
	}

	/**
	 * Whether a request asks for a stream, even if it is refused later.
	 */
	private static boolean asksForStream(HttpServletRequest request) {
		Enumeration<String> accepted = request.getHeaders(HttpHeaders.ACCEPT);
		while (accepted.hasMoreElements()) {
			if (accepted.nextElement().contains(MediaType.TEXT_EVENT_STREAM_VALUE)) {
				return true;
			}
		}
		return false;
	}

	private boolean hasSession(HttpServletRequest request) {
		try {
			return usedSession(request) != null;
		}
		catch (IllegalStateException ex) {
			// there are no sessions
			return false;
		}
	}

	private void noteUse(HttpServletRequest request) {
		try {
			HttpSession session = usedSession(request);
			String key = (session != null) ? SessionAttributes.key(session) : null;
			if (session != null && key != null) {
				long now = this.clock.getAsLong();
				this.sessions.use(key, session.getId(), now);
				if (this.noting) {
					SessionAttributes.use(session, now);
				}
			}
		}
		catch (IllegalStateException ex) {
			// the session has ended, or the request has, because another thread continued
			// it
		}
	}

	/**
	 * End the streams of the user that a login or a switch of users has replaced.
	 */
	private void noteUser(HttpServletRequest request, String user) {
		try {
			HttpSession session = usedSession(request);
			String key = (session != null) ? SessionAttributes.key(session) : null;
			if (key != null) {
				this.sessions.endOthers(key, user, EndReason.LOGOUT);
			}
		}
		catch (IllegalStateException ex) {
			// the session has ended, or there are none
		}
	}

	/**
	 * NOTE: with Spring Session, getting a session that the request has not used would
	 * load the session and count as use.
	 */
	private @Nullable HttpSession usedSession(HttpServletRequest request) {
		return (this.springSession && !RepositorySession.isUsed(request)) ? null : request.getSession(false);
	}

}
