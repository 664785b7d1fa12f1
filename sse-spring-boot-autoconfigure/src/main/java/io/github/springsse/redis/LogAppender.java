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

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.EventId;
import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.LogEntry;
import io.github.springsse.SseException;
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
 * buffer is empty, so the entries of each thread keep their order. Thread-safe.
 */
final class LogAppender {

	private static final Log logger = LogFactory.getLog(LogAppender.class);

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final Acknowledged acknowledged;

	private final XAddArgs args;

	private final long node = ThreadLocalRandom.current().nextLong();

	private final AtomicLong number = new AtomicLong();

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final Deque<Map<byte[], byte[]>> buffer = new ArrayDeque<>();

	/** Guarded by the lock. */
	private long bufferedBytes;

	/** Whether a thread appends what is buffered; guarded by the lock. */
	private boolean draining;

	private volatile int buffered;

	private volatile boolean stopped;

	LogAppender(RedisLink link, RedisLogSettings settings, Acknowledged acknowledged) {
		this.link = link;
		this.settings = settings;
		this.acknowledged = acknowledged;
		this.args = new XAddArgs().maxlen(settings.maxLength()).approximateTrimming();
	}

	/**
	 * Append an entry.
	 * @return the id, or {@code null} if it waits in the buffer
	 */
	@Nullable EventId append(LogEntry entry) {
		Map<byte[], byte[]> fields = MessageFormat
			.write(Message.of(entry, new Token(this.node, this.number.getAndIncrement())));
		if (this.buffered > 0 && bufferBehindOthers(fields)) {
			return null;
		}
		try {
			return send(fields);
		}
		catch (NoReplyException ex) {
			if (this.settings.bufferEvents() == 0 || Thread.currentThread().isInterrupted()) {
				throw unavailable("could not be reached within " + this.settings.appendTimeout().toMillis() + " ms",
						ex);
			}
			buffer(fields, ex);
			return null;
		}
	}

	/**
	 * Append an entry, and try again while there is time. When Redis has been away for
	 * long, only an answer is waited for: neither a connection, nor that a server is
	 * willing.
	 */
	private EventId send(Map<byte[], byte[]> fields) throws NoReplyException {
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		while (true) {
			try {
				RedisClusterAsyncCommands<byte[], byte[]> commands = this.link
					.awaitCommands(this.link.patience(end - System.nanoTime()));
				EventId id = StreamIds.read(Replies.ask(() -> commands.xadd(this.settings.log(), this.args, fields),
						end - System.nanoTime()));
				appended(id);
				return id;
			}
			catch (RedisCommandExecutionException ex) {
				throw new SseException("Redis refused to append to the event log: " + ex.getMessage(), ex);
			}
			catch (NoReplyException ex) {
				if (end - System.nanoTime() <= PAUSE || this.link.isAway() || Thread.currentThread().isInterrupted()) {
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

	private boolean bufferBehindOthers(Map<byte[], byte[]> fields) {
		this.lock.lock();
		try {
			if (this.buffer.isEmpty()) {
				return false;
			}
			buffer(fields, null);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void buffer(Map<byte[], byte[]> fields, @Nullable Exception cause) {
		int size = MessageFormat.size(fields);
		this.lock.lock();
		try {
			if (this.buffer.size() >= this.settings.bufferEvents()
					|| this.bufferedBytes + size > this.settings.bufferBytes()) {
				throw unavailable("cannot be reached, and as many events wait for it as may: " + this.buffer.size(),
						cause);
			}
			this.buffer.add(fields);
			this.bufferedBytes += size;
			this.buffered = this.buffer.size();
			startDraining();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** Called under the lock. */
	private void startDraining() {
		if (!this.draining && !this.stopped && !this.buffer.isEmpty()) {
			this.draining = true;
			Thread thread = new Thread(this::drain, "sse-redis-appender");
			thread.setDaemon(true);
			thread.start();
		}
	}

	/**
	 * Append what is buffered, one after the other, until nothing is.
	 */
	private void drain() {
		Map<byte[], byte[]> next = next();
		while (next != null) {
			try {
				send(next);
				remove(next);
			}
			catch (NoReplyException ex) {
				LockSupport.parkNanos(this, PAUSE);
			}
			catch (RuntimeException | Error ex) {
				logger.error("An event that was buffered is lost", ex);
				remove(next);
			}
			next = next();
		}
	}

	/**
	 * Return what is to be appended next, {@code null} if the thread is to end.
	 */
	private @Nullable Map<byte[], byte[]> next() {
		this.lock.lock();
		try {
			Map<byte[], byte[]> first = this.stopped ? null : this.buffer.peek();
			this.draining = first != null;
			return first;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove(Map<byte[], byte[]> first) {
		this.lock.lock();
		try {
			this.buffer.remove();
			this.bufferedBytes -= MessageFormat.size(first);
			this.buffered = this.buffer.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	int buffered() {
		return this.buffered;
	}

	void start() {
		this.lock.lock();
		try {
			this.stopped = false;
			startDraining();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Give what is buffered the time that one entry has, and stop.
	 */
	void stop() {
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		while (this.buffered > 0 && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(this, PAUSE);
		}
		this.stopped = true;
		if (this.buffered > 0) {
			logger.error("Redis could not be reached before the shutdown: " + this.buffered
					+ " buffered events are lost, unless the application is started again");
		}
	}

	private static EventLogUnavailableException unavailable(String what, @Nullable Exception cause) {
		return new EventLogUnavailableException("The event log in Redis " + what
				+ ". Look at the health of Redis, and at sse.redis.append-timeout and sse.redis.buffer.max-events",
				cause);
	}

}
