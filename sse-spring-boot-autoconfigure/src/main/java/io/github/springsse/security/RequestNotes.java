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

import java.util.ArrayList;
import java.util.List;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * Records what happens during a request that affects streams: its use of the session, a
 * new user, and ended sessions. Used by the thread of the request only.
 */
final class RequestNotes {

	private static final String ATTRIBUTE = RequestNotes.class.getName();

	private static final ThreadLocal<RequestNotes> current = new ThreadLocal<>();

	private final HttpServletRequest request;

	private final boolean hadSession;

	private boolean forStream;

	private boolean seen;

	private @Nullable String user;

	private List<String> destroyed = List.of();

	private RequestNotes(HttpServletRequest request, boolean hadSession, boolean forStream) {
		this.request = request;
		this.hadSession = hadSession;
		this.forStream = forStream;
	}

	/**
	 * Begin to record on this thread.
	 */
	static RequestNotes begin(HttpServletRequest request, boolean hadSession, boolean forStream) {
		RequestNotes notes = new RequestNotes(request, hadSession, forStream);
		request.setAttribute(ATTRIBUTE, notes);
		current.set(notes);
		return notes;
	}

	static void end() {
		current.remove();
	}

	/**
	 * Return the notes of the request that this thread handles, if it handles one.
	 */
	static @Nullable RequestNotes current() {
		return current.get();
	}

	static boolean isAttached(HttpServletRequest request) {
		return request.getAttribute(ATTRIBUTE) != null;
	}

	/**
	 * Record that a request opens a stream, and that the guard checks its session.
	 */
	static void setForStream(HttpServletRequest request) {
		if (request.getAttribute(ATTRIBUTE) instanceof RequestNotes notes) {
			notes.forStream = true;
			notes.seen = true;
		}
	}

	/**
	 * Whether a request had a session of the container when it began.
	 */
	static boolean hadSession(HttpServletRequest request) {
		return request.getAttribute(ATTRIBUTE) instanceof RequestNotes notes && notes.hadSession;
	}

	boolean isForStream() {
		return this.forStream;
	}

	/**
	 * Whether a request for a stream was refused before the guard checked its session.
	 */
	boolean isRefused() {
		return this.forStream && !this.seen;
	}

	/**
	 * Record that the session has a user from now on, who may differ from its user
	 * before.
	 */
	void setUser(String user) {
		this.user = user;
	}

	/**
	 * Return the new user of the session, if this request has set one.
	 */
	@Nullable String user() {
		return this.user;
	}

	HttpServletRequest request() {
		return this.request;
	}

	/**
	 * Record that a session has ended.
	 * @param key its key
	 */
	void addDestroyed(String key) {
		List<String> keys = new ArrayList<>(this.destroyed);
		keys.add(key);
		this.destroyed = keys;
	}

	/**
	 * Return the keys of the sessions that have ended since the last call.
	 */
	List<String> takeDestroyed() {
		List<String> result = this.destroyed;
		this.destroyed = List.of();
		return result;
	}

}
