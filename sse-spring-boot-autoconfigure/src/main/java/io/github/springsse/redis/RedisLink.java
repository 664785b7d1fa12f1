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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ReadFrom;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisAdvancedClusterAsyncCommands;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.masterreplica.StatefulRedisMasterReplicaConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.NestedExceptionUtils;
import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * The way to Redis: connections of our own, by the client of the application's factory,
 * one for all threads that publish and one for each that reads. Knows for how long Redis
 * could not be reached. Thread-safe.
 * <p>
 * The connection for publishing is not the one that the factory shares: a connection may
 * be open and of no use, since its server has vanished without a word, or is a replica by
 * now. It has to be given up then, and what the factory has goes back to its pool, or is
 * in use elsewhere. Nobody but the {@link RedisKeeper} opens it, so that no thread that
 * publishes waits for a connection longer than it is to wait.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	/**
	 * How long a connection may take: enough for a sentinel that is not there, and then
	 * for one that is. A server that hangs would take the timeout of a command, a minute.
	 */
	private static final long OPENING = TimeUnit.SECONDS.toNanos(15);

	/**
	 * After which time another attempt is made beside one that has not come to an end: a
	 * server that hangs may have been replaced by now.
	 */
	private static final long HANGING = TimeUnit.SECONDS.toNanos(3);

	/** For how long a connection may leave everything unanswered. */
	private static final long SILENCE = TimeUnit.SECONDS.toNanos(2);

	private final LettuceConnectionFactory factory;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable Dedicated connection;

	private volatile @Nullable RedisClusterAsyncCommands<byte[], byte[]> commands;

	/** Whether it was tried to connect; guarded by the lock. */
	private boolean tried;

	/** Since when Redis has not answered, by {@link System#nanoTime()}. */
	private volatile @Nullable Long failingSince;

	/** Why Redis did not answer when it was last tried. */
	private volatile @Nullable Exception failure;

	RedisLink(LettuceConnectionFactory factory) {
		this.factory = factory;
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
				if (left <= 0 || (firstAttemptOnly && this.tried)) {
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
			opened = open();
			preparation.prepare(opened.commands());
			use(opened);
			succeeded();
			return opened.commands();
		}
		catch (NoReplyException | RuntimeException ex) {
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
		return !stateful(current).isOpen() || (failure instanceof NoReplyException noReply
				&& (noReply.isByReplica() || (noReply.isSilence() && failingNanos() > SILENCE)));
	}

	/**
	 * Open a connection by the client of the factory and past its pool: one that has to
	 * be left in the middle of a command is of no use to anybody else.
	 * @throws NoReplyException if Redis cannot be reached
	 */
	Dedicated open() throws NoReplyException {
		CompletableFuture<Dedicated> opening = new CompletableFuture<>();
		long end = System.nanoTime() + OPENING;
		try {
			while (true) {
				attempt(opening);
				try {
					return opening.get(HANGING, TimeUnit.NANOSECONDS);
				}
				catch (TimeoutException ex) {
					NoReplyException failure = new NoReplyException("There was no connection to Redis in time", ex);
					if (end - System.nanoTime() <= 0) {
						opening.thenAccept(Dedicated::close);
						throw failure;
					}
					if (this.commands == null) {
						failed(failure);
					}
				}
			}
		}
		catch (ExecutionException ex) {
			throw new NoReplyException(String.valueOf(ex.getCause()), ex);
		}
		catch (InterruptedException ex) {
			opening.thenAccept(Dedicated::close);
			Thread.currentThread().interrupt();
			throw new NoReplyException("The thread was interrupted while it waited for Redis", ex);
		}
	}

	/**
	 * Begin to open a connection, which is the one to be used if it is the first.
	 */
	private void attempt(CompletableFuture<Dedicated> opening) {
		Thread thread = new Thread(() -> {
			try {
				Dedicated opened = openByClient();
				if (!opening.complete(opened)) {
					opened.close();
				}
			}
			catch (RuntimeException | Error ex) {
				opening.completeExceptionally(ex);
			}
		}, "sse-redis-opener");
		thread.setDaemon(true);
		thread.start();
	}

	private Dedicated openByClient() {
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

	/**
	 * Open a connection to the one of several servers that takes entries, and that is to
	 * be read from, too, whatever the application prefers for itself.
	 */
	private Dedicated openByFactory() {
		if (this.factory.getClientConfiguration() instanceof LettucePoolingClientConfiguration) {
			throw new IllegalStateException("with a fixed list of servers there must be no pool, which would give a "
					+ "connection that is of no use any more again and again: "
					+ "set spring.data.redis.lettuce.pool.enabled to false");
		}
		RedisConnection opened = this.factory.getConnection();
		try {
			// a pipeline has a connection of its own, whatever the factory shares
			opened.openPipeline();
			RedisClusterAsyncCommands<byte[], byte[]> commands = nativeCommands(opened);
			if (stateful(commands) instanceof StatefulRedisMasterReplicaConnection<byte[], byte[]> several) {
				several.setReadFrom(ReadFrom.UPSTREAM);
			}
			return new Dedicated(commands, opened::close);
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
			this.failure = null;
			logger.info("Redis can be reached again after " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since)
					+ " ms");
		}
	}

	void failed(Exception cause) {
		this.failure = cause;
		if (this.failingSince == null) {
			this.failingSince = System.nanoTime();
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

	void close() {
		use(null);
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
