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
 * The connections to Redis: one that all publishing threads share, and a dedicated one
 * for each reader. They are opened with the client of the application's connection
 * factory. This class also measures how long Redis has been unreachable. Thread-safe.
 * <p>
 * The connection for publishing is not the shared connection of the factory. A connection
 * may be open and useless, because its server has disappeared without closing it or has
 * become a replica. Such a connection must be dropped, which is impossible with a
 * connection of the factory: it returns to the pool, or is in use elsewhere. Only
 * {@link RedisHousekeeping} opens the connection, so that no publishing thread waits for
 * a connection longer than its timeout.
 * <p>
 * The driver keeps commands that are sent on a closed or silent connection until it has
 * reconnected, even if no thread waits for their answers any more. So if Redis is
 * unreachable for longer than any thread waits, this class drops the connection.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	/** How long a connection may leave all commands unanswered. */
	private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

	/** How long to wait for a connection while Redis is away. */
	private static final long BRIEFLY = TimeUnit.MILLISECONDS.toNanos(20);

	private final LettuceConnectionFactory factory;

	/** How long publishing threads wait, in nanoseconds. */
	private final long appendTimeout;

	private final RedisConnector connector;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable Dedicated connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

	/** Whether an attempt to connect has ended; guarded by the lock. */
	private boolean tried;

	private volatile boolean closed;

	private final AtomicInteger disturbances = new AtomicInteger();

	/**
	 * When Redis stopped answering, by {@link System#nanoTime()}; {@code null} if it
	 * answers.
	 */
	private volatile @Nullable Long failingSince;

	/** The last failure. */
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
	 * @throws NoReplyException if there is no connection after this time
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
	 * Open the connection for publishing, or replace it.
	 * @param preparation uses the connection before any other thread does
	 * @return its commands
	 * @throws NoReplyException if that is not possible; then the current connection stays
	 */
	RedisClusterAsyncCommands<byte[], byte[]> connect(Preparation preparation) throws NoReplyException {
		Dedicated opened = null;
		try {
			opened = this.connector.open(this::hanging);
			preparation.prepare(opened.commands());
			// NOTE: first, since threads that get the connection would otherwise not wait
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
	 * Use a connection, and close the one before. Unanswered commands of that connection
	 * fail, and their senders send them again.
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
	 * Drop the connection if no thread waits for its answers any more.
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
	 * Whether to try another connection for publishing. If the current one is closed, the
	 * driver reconnects with growing delays of up to half a minute. If it is open, the
	 * driver uses it until TCP gives up.
	 * @param failure the failure of the current connection
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
	 * Open a dedicated connection.
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
	 * Return how long the driver waits for an answer at least.
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
			logger.warn("Redis cannot be reached. Streams stay open, and continue when Redis is reachable again: "
					+ describe(cause));
			logger.debug("Redis cannot be reached", cause);
		}
	}

	/**
	 * Describe a failure with its root cause: the message of the driver says only that it
	 * could not connect, and the reason of Redis or TLS is in the causes.
	 */
	private static String describe(Exception failure) {
		String message = String.valueOf(failure.getMessage());
		Throwable origin = NestedExceptionUtils.getMostSpecificCause(failure);
		String reason = origin.getMessage();
		return (reason != null && !message.contains(reason)) ? message + ": " + origin : message;
	}

	/**
	 * Return how long Redis has not answered.
	 * @return the time in nanoseconds, zero if it answers
	 */
	long failingNanos() {
		Long since = this.failingSince;
		return (since != null) ? Math.max(1, System.nanoTime() - since) : 0;
	}

	/**
	 * Whether Redis has not answered for longer than publishing threads wait.
	 */
	boolean isAway() {
		return failingNanos() > this.appendTimeout;
	}

	/**
	 * Return how long to wait for a connection: only briefly while Redis is away.
	 * @param nanos the remaining time
	 */
	long patience(long nanos) {
		return isAway() ? Math.min(nanos, BRIEFLY) : nanos;
	}

	/**
	 * Return how often Redis became unreachable or the connection was replaced. After
	 * each of these, data that was written before may be lost.
	 */
	int disturbances() {
		return this.disturbances.get();
	}

	void start() {
		this.closed = false;
	}

	/**
	 * Close the connection, and wake all threads that wait for one.
	 */
	void close() {
		this.closed = true;
		use(null);
	}

	/**
	 * Prepares a connection before its first use.
	 */
	@FunctionalInterface
	interface Preparation {

		void prepare(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException;

	}

}
