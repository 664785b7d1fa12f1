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
 * Appends entries to the stream. All threads share one connection; each thread sends its
 * command and waits for its own answer, so the commands of many threads are in flight at
 * once.
 * <p>
 * An entry is sent again after a temporary failure, and the driver does the same after a
 * reconnect, so an entry may be in the stream twice. Readers recognise it by its token.
 * <p>
 * If buffering is enabled and an entry is buffered, all later entries are buffered too
 * until the {@link AppendBuffer} is empty, so the entries of each thread keep their
 * order. Thread-safe.
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
	 * @return the id, or {@code null} if the entry is buffered
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
	 * Return a token that no other entry and no lease has.
	 */
	Token nextToken() {
		return new Token(this.node, this.number.getAndIncrement());
	}

	/**
	 * Send a command, and try again while there is time. If Redis has been unreachable
	 * for longer than appending may take, wait only for the answer, not for a connection
	 * or for a server that accepts the command.
	 * @throws NoReplyException if Redis could not be reached, or could not serve, within
	 * the time that appending may take
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
	 * Append buffered entries, up to the first entry that Redis refuses.
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
		logger.error("A buffered event is lost: Redis refused to append it: " + batch.refusal());
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
	 * Append buffered entries if that is possible in time, and refuse all later entries.
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
				"The event log in Redis is stopped: nothing can be published until it is started again", null);
	}

	static EventLogUnavailableException unavailable(String what, @Nullable Exception cause) {
		return new EventLogUnavailableException("The event log in Redis " + what
				+ ". Check the health of Redis, and the properties sse.redis.append-timeout, "
				+ "sse.redis.buffer.max-events and sse.redis.buffer.max-size", cause);
	}

	/**
	 * Sends a command to Redis, and waits for the answer.
	 */
	@FunctionalInterface
	interface Command<T> {

		T send(RedisClusterAsyncCommands<byte[], byte[]> commands, long nanos) throws NoReplyException;

	}

}
