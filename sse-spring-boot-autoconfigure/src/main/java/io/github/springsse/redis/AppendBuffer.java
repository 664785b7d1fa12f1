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
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.redis.Replies.NoReplyException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Buffers entries while Redis is unreachable, bounded in number and bytes. A thread
 * appends the entries in their order while there are any. It appends many at once;
 * otherwise publishers would fill the buffer as fast as it is emptied. An entry stays in
 * the buffer until it is appended, so an empty buffer means that all earlier entries are
 * appended. Thread-safe.
 */
final class AppendBuffer {

	private static final Log logger = LogFactory.getLog(AppendBuffer.class);

	private static final int BATCH = 100;

	private static final int BATCH_BYTES = 256 * 1024;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private final RedisLogSettings settings;

	private final Sender sender;

	private final ThreadFactory threads;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private final Deque<Map<byte[], byte[]>> entries = new ArrayDeque<>();

	/** Guarded by the lock. */
	private long bytes;

	/** Guarded by the lock. */
	private final BatchSize batchSize = new BatchSize(BATCH);

	/** Whether a thread appends; guarded by the lock. */
	private boolean draining;

	private volatile int size;

	/** Guarded by the lock. */
	private boolean stopped;

	AppendBuffer(RedisLogSettings settings, Sender sender) {
		this(settings, sender, AppendBuffer::newThread);
	}

	AppendBuffer(RedisLogSettings settings, Sender sender, ThreadFactory threads) {
		this.settings = settings;
		this.sender = sender;
		this.threads = threads;
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "sse-redis-appender");
		thread.setDaemon(true);
		return thread;
	}

	/**
	 * Add an entry.
	 * @param cause why the entry could not be appended
	 * @throws EventLogUnavailableException if the buffer is full or stopped, or no thread
	 * can be started to append the entry
	 */
	void add(Map<byte[], byte[]> fields, @Nullable Exception cause) {
		int cost = MessageFormat.size(fields);
		this.lock.lock();
		try {
			if (this.stopped) {
				throw LogAppender.stopped();
			}
			if (this.entries.size() >= this.settings.bufferEvents()
					|| this.bytes + cost > this.settings.bufferBytes()) {
				throw LogAppender.unavailable(
						"cannot be reached, and the buffer is full, with " + this.entries.size() + " events", cause);
			}
			startDraining();
			this.entries.add(fields);
			this.bytes += cost;
			this.size = this.entries.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Add an entry if others are buffered.
	 * @return whether the entry was added
	 * @throws EventLogUnavailableException if the buffer is full or stopped, or no thread
	 * can be started to append the entry
	 */
	boolean addBehindOthers(Map<byte[], byte[]> fields) {
		if (this.size == 0) {
			return false;
		}
		this.lock.lock();
		try {
			if (this.entries.isEmpty()) {
				return false;
			}
			add(fields, null);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		return this.size;
	}

	/**
	 * Start the thread, unless it is running. Called under the lock, so that the thread
	 * looks for entries only after the caller has added one.
	 * @throws EventLogUnavailableException if no thread can be started
	 */
	private void startDraining() {
		if (this.draining) {
			return;
		}
		try {
			this.threads.newThread(this::drain).start();
			this.draining = true;
		}
		catch (OutOfMemoryError ex) {
			throw new EventLogUnavailableException("No thread can be started to append the events that wait for Redis",
					ex);
		}
	}

	/**
	 * NOTE: no failure may end this thread, not even an {@code OutOfMemoryError}: the
	 * buffered entries and all later ones would wait forever.
	 */
	private void drain() {
		boolean more = true;
		while (more) {
			try {
				more = appendNext();
			}
			catch (RuntimeException | Error ex) {
				tell("Continuing to append buffered events after an unexpected failure", ex);
				LockSupport.parkNanos(this, PAUSE);
			}
		}
	}

	private boolean appendNext() {
		List<Map<byte[], byte[]>> next = next();
		if (next.isEmpty()) {
			return false;
		}
		int done;
		try {
			done = this.sender.send(next);
		}
		catch (NoReplyException ex) {
			shorten();
			LockSupport.parkNanos(this, PAUSE);
			return true;
		}
		catch (RuntimeException | Error ex) {
			tell("A buffered event is lost", ex);
			done = 1;
		}
		remove(done);
		return true;
	}

	/**
	 * Log a failure, and ignore a failure of logging.
	 */
	private static void tell(String message, Throwable failure) {
		try {
			logger.error(message, failure);
		}
		catch (RuntimeException | Error ex) {
			// logging may fail, too, if there is no memory
		}
	}

	/**
	 * Return the entries to append next, none if the thread is to end.
	 */
	private List<Map<byte[], byte[]>> next() {
		this.lock.lock();
		try {
			List<Map<byte[], byte[]>> result = new ArrayList<>();
			if (!this.stopped) {
				long left = BATCH_BYTES;
				for (Map<byte[], byte[]> fields : this.entries) {
					left -= MessageFormat.size(fields);
					if (result.size() == this.batchSize.get() || (left < 0 && !result.isEmpty())) {
						break;
					}
					result.add(fields);
				}
			}
			this.draining = !result.isEmpty();
			return result;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove(int count) {
		this.lock.lock();
		try {
			for (int i = 0; i < count; i++) {
				this.bytes -= MessageFormat.size(this.entries.remove());
			}
			this.size = this.entries.size();
			this.batchSize.grow();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Append fewer entries at once. Their size may be the reason that no answer came in
	 * time, and a few are enough to find out whether a server accepts entries again.
	 */
	private void shorten() {
		this.lock.lock();
		try {
			this.batchSize.shrink();
		}
		finally {
			this.lock.unlock();
		}
	}

	void start() {
		this.lock.lock();
		try {
			this.stopped = false;
			if (!this.entries.isEmpty()) {
				startDraining();
			}
		}
		catch (EventLogUnavailableException ex) {
			tell("Buffered events wait until the next event is published", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Wait for the buffered entries as long as for one append, then stop.
	 */
	void stop() {
		awaitEmpty();
		this.lock.lock();
		try {
			this.stopped = true;
		}
		finally {
			this.lock.unlock();
		}
		if (this.size > 0) {
			logger.error("Redis could not be reached before the shutdown: " + this.size
					+ " buffered events are lost, unless the log is started again in this process");
		}
	}

	private void awaitEmpty() {
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		boolean interrupted = false;
		while (this.size > 0 && System.nanoTime() - end < 0) {
			LockSupport.parkNanos(this, PAUSE);
			// NOTE: an interrupted thread would not park
			interrupted |= Thread.interrupted();
		}
		if (interrupted) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Appends entries.
	 */
	@FunctionalInterface
	interface Sender {

		/**
		 * Append entries, in their order.
		 * @return the number of entries to remove from the buffer
		 * @throws NoReplyException if Redis could not be reached, or could not serve now
		 */
		int send(List<Map<byte[], byte[]>> entries) throws NoReplyException;

	}

}
