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

package io.github.springsse.webmvc.transport;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import jakarta.servlet.ServletConnection;
import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.util.StringUtils;

/**
 * The thread pool for writes that may block. A stream uses a thread only during a write.
 * A connection uses a few threads at most, however many streams it carries; further
 * writes wait in a queue of the connection. If all threads are busy, writes wait as well,
 * so stalled connections delay other clients only if they fill the pool. The queues are
 * bounded by the number of streams, each of which has one write at a time. Thread-safe.
 */
final class BlockingWriters implements AutoCloseable {

	private static final int MAX_THREADS = 256;

	/** The maximum number of threads for the writes of one connection. */
	private static final int MAX_THREADS_OF_CONNECTION = 8;

	private final ThreadPoolExecutor executor;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * The connections with writes in progress. Guarded by the lock.
	 */
	private final Map<Object, Writes> connections = new HashMap<>();

	BlockingWriters() {
		CustomizableThreadFactory threads = new CustomizableThreadFactory("sse-writer-");
		threads.setDaemon(true);
		this.executor = new ThreadPoolExecutor(MAX_THREADS, MAX_THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), threads);
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Return the executor for the writes of a stream. It throws a
	 * {@link RejectedExecutionException} after the application has shut down.
	 * @param request the request of the stream, which identifies the connection. A
	 * request that does not, as with mock objects, is treated as if it had its own
	 * connection
	 * @return the executor, which starts the writes of a connection in order
	 */
	Executor of(ServletRequest request) {
		Object connection = connection(request);
		return (task) -> execute(connection, task);
	}

	private static Object connection(ServletRequest request) {
		try {
			ServletConnection connection = request.getServletConnection();
			String id = (connection != null) ? connection.getConnectionId() : null;
			return StringUtils.hasText(id) ? id : new Object();
		}
		catch (UnsupportedOperationException ex) {
			return new Object();
		}
	}

	private void execute(Object connection, Runnable task) {
		if (this.executor.isShutdown()) {
			throw new RejectedExecutionException("The application has shut down");
		}
		if (begin(connection, task)) {
			try {
				this.executor.execute(() -> run(connection, task));
			}
			catch (RejectedExecutionException | Error ex) {
				goOn(connection);
				throw ex;
			}
		}
	}

	private void run(Object connection, Runnable task) {
		try {
			task.run();
		}
		finally {
			goOn(connection);
		}
	}

	/**
	 * Submit the next write of a connection, behind the writes of other connections that
	 * already wait for a thread. Writes that wait when the application shuts down are
	 * discarded.
	 */
	private void goOn(Object connection) {
		Runnable next;
		do {
			next = end(connection);
		}
		while (next != null && !start(connection, next));
	}

	private boolean start(Object connection, Runnable task) {
		try {
			this.executor.execute(() -> run(connection, task));
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
		catch (Error ex) {
			// NOTE: no thread can be started, and no other thread would make this write
			run(connection, task);
			return true;
		}
	}

	/**
	 * Accept a write of a connection.
	 * @return {@code true} to start the write now; otherwise it starts when another one
	 * has ended
	 */
	private boolean begin(Object connection, Runnable task) {
		this.lock.lock();
		try {
			Writes writes = this.connections.computeIfAbsent(connection, (key) -> new Writes());
			if (writes.threads < MAX_THREADS_OF_CONNECTION) {
				writes.threads++;
				return true;
			}
			writes.waiting.add(task);
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Note that a write of a connection has ended.
	 * @return the next write, {@code null} if none waits
	 */
	private @Nullable Runnable end(Object connection) {
		this.lock.lock();
		try {
			Writes writes = this.connections.get(connection);
			if (writes == null) {
				return null;
			}
			Runnable next = writes.waiting.poll();
			if (next == null && --writes.threads == 0) {
				this.connections.remove(connection);
			}
			return next;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.executor.shutdownNow();
	}

	/**
	 * The writes of one connection. Guarded by the lock.
	 */
	private static final class Writes {

		/** The number of writes that have a thread or wait for one of the pool. */
		private int threads;

		/** The writes that wait for other writes of this connection. */
		private final Queue<Runnable> waiting = new ArrayDeque<>(0);

	}

}
