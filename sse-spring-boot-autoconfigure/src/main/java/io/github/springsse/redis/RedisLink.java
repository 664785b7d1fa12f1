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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The way to Redis: the connection that the application's factory shares among all
 * threads, and connections of our own for reading. Knows for how long Redis could not be
 * reached. Thread-safe.
 * <p>
 * Nobody but the {@link RedisKeeper} opens the shared connection or has the factory
 * replace it, so that no thread that publishes waits for a connection longer than it is
 * to wait.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	private final LettuceConnectionFactory factory;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable RedisConnection connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

	/** Whether it was tried to connect; guarded by the lock. */
	private boolean tried;

	/** Since when Redis has not answered, by {@link System#nanoTime()}. */
	private volatile @Nullable Long failingSince;

	RedisLink(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/**
	 * Return the commands of the shared connection.
	 * @return the commands, {@code null} if there is no connection
	 */
	@Nullable RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.commands;
	}

	/**
	 * Wait until there is a shared connection.
	 * @param nanos how long to wait
	 * @return the commands
	 * @throws NoReplyException if there still is none
	 */
	RedisClusterAsyncCommands<byte[], byte[]> awaitCommands(long nanos) throws NoReplyException {
		RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
		return (current != null) ? current : await(nanos, false);
	}

	/**
	 * Wait until there is a shared connection, or the first attempt has failed.
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
				if (left <= 0 || (firstAttemptOnly && this.tried)) {
					throw new NoReplyException("There is no connection to Redis", new IllegalStateException());
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
	 * Open the shared connection, if it is not open.
	 * @param preparation what has to be done with it before anybody may use it
	 */
	void connect(Preparation preparation) {
		if (this.commands != null) {
			return;
		}
		RedisConnection opened = null;
		try {
			opened = this.factory.getConnection();
			RedisClusterAsyncCommands<byte[], byte[]> prepared = nativeCommands(opened);
			preparation.prepare(prepared);
			use(opened, prepared);
			succeeded();
		}
		catch (NoReplyException | RuntimeException ex) {
			if (opened != null) {
				opened.close();
			}
			use(null, null);
			failed(ex);
		}
	}

	private void use(@Nullable RedisConnection connection,
			@Nullable RedisClusterAsyncCommands<byte[], byte[]> commands) {
		this.lock.lock();
		try {
			this.connection = connection;
			this.commands = commands;
			this.tried = true;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return whether the driver has the shared connection open.
	 */
	boolean isOpen() {
		RedisClusterAsyncCommands<byte[], byte[]> current = this.commands;
		return current != null && stateful(current).isOpen();
	}

	/**
	 * Have the factory replace a shared connection that is closed though Redis can be
	 * reached: the driver waits longer and longer before it tries again, up to half a
	 * minute.
	 */
	void replace() {
		RedisConnection closed;
		this.lock.lock();
		try {
			closed = this.connection;
		}
		finally {
			this.lock.unlock();
		}
		use(null, null);
		if (closed != null) {
			closed.close();
		}
		this.factory.validateConnection();
	}

	/**
	 * Open a connection for commands that block, by the client of the factory and past
	 * its pool: a connection that has to be left in the middle of a command is of no use
	 * to anybody else.
	 * @throws RuntimeException if Redis cannot be reached
	 */
	Dedicated open() {
		AbstractRedisClient client = this.factory.getRequiredNativeClient();
		if (client instanceof RedisClusterClient cluster) {
			StatefulRedisClusterConnection<byte[], byte[]> opened = cluster.connect(ByteArrayCodec.INSTANCE);
			return new Dedicated(opened.async(), opened::close);
		}
		try {
			StatefulRedisConnection<byte[], byte[]> opened = ((RedisClient) client).connect(ByteArrayCodec.INSTANCE);
			return new Dedicated(opened.async(), opened::close);
		}
		catch (IllegalStateException ex) {
			// the client of a factory with a fixed list of servers knows none of them
			return openByFactory();
		}
	}

	private Dedicated openByFactory() {
		RedisConnection opened = this.factory.getConnection();
		try {
			// a pipeline has a connection of its own, whatever the factory shares
			opened.openPipeline();
			return new Dedicated(nativeCommands(opened), opened::close);
		}
		catch (RuntimeException ex) {
			opened.close();
			throw ex;
		}
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
			logger.info("Redis can be reached again after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)
					+ " ms");
		}
	}

	void failed(Exception cause) {
		if (this.failingSince == null) {
			this.failingSince = System.nanoTime();
			logger.warn("Redis cannot be reached. Streams stay open, and go on when it can: " + cause.getMessage());
			logger.debug("Redis cannot be reached", cause);
		}
	}

	/**
	 * Return for how long Redis has not answered.
	 * @return the time in nanoseconds, zero if it answers
	 */
	long failingNanos() {
		Long since = this.failingSince;
		return (since != null) ? Math.max(1, System.nanoTime() - since) : 0;
	}

	void close() {
		RedisConnection open;
		this.lock.lock();
		try {
			open = this.connection;
		}
		finally {
			this.lock.unlock();
		}
		use(null, null);
		if (open != null) {
			open.close();
		}
	}

	@SuppressWarnings("unchecked")
	private static RedisClusterAsyncCommands<byte[], byte[]> nativeCommands(RedisConnection connection) {
		return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
	}

	/**
	 * NOTE: deprecated, since it hands out what commands are sent by; the factory has no
	 * other way to it.
	 */
	@SuppressWarnings("deprecation")
	private static StatefulConnection<byte[], byte[]> stateful(RedisClusterAsyncCommands<byte[], byte[]> commands) {
		if (commands instanceof RedisAsyncCommands<byte[], byte[]> standalone) {
			return standalone.getStatefulConnection();
		}
		return ((RedisAdvancedClusterAsyncCommands<byte[], byte[]>) commands).getStatefulConnection();
	}

	/**
	 * What has to be done with a connection first.
	 */
	@FunctionalInterface
	interface Preparation {

		void prepare(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException;

	}

	/**
	 * A connection that nobody else uses.
	 *
	 * @param commands its commands
	 * @param closing closes it
	 */
	record Dedicated(RedisClusterAsyncCommands<byte[], byte[]> commands, Runnable closing) implements AutoCloseable {

		@Override
		public void close() {
			try {
				this.closing.run();
			}
			catch (RuntimeException ex) {
				logger.debug("Could not close a connection", ex);
			}
		}

	}

}
