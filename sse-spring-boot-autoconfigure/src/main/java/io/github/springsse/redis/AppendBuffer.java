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
 * Entries that wait for Redis, bounded in number and bytes, and a thread that appends
 * them while there are any: many at once, or whoever publishes would fill the buffer as
 * fast as it is emptied, and in their order. An entry stays until it is appended, so that
 * whoever finds none knows that all that came before are. Thread-safe.
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
	 * Have an entry wait.
	 * @param cause why it has to
	 * @throws EventLogUnavailableException if there is no room, or no thread to append
	 * it, or this has stopped
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
						"cannot be reached, and as many events wait for it as may: " + this.entries.size(), cause);
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
	 * Have an entry wait if others do.
	 * @return whether it waits
	 * @throws EventLogUnavailableException if there is no room, or no thread to append
	 * it, or this has stopped
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
	 * Start the thread, unless there is one. Called under the lock, which keeps the
	 * thread from looking for entries until it is left.
	 * @throws EventLogUnavailableException if there cannot be another thread now
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
			throw new EventLogUnavailableException("There is no thread to append what waits for Redis", ex);
		}
	}

	/**
	 * NOTE: without this thread what waits would wait for ever, and everything after it,
	 * so that not even a lack of memory may end it.
	 */
	private void drain() {
		boolean more = true;
		while (more) {
			try {
				more = appendNext();
			}
			catch (RuntimeException | Error ex) {
				tell("Appending what is buffered goes on after an unexpected failure", ex);
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
			tell("An event that was buffered is lost", ex);
			done = 1;
		}
		remove(done);
		return true;
	}

	/**
	 * Log a failure if that is possible.
	 */
	private static void tell(String message, Throwable failure) {
		try {
			logger.error(message, failure);
		}
		catch (RuntimeException | Error ex) {
			// nothing is left to tell it with
		}
	}

	/**
	 * Return what is to be appended next, nothing if the thread is to end.
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
	 * Append fewer at once: it may be for their size that there was no answer in time,
	 * and a few are enough to see whether a server takes entries again.
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
			tell("What is buffered waits for the next event", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Give what waits the time that one entry has, and stop.
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
					+ " buffered events are lost, unless the application is started again");
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
		 * @return how many of them need not wait any more
		 * @throws NoReplyException if Redis could not be reached, or could not serve now
		 */
		int send(List<Map<byte[], byte[]>> entries) throws NoReplyException;

	}

}
