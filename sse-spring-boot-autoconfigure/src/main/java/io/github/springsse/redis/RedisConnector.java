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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

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

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.connection.lettuce.LettucePoolingClientConfiguration;

/**
 * Opens connections of our own, by the client of the application's factory, and so with
 * all that is configured for it. Thread-safe.
 */
final class RedisConnector {

	private static final Log logger = LogFactory.getLog(RedisConnector.class);

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

	private final LettuceConnectionFactory factory;

	RedisConnector(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/**
	 * Open a connection by the client of the factory and past its pool: one that has to
	 * be left in the middle of a command is of no use to anybody else.
	 * @param hanging is told each time that a server has not answered for a while, and
	 * another attempt is made
	 * @throws NoReplyException if Redis cannot be reached
	 */
	Dedicated open(Consumer<NoReplyException> hanging) throws NoReplyException {
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
					hanging.accept(failure);
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

	@SuppressWarnings("unchecked")
	private static RedisClusterAsyncCommands<byte[], byte[]> nativeCommands(RedisConnection connection) {
		return (RedisClusterAsyncCommands<byte[], byte[]>) connection.getNativeConnection();
	}

	/**
	 * NOTE: deprecated, since it hands out what commands are sent by; the factory has no
	 * other way to it.
	 */
	@SuppressWarnings("deprecation")
	static StatefulConnection<byte[], byte[]> stateful(RedisClusterAsyncCommands<byte[], byte[]> commands) {
		if (commands instanceof RedisAsyncCommands<byte[], byte[]> standalone) {
			return standalone.getStatefulConnection();
		}
		return ((RedisAdvancedClusterAsyncCommands<byte[], byte[]>) commands).getStatefulConnection();
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
