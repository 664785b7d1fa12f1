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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.security.core.session.SessionInformation;
import org.springframework.security.core.session.SessionRegistry;

/**
 * The sessions with open streams on this node. Each session is checked once per interval,
 * whatever the number of its streams, to notice ends that the store does not report.
 * <p>
 * <em>Invariants:</em> a session is in both maps from its first stream until its last
 * stream is closed or the session ends. Then it is in neither, and a stream that is
 * opened later finds or creates another entry. While a session is in the maps, it is in
 * the queue, or one thread checks it. The lock is never held while a store, a registry or
 * a stream is called. Thread-safe.
 */
final class WatchedSessions {

	private static final Log logger = LogFactory.getLog(WatchedSessions.class);

	/** The maximum time in milliseconds until the store has a new session. */
	private static final long STORING = 60_000;

	private final ExpirySettings settings;

	private final Supplier<@Nullable SessionRegistry> registry;

	private final RareWarning failure = new RareWarning(logger,
			"The sessions of open streams could not be checked, so that the streams stay open");

	private final Lock lock = new ReentrantLock();

	/** Guarded by the lock, like the next field. */
	private final Map<String, WatchedSession> byKey = new HashMap<>();

	private final Map<String, WatchedSession> byId = new HashMap<>();

	private final DueQueue<WatchedSession> queue = new DueQueue<>();

	WatchedSessions(ExpirySettings settings, Supplier<@Nullable SessionRegistry> registry) {
		this.settings = settings;
		this.registry = registry;
	}

	/**
	 * Add a stream that ends with a session.
	 * @param stream the stream
	 * @param key the key in the session
	 * @param id the id of the session
	 * @param store the store of the session
	 * @param isNew whether the session may be missing in the store yet
	 * @param now the time
	 */
	void add(GuardedStream stream, String key, String id, SessionStore store, boolean isNew, long now) {
		this.lock.lock();
		try {
			WatchedSession session = find(key, id);
			if (session == null) {
				session = new WatchedSession(key, id, store, now);
				session.stored = !isNew;
				this.byKey.put(key, session);
				this.byId.put(id, session);
				long interval = this.settings.checkMillis();
				this.queue.set(session, now + ThreadLocalRandom.current().nextLong(interval / 2, interval));
			}
			session.streams.add(stream);
			stream.session = session;
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable WatchedSession find(String key, String id) {
		WatchedSession session = this.byKey.get(key);
		return (session != null) ? session : this.byId.get(id);
	}

	void remove(GuardedStream stream) {
		this.lock.lock();
		try {
			WatchedSession session = stream.session;
			if (session != null && session.streams.remove(stream) && session.streams.isEmpty()) {
				forget(session);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isWatched(WatchedSession session) {
		return this.byKey.get(session.key) == session;
	}

	private void forget(WatchedSession session) {
		if (isWatched(session)) {
			this.byKey.remove(session.key);
			this.byId.remove(session.id, session);
			this.byId.remove(session.previousId, session);
			this.queue.remove(session);
		}
	}

	/**
	 * End the streams of the session with a key.
	 */
	void end(String key, EndReason reason) {
		end(this.byKey, key, reason);
	}

	/**
	 * End the streams of the session with a key, except the streams of one user.
	 * @param key the key in the session
	 * @param user the name of the user that the session has now
	 * @param reason the reason
	 */
	void endOthers(String key, String user, EndReason reason) {
		List<GuardedStream> others = List.of();
		this.lock.lock();
		try {
			WatchedSession session = this.byKey.get(key);
			if (session != null) {
				others = session.streams.stream().filter((stream) -> !stream.user().equals(user)).toList();
			}
		}
		finally {
			this.lock.unlock();
		}
		if (!others.isEmpty() && logger.isDebugEnabled()) {
			logger.debug("Ending " + others.size() + " stream(s) of a session that has another user: " + reason);
		}
		others.forEach((stream) -> stream.end(reason));
	}

	/**
	 * End the streams of the session that has or had an id.
	 */
	void endById(String id, EndReason reason) {
		end(this.byId, id, reason);
	}

	private void end(Map<String, WatchedSession> sessions, String name, EndReason reason) {
		WatchedSession session;
		this.lock.lock();
		try {
			session = sessions.get(name);
		}
		finally {
			this.lock.unlock();
		}
		if (session != null) {
			end(session, reason);
		}
	}

	private void end(WatchedSession session, EndReason reason) {
		List<GuardedStream> streams;
		this.lock.lock();
		try {
			forget(session);
			streams = List.copyOf(session.streams);
		}
		finally {
			this.lock.unlock();
		}
		if (!streams.isEmpty() && logger.isDebugEnabled()) {
			logger.debug("Ending " + streams.size() + " stream(s) of a session: " + reason);
		}
		streams.forEach((stream) -> stream.end(reason));
	}

	/**
	 * Record that the id of a session is being changed. The store may know the old id for
	 * a while.
	 */
	void changeId(String id, String newId) {
		this.lock.lock();
		try {
			WatchedSession session = this.byId.get(id);
			if (session != null && !id.equals(newId)) {
				setId(session, newId);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void setId(WatchedSession session, String newId) {
		this.byId.remove(session.previousId, session);
		session.previousId = session.id;
		session.id = newId;
		this.byId.put(newId, session);
	}

	/**
	 * Record that a request that was not for a stream has used a session.
	 * @param key the key in the session
	 * @param id the id of the session, which may be new
	 * @param now the time
	 */
	void use(String key, String id, long now) {
		this.lock.lock();
		try {
			WatchedSession session = find(key, id);
			if (session != null) {
				session.activity = now;
				// NOTE: a request that began before the change has the old id
				if (!id.equals(session.id) && !id.equals(session.previousId)) {
					setId(session, id);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isDue(long now) {
		return this.queue.isDue(now);
	}

	/**
	 * Check one session that is due.
	 * @param now the time
	 * @return whether there was one
	 */
	boolean checkOne(long now) {
		WatchedSession session = this.queue.poll(now);
		if (session == null) {
			return false;
		}
		long next = now + this.settings.checkMillis();
		try {
			next = Math.min(next, check(session, now));
		}
		catch (RuntimeException ex) {
			this.failure.log(ex, now);
		}
		finally {
			putBack(session, next);
		}
		return true;
	}

	private void putBack(WatchedSession session, long next) {
		this.lock.lock();
		try {
			if (isWatched(session)) {
				this.queue.set(session, next);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Check a session, and end its streams if it has ended or must end.
	 * @return when the session must end if it is not used
	 */
	private long check(WatchedSession session, long now) {
		SessionStore.State state = look(session);
		if (state == null) {
			if (!isAwaited(session, now)) {
				end(session, EndReason.SESSION);
			}
			return Long.MAX_VALUE;
		}
		if (state.displaced() || isDisplaced(session, state.id())) {
			end(session, EndReason.SESSION);
			return Long.MAX_VALUE;
		}
		if (!this.settings.idleLogout() || state.timeoutMillis() <= 0) {
			return Long.MAX_VALUE;
		}
		long deadline = deadline(session, state);
		if (deadline <= now) {
			// NOTE: before its streams end, since their clients would reconnect and use
			// it
			session.store.invalidate(state.id());
			end(session, EndReason.SESSION);
		}
		return deadline;
	}

	/**
	 * NOTE: the old id is looked up before the new one. If the store changes the id in
	 * between, the second lookup finds the session.
	 */
	private SessionStore.@Nullable State look(WatchedSession session) {
		String previous;
		this.lock.lock();
		try {
			previous = session.previousId;
		}
		finally {
			this.lock.unlock();
		}
		SessionStore.State state = (previous != null) ? session.store.look(previous) : null;
		if (state != null) {
			return state;
		}
		String id;
		this.lock.lock();
		try {
			id = session.id;
		}
		finally {
			this.lock.unlock();
		}
		state = session.store.look(id);
		if (state != null) {
			settle(session, id, previous);
		}
		return state;
	}

	private void settle(WatchedSession session, String id, @Nullable String previous) {
		this.lock.lock();
		try {
			session.stored = true;
			if (previous != null && previous.equals(session.previousId) && id.equals(session.id)) {
				this.byId.remove(previous, session);
				session.previousId = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isAwaited(WatchedSession session, long now) {
		this.lock.lock();
		try {
			return !session.stored && now - session.since < STORING;
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isDisplaced(WatchedSession session, String id) {
		SessionRegistry sessionRegistry = this.registry.get();
		if (sessionRegistry == null || session.store.isBehind(sessionRegistry)) {
			return false;
		}
		SessionInformation information = sessionRegistry.getSessionInformation(id);
		return information != null && information.isExpired();
	}

	/**
	 * NOTE: if the attributes of the session were cleared, the time of its first stream
	 * on this node counts as its last use.
	 */
	private long deadline(WatchedSession session, SessionStore.State state) {
		long timeout = state.timeoutMillis();
		this.lock.lock();
		try {
			return Math.max(session.activity + timeout, (state.activity() > 0)
					? SessionAttributes.deadline(state.activity(), timeout) : session.since + timeout);
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.byKey.size();
		}
		finally {
			this.lock.unlock();
		}
	}

}
