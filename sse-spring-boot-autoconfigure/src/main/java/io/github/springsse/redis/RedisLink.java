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

package io.github.springsse.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.redis.RedisConnector.Dedicated;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The way to Redis: connections of our own, by the client of the application's factory,
 * one for all threads that publish and one for each that reads. Knows for how long Redis
 * could not be reached. Thread-safe.
 * <p>
 * The connection for publishing is not the one that the factory shares: a connection may
 * be open and of no use, since its server has vanished without a word, or is a replica by
 * now. It has to be given up then, and what the factory has goes back to its pool, or is
 * in use elsewhere. Nobody but the {@link RedisHousekeeping} opens it, so that no thread
 * that publishes waits for a connection longer than it is to wait.
 * <p>
 * What is sent by a connection that is closed, or silent, the driver keeps until there is
 * another, also if nobody waits for its answer any more. So when Redis is away for longer
 * than anybody waits, there is no connection rather than one that is of no use.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	/** For how long a connection may leave everything unanswered. */
	private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

	/** How long to wait for a connection when others have waited in vain. */
	private static final long BRIEFLY = TimeUnit.MILLISECONDS.toNanos(20);

	private final LettuceConnectionFactory factory;

	/** How long those who publish wait. */
	private final long appendTimeout;

	private final RedisConnector connector;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable Dedicated connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

	/** Whether it was tried to connect; guarded by the lock. */
	private boolean tried;

	private volatile boolean closed;

	private final AtomicInteger disturbances = new AtomicInteger();

	/** Since when Redis has not answered, by {@link System#nanoTime()}. */
	private volatile @Nullable Long failingSince;

	/** Why Redis did not answer when it was last tried. */
	private volatile @Nullable Exception failure;

	RedisLink(LettuceConnectionFactory factory, Duration appendTimeout) {
		this.factory = factory;
		this.appendTimeout = appendTimeout.toNanos();
		this.connector = new RedisConnector(factory);
	}

	/**
	 * Return the commands of the connection for publishing.
	 * @return the commands, {@code null} if there is no connection
	 */
	@Nullable RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.commands;
	}

	/**
	 * Wait until there is a connection for publishing.
	 * @param nanos how long to wait
	 * @return the commands
	 * @throws NoReplyException if there still is none
	 */
	RedisClusterAsyncCommands<byte[], byte[]> awaitCommands(long nanos) throws NoReplyException {
		RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
		return (current != null) ? current : await(nanos, false);
	}

	/**
	 * Wait until there is a connection for publishing, or the first attempt has failed.
	 * @return whether there is one
	 */
	boolean awaitFirstAttempt(Duration timeout) {
		try {
			await(timeout.toNanos(), true);
			return true;
		}
		catch (NoReplyException ex) {
			return false;
		}
	}

	private RedisClusterAsyncCommands<byte[], byte[]> await(long nanos, boolean firstAttemptOnly)
			throws NoReplyException {
		long end = System.nanoTime() + nanos;
		this.lock.lock();
		try {
			while (true) {
				RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
				if (current != null) {
					return current;
				}
				long left = end - System.nanoTime();
				if (left <= 0 || this.closed || (firstAttemptOnly && this.tried)) {
					throw new NoReplyException("There is no connection to Redis", this.failure);
				}
				this.changed.awaitNanos(left);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new NoReplyException("The thread was interrupted while it waited for Redis", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Open the connection for publishing, or another one in its place.
	 * @param preparation what has to be done with it before anybody may use it
	 * @return its commands
	 * @throws NoReplyException if that is not possible; then all stays as it was
	 */
	RedisClusterAsyncCommands<byte[], byte[]> connect(Preparation preparation) throws NoReplyException {
		Dedicated opened = null;
		try {
			opened = this.connector.open(this::hanging);
			preparation.prepare(opened.commands());
			// NOTE: before anybody gets it, who would be told not to wait any more
			succeeded();
			this.disturbances.incrementAndGet();
			use(opened);
			if (this.closed) {
				use(null);
			}
			return opened.commands();
		}
		catch (NoReplyException | RuntimeException | Error ex) {
			if (opened != null) {
				opened.close();
			}
			throw ex;
		}
		finally {
			attempted();
		}
	}

	/**
	 * Use a connection, and close the one that was used before: what is not answered
	 * there fails, and is sent again by who has sent it.
	 */
	private void use(@Nullable Dedicated connection) {
		Dedicated before;
		this.lock.lock();
		try {
			before = this.connection;
			this.connection = connection;
			this.commands = (connection != null) ? connection.commands() : null;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
		if (before != null) {
			before.close();
		}
	}

	private void hanging(NoReplyException failure) {
		leaveIfUseless();
		if (this.commands == null) {
			failed(failure);
		}
	}

	/**
	 * Have no connection rather than one that nobody waits for any more.
	 */
	void leaveIfUseless() {
		RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
		if (current != null && failingNanos() > Math.max(SILENCE, this.appendTimeout)
				&& (isSilence(this.failure) || !RedisConnector.stateful(current).isOpen())) {
			use(null);
		}
	}

	private static boolean isSilence(@Nullable Exception failure) {
		return failure instanceof NoReplyException noReply && noReply.isSilence();
	}

	private void attempted() {
		this.lock.lock();
		try {
			this.tried = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Tell whether another connection for publishing is to be tried. If this one is
	 * closed, the driver waits longer and longer before it tries again, up to half a
	 * minute. If it is open, the driver believes in it until TCP gives up.
	 * @param failure what has gone wrong with this one
	 */
	boolean isToBeReplaced(Exception failure) {
		RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
		if (current == null) {
			return false;
		}
		return !RedisConnector.stateful(current).isOpen()
				|| (failure instanceof NoReplyException noReply && noReply.isByReplica())
				|| (isSilence(failure) && failingNanos() > SILENCE);
	}

	/**
	 * Open a connection that nobody else uses.
	 * @throws NoReplyException if Redis cannot be reached
	 */
	Dedicated open() throws NoReplyException {
		return this.connector.open((failure) -> {
			if (this.commands == null) {
				failed(failure);
			}
		});
	}

	/**
	 * Return the longest time that the driver is sure to wait for an answer.
	 */
	Duration timeout() {
		return Duration.ofMillis(this.factory.getTimeout());
	}

	void succeeded() {
		Long since = this.failingSince;
		if (since != null) {
			this.failingSince = null;
			this.failure = null;
			logger.info("Redis can be reached again after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)
					+ " ms");
		}
	}

	void failed(Exception cause) {
		this.failure = cause;
		if (this.failingSince == null) {
			this.failingSince = System.nanoTime();
			this.disturbances.incrementAndGet();
			logger.warn("Redis cannot be reached. Streams stay open, and go on when it can: " + describe(cause));
			logger.debug("Redis cannot be reached", cause);
		}
	}

	/**
	 * Describe a failure by what it came of, too: the driver says that it could not
	 * connect, and what it was that Redis, or TLS, did not like is further down.
	 */
	private static String describe(Exception failure) {
		String message = String.valueOf(failure.getMessage());
		Throwable origin = NestedExceptionUtils.getMostSpecificCause(failure);
		String reason = origin.getMessage();
		return (reason != null && !message.contains(reason)) ? message + ": " + origin : message;
	}

	/**
	 * Return for how long Redis has not answered.
	 * @return the time in nanoseconds, zero if it answers
	 */
	long failingNanos() {
		Long since = this.failingSince;
		return (since != null) ? Math.max(1, System.nanoTime() - since) : 0;
	}

	/**
	 * Tell whether Redis has not answered for longer than those who publish wait.
	 */
	boolean isAway() {
		return failingNanos() > this.appendTimeout;
	}

	/**
	 * Return how long to wait for a connection: not long any more, when others have
	 * waited in vain.
	 * @param nanos how long there is
	 */
	long patience(long nanos) {
		return isAway() ? Math.min(nanos, BRIEFLY) : nanos;
	}

	/**
	 * Count how often Redis was away, or another connection was made: what was written
	 * before may be gone.
	 */
	int disturbances() {
		return this.disturbances.get();
	}

	void start() {
		this.closed = false;
	}

	/**
	 * Have no connection from now on, and nobody wait for one.
	 */
	void close() {
		this.closed = true;
		use(null);
	}

	/**
	 * What has to be done with a connection first.
	 */
	@FunctionalInterface
	interface Preparation {

		void prepare(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException;

	}

}
