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
import java.util.function.BiPredicate;

import io.github.springsse.TopicPattern;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.security.core.Authentication;

/**
 * The users with open streams on this node. Each user is checked once per interval,
 * whatever the number of streams.
 * <p>
 * <em>Invariants:</em> a user is in the map from the first stream until the last stream
 * is closed or the user is no longer valid, and then for a while in
 * {@link DepartedUsers}. While a user is in the map, it is in the queue, or one thread
 * checks it. The lock is never held while a check or a stream is called. Thread-safe.
 */
final class WatchedUsers {

	private static final Log logger = LogFactory.getLog(WatchedUsers.class);

	/**
	 * The maximum number of departed users of each kind. They hold principals, which may
	 * have some kilobytes.
	 */
	private static final int MAX_DEPARTED = 1000;

	private final SseAuthenticationCheck check;

	private final BiPredicate<List<TopicPattern>, Authentication> topics;

	private final long interval;

	private final RareWarning failure = new RareWarning(logger,
			"The users of open streams could not be checked, so that the streams stay open");

	private final Lock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final Map<WatchedUser.Key, WatchedUser> users = new HashMap<>();

	/** Guarded by the lock. */
	private final DepartedUsers departed = new DepartedUsers(MAX_DEPARTED);

	private final DueQueue<WatchedUser> queue = new DueQueue<>();

	/**
	 * Create an instance without users.
	 * @param check decides whether a user may have streams
	 * @param topics decides whether a user may still subscribe to the topics of a stream
	 * @param intervalMillis the time between two checks of a user
	 */
	WatchedUsers(SseAuthenticationCheck check, BiPredicate<List<TopicPattern>, Authentication> topics,
			long intervalMillis) {
		this.check = check;
		this.topics = topics;
		this.interval = intervalMillis;
	}

	void add(GuardedStream stream, Authentication authentication, long now) {
		WatchedUser.Key key = WatchedUser.Key.of(authentication);
		this.lock.lock();
		try {
			WatchedUser user = this.users.get(key);
			if (user == null) {
				user = new WatchedUser(key, authentication);
				this.users.put(key, user);
				user.turn = firstTurn(key, now);
				this.queue.set(user, user.turn);
			}
			user.streams.add(stream);
			stream.watchedUser = user;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * NOTE: a user who returns keeps the time of the next check, or is checked soon if
	 * that time has passed. The random delay spreads the checks of many users who return
	 * at once.
	 */
	private long firstTurn(WatchedUser.Key key, long now) {
		Long turn = this.departed.remove(key);
		ThreadLocalRandom random = ThreadLocalRandom.current();
		if (turn == null) {
			return now + random.nextLong(this.interval / 2, this.interval * 9 / 10);
		}
		return (turn > now) ? turn : now + random.nextLong(this.interval / 10);
	}

	/**
	 * Whether a user may open a stream. Only a user who has lost streams is checked,
	 * which may block.
	 * @param authentication the authentication of the user
	 * @return whether the user has lost no streams, or is valid again
	 * @throws RuntimeException if the check fails
	 */
	boolean mayOpen(Authentication authentication) {
		WatchedUser.Key key = WatchedUser.Key.of(authentication);
		this.lock.lock();
		try {
			if (!this.departed.isLost(key)) {
				return true;
			}
		}
		finally {
			this.lock.unlock();
		}
		return this.check.isValid(authentication);
	}

	void remove(GuardedStream stream) {
		this.lock.lock();
		try {
			WatchedUser user = stream.watchedUser;
			if (user != null && user.streams.remove(stream) && user.streams.isEmpty()) {
				forget(user, false);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void forget(WatchedUser user, boolean lost) {
		if (this.users.remove(user.key, user)) {
			this.queue.remove(user);
			this.departed.add(user.key, user.turn, lost);
		}
	}

	boolean isDue(long now) {
		return this.queue.isDue(now);
	}

	/**
	 * Check one user that is due.
	 * @param now the time
	 * @return whether there was one
	 */
	boolean checkOne(long now) {
		WatchedUser user = this.queue.poll(now);
		if (user == null) {
			return false;
		}
		try {
			if (!isValid(user)) {
				end(user);
			}
			else {
				endDenied(user, now);
			}
		}
		catch (RuntimeException ex) {
			this.failure.log(ex, now);
		}
		finally {
			putBack(user, now + this.interval * 9 / 10);
		}
		return true;
	}

	private void putBack(WatchedUser user, long next) {
		this.lock.lock();
		try {
			if (this.users.get(user.key) == user) {
				user.turn = next;
				this.queue.set(user, next);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * End the streams that have a topic to which access is no longer granted. There is
	 * one decision for all streams with the same topics. If a decision fails, the other
	 * decisions are still made.
	 */
	private void endDenied(WatchedUser user, long now) {
		Map<List<TopicPattern>, Boolean> decisions = new HashMap<>();
		for (GuardedStream stream : streams(user)) {
			if (!decisions.computeIfAbsent(stream.patterns(), (patterns) -> isGranted(patterns, user, now))) {
				stream.end(EndReason.AUTHORITIES);
			}
		}
	}

	private boolean isGranted(List<TopicPattern> patterns, WatchedUser user, long now) {
		try {
			return this.topics.test(patterns, user.authentication);
		}
		catch (RuntimeException ex) {
			this.failure.log(ex, now);
			return true;
		}
	}

	private List<GuardedStream> streams(WatchedUser user) {
		this.lock.lock();
		try {
			return List.copyOf(user.streams);
		}
		finally {
			this.lock.unlock();
		}
	}

	private void end(WatchedUser user) {
		List<GuardedStream> streams;
		this.lock.lock();
		try {
			forget(user, true);
			streams = List.copyOf(user.streams);
		}
		finally {
			this.lock.unlock();
		}
		if (!streams.isEmpty() && logger.isDebugEnabled()) {
			logger.debug("Ending " + streams.size() + " stream(s) of a user: " + EndReason.AUTHORITIES);
		}
		streams.forEach((stream) -> stream.end(EndReason.AUTHORITIES));
	}

	/**
	 * NOTE: an application may have changed the authentication in place, so the key is
	 * compared too. An anonymous user has no account.
	 */
	private boolean isValid(WatchedUser user) {
		return user.key.anonymous()
				|| this.check.isValid(user.authentication) && WatchedUser.Key.of(user.authentication).equals(user.key);
	}

	int size() {
		this.lock.lock();
		try {
			return this.users.size();
		}
		finally {
			this.lock.unlock();
		}
	}

}
