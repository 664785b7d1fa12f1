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

import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseException;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Appends to the stream. Each thread sends its command by the same connection and waits
 * for its own answer, so commands of many threads are on their way at once.
 * <p>
 * An entry is sent again after a failure that passes, and the driver does the same when
 * it has to connect again, so an entry may be in the stream twice; the token tells.
 * <p>
 * Where entries may be buffered: once one is, all that come after it are, until the
 * {@link AppendBuffer} is empty, so the entries of each thread keep their order.
 * Thread-safe.
 */
final class LogAppender {

	private static final Log logger = LogFactory.getLog(LogAppender.class);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final UnverifiedAppends acknowledged;

	private final XAddArgs args;

	private final long node = ThreadLocalRandom.current().nextLong();

	private final AtomicLong number = new AtomicLong();

	private final AppendBuffer buffer;

	private volatile boolean stopped;

	LogAppender(RedisLink link, RedisLogSettings settings, UnverifiedAppends acknowledged) {
		this.link = link;
		this.settings = settings;
		this.acknowledged = acknowledged;
		this.buffer = new AppendBuffer(settings, this::sendAll);
		this.args = new XAddArgs().maxlen(settings.maxLength()).approximateTrimming();
	}

	/**
	 * Append an entry.
	 * @return the id, or {@code null} if it waits in the buffer
	 */
	@Nullable EventId append(LogEntry entry) {
		requireStarted();
		Map<byte[], byte[]> fields = MessageFormat.write(Message.of(entry, nextToken()));
		if (this.buffer.addBehindOthers(fields)) {
			return null;
		}
		try {
			EventId id = send((commands, nanos) -> StreamIds
				.read(Replies.ask(() -> commands.xadd(this.settings.log(), this.args, fields), nanos)));
			appended(id);
			return id;
		}
		catch (NoReplyException ex) {
			requireStarted();
			if (this.settings.bufferEvents() == 0 || Thread.currentThread().isInterrupted()) {
				throw unavailable("could not be reached within " + this.settings.appendTimeout().toMillis() + " ms",
						ex);
			}
			this.buffer.add(fields, ex);
			return null;
		}
	}

	/**
	 * Return what no other entry is marked by, and no lease.
	 */
	Token nextToken() {
		return new Token(this.node, this.number.getAndIncrement());
	}

	/**
	 * Send a command, and try again while there is time. When Redis has been away for
	 * long, only an answer is waited for: neither a connection, nor that a server is
	 * willing.
	 * @throws NoReplyException if Redis could not be reached, or could not serve, for all
	 * of the time that appending may take
	 * @throws SseException if Redis refused the command
	 */
	<T> T send(Command<T> command) throws NoReplyException {
		requireStarted();
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		while (true) {
			try {
				RedisClusterAsyncCommands<byte[], byte[]> commands = this.link
					.awaitCommands(this.link.patience(end - System.nanoTime()));
				return command.send(commands, end - System.nanoTime());
			}
			catch (RedisCommandExecutionException ex) {
				throw new SseException("Redis refused to append to the event log: " + ex.getMessage(), ex);
			}
			catch (NoReplyException ex) {
				if (end - System.nanoTime() <= PAUSE || this.stopped || this.link.isAway()
						|| Thread.currentThread().isInterrupted()) {
					throw ex;
				}
				LockSupport.parkNanos(this, PAUSE);
			}
		}
	}

	private void appended(EventId id) {
		this.acknowledged.add(id, System.nanoTime());
		this.link.succeeded();
	}

	/**
	 * Append what has waited, up to the first entry that Redis refuses.
	 */
	private int sendAll(List<Map<byte[], byte[]>> entries) throws NoReplyException {
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		RedisClusterAsyncCommands<byte[], byte[]> commands = this.link.awaitCommands(end - System.nanoTime());
		AppendedBatch batch = AppendedBatch
			.of(Replies.ask(() -> AppendedBatch.append(commands, this.settings, entries), end - System.nanoTime()));
		batch.ids().forEach(this::appended);
		int count = batch.ids().size();
		if (batch.refusal().isEmpty() || (Replies.isPassing(batch.refusal()) && count > 0)) {
			return count;
		}
		if (Replies.isPassing(batch.refusal())) {
			throw new NoReplyException(batch.refusal(), null);
		}
		logger.error("An event that was buffered is lost: Redis refused to append it: " + batch.refusal());
		return count + 1;
	}

	int buffered() {
		return this.buffer.size();
	}

	void start() {
		this.stopped = false;
		this.buffer.start();
	}

	/**
	 * Append what has waited if that is possible now, and nothing from then on.
	 */
	void stop() {
		this.buffer.stop();
		this.stopped = true;
	}

	private void requireStarted() {
		if (this.stopped) {
			throw stopped();
		}
	}

	static EventLogUnavailableException stopped() {
		return new EventLogUnavailableException(
				"The event log in Redis is stopped: nothing can be published before it is started again", null);
	}

	static EventLogUnavailableException unavailable(String what, @Nullable Exception cause) {
		return new EventLogUnavailableException("The event log in Redis " + what
				+ ". Look at the health of Redis, and at sse.redis.append-timeout, sse.redis.buffer.max-events and "
				+ "sse.redis.buffer.max-size", cause);
	}

	/**
	 * Sends something to Redis, and waits for the answer.
	 */
	@FunctionalInterface
	interface Command<T> {

		T send(RedisClusterAsyncCommands<byte[], byte[]> commands, long nanos) throws NoReplyException;

	}

}
