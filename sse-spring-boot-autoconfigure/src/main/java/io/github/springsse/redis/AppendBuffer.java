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
		this.settings = settings;
		this.sender = sender;
	}

	/**
	 * Have an entry wait.
	 * @param cause why it has to
	 * @throws EventLogUnavailableException if there is no room, or this has stopped
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
			this.entries.add(fields);
			this.bytes += cost;
			this.size = this.entries.size();
			startDraining();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Have an entry wait if others do.
	 * @return whether it waits
	 * @throws EventLogUnavailableException if there is no room, or this has stopped
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

	/** Called under the lock. */
	private void startDraining() {
		if (!this.draining && !this.stopped && !this.entries.isEmpty()) {
			this.draining = true;
			Thread thread = new Thread(this::drain, "sse-redis-appender");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void drain() {
		List<Map<byte[], byte[]>> next = next();
		while (!next.isEmpty()) {
			try {
				remove(this.sender.send(next));
			}
			catch (NoReplyException ex) {
				shorten();
				LockSupport.parkNanos(this, PAUSE);
			}
			catch (RuntimeException | Error ex) {
				logger.error("An event that was buffered is lost", ex);
				remove(1);
			}
			next = next();
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
			startDraining();
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
