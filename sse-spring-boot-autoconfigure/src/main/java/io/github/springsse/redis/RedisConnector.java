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
 * Opens dedicated connections with the client of the application's connection factory,
 * and so with its whole configuration. Thread-safe.
 */
final class RedisConnector {

	private static final Log logger = LogFactory.getLog(RedisConnector.class);

	/**
	 * The maximum time for opening a connection: enough for one sentinel that is
	 * unreachable and then for another. A server that hangs would take the timeout of a
	 * command, one minute.
	 */
	private static final long OPENING = TimeUnit.SECONDS.toNanos(15);

	/**
	 * The time after which another attempt starts beside one that has not ended: a
	 * hanging server may have been replaced by then.
	 */
	private static final long HANGING = TimeUnit.SECONDS.toNanos(3);

	private final LettuceConnectionFactory factory;

	RedisConnector(LettuceConnectionFactory factory) {
		this.factory = factory;
	}

	/**
	 * Open a connection with the client of the factory, not from its pool: a connection
	 * that is abandoned in the middle of a command must not return to a pool.
	 * @param hanging notified each time that a server has not answered for a while and
	 * another attempt starts
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
					NoReplyException failure = new NoReplyException("A connection to Redis could not be opened in time",
							ex);
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
	 * Start an attempt to open a connection. The first connection is used.
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
			// the client of a factory with a fixed list of servers does not know the
			// servers
			return openByFactory();
		}
	}

	/**
	 * Open a connection to the primary of several servers. It also serves reads, whatever
	 * server the application prefers for its own reads.
	 */
	private Dedicated openByFactory() {
		if (this.factory.getClientConfiguration() instanceof LettucePoolingClientConfiguration) {
			throw new IllegalStateException(
					"a pool cannot be used with a fixed list of servers, because it would return "
							+ "broken connections again and again: "
							+ "set spring.data.redis.lettuce.pool.enabled to false");
		}
		RedisConnection opened = this.factory.getConnection();
		try {
			// a pipeline has a dedicated connection even if the factory shares one
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
	 * NOTE: the method is deprecated because it exposes the connection of the commands,
	 * but the factory offers no other access to it.
	 */
	@SuppressWarnings("deprecation")
	static StatefulConnection<byte[], byte[]> stateful(RedisClusterAsyncCommands<byte[], byte[]> commands) {
		if (commands instanceof RedisAsyncCommands<byte[], byte[]> standalone) {
			return standalone.getStatefulConnection();
		}
		return ((RedisAdvancedClusterAsyncCommands<byte[], byte[]>) commands).getStatefulConnection();
	}

	/**
	 * A connection with one user.
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
