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

import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A thread that watches the sockets of streams for the end of the input, which means that
 * the client has disconnected, and for room for more output.
 * <p>
 * This thread also closes the sockets of disconnected clients. When a crowd disconnects,
 * it works mainly while delivery has nothing to write, so that the processor is left for
 * the remaining clients. Thread-safe; the thread is started for the first socket.
 */
final class SocketWatch implements Runnable, AutoCloseable {

	private static final Log logger = LogFactory.getLog(SocketWatch.class);

	/** The number of sockets to close before checking again whether delivery is busy. */
	private static final int CLOSED_AT_ONCE = 16;

	/** How long delivery may delay this thread, and the interval between checks. */
	private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SHORTEST_WAIT = TimeUnit.MICROSECONDS.toNanos(500);

	/** The pause after a failure, which may recur at once. */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private final BooleanSupplier delivering;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private @Nullable Selector selector;

	private volatile boolean stopped;

	/**
	 * The sockets that the last selection found disconnected; used by the thread only.
	 */
	private final List<Socket> found = new ArrayList<>();

	/** Disconnected sockets that are to be closed. */
	private final Queue<Socket> gone = new ConcurrentLinkedQueue<>();

	/**
	 * Create a watch without sockets.
	 * @param delivering whether delivery is busy
	 */
	SocketWatch(BooleanSupplier delivering) {
		this.delivering = delivering;
	}

	/**
	 * Register a socket, which is watched until it is closed, for the events that are
	 * requested later. Also closes one disconnected socket, so that the number of sockets
	 * waiting to be closed cannot grow with new connections.
	 * <p>
	 * The disconnected socket is closed before the new one is registered, since the
	 * caller may hold a lock of the new socket that closing needs, as Tomcat's threads
	 * do. The caller must neither close its own socket, whose client may already have
	 * disconnected, nor wait for another caller that is about to close that socket. A
	 * socket is closed only after its registration, when its caller no longer waits for
	 * another one.
	 * @param channel the socket, which does not block
	 * @param socket notified of events
	 * @return the registration, to be passed to {@link #awaitInput} and
	 * {@link #awaitOutput}
	 * @throws IOException if the socket or this watch is closed
	 */
	SelectionKey watch(SocketChannel channel, Socket socket) throws IOException {
		closeGone(1);
		return channel.register(selector(), 0, socket);
	}

	/**
	 * Notify a socket of input and of its end, from now on.
	 * @param key the registration
	 * @throws CancelledKeyException if the socket is closed
	 */
	void awaitInput(SelectionKey key) {
		key.interestOpsOr(SelectionKey.OP_READ);
		key.selector().wakeup();
	}

	/**
	 * Notify a socket once when it has room for more output.
	 * @param key the registration
	 * @throws CancelledKeyException if the socket is closed
	 */
	void awaitOutput(SelectionKey key) {
		key.interestOpsOr(SelectionKey.OP_WRITE);
		key.selector().wakeup();
	}

	/**
	 * Deregister a closed socket. The operating system keeps the socket until then.
	 * @param key the registration
	 */
	void forget(SelectionKey key) {
		key.selector().wakeup();
	}

	private Selector selector() throws IOException {
		this.lock.lock();
		try {
			if (this.stopped) {
				throw new IOException("The application is shutting down");
			}
			if (this.selector == null || !this.selector.isOpen()) {
				this.selector = Selector.open();
				Thread thread = new Thread(this, "sse-watch");
				thread.setDaemon(true);
				thread.start();
			}
			return this.selector;
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void run() {
		try (Selector watching = selector()) {
			while (!this.stopped) {
				try {
					watch(watching);
				}
				catch (IOException | RuntimeException | Error ex) {
					logger.error("Watching of sockets continues after an unexpected failure", ex);
					LockSupport.parkNanos(this, PAUSE);
				}
			}
		}
		catch (IOException ex) {
			logger.debug("Watching of sockets has ended", ex);
		}
	}

	private void watch(Selector watching) throws IOException {
		if (this.gone.isEmpty()) {
			watching.select(this::look);
		}
		else {
			watching.selectNow(this::look);
		}
		// NOTE: all together, so that delivery wakes up only once
		this.found.forEach(Socket::onGone);
		this.gone.addAll(this.found);
		this.found.clear();
		if (!this.gone.isEmpty()) {
			letDeliver();
			closeGone(CLOSED_AT_ONCE);
		}
	}

	private void closeGone(int most) {
		Socket socket;
		for (int i = 0; i < most && (socket = this.gone.poll()) != null; i++) {
			socket.closeGone();
		}
	}

	private void letDeliver() {
		long start = System.nanoTime();
		while (this.delivering.getAsBoolean() && System.nanoTime() - start < LONGEST_WAIT && !this.stopped) {
			LockSupport.parkNanos(this, SHORTEST_WAIT);
		}
	}

	private void look(SelectionKey key) {
		Socket socket = (Socket) key.attachment();
		try {
			if (key.isReadable() && !socket.onInput()) {
				key.cancel();
				this.found.add(socket);
			}
			else if (key.isWritable()) {
				key.interestOpsAnd(~SelectionKey.OP_WRITE);
				socket.onOutput();
			}
		}
		catch (CancelledKeyException ex) {
			// the socket was closed meanwhile
		}
	}

	/**
	 * End the thread. Open sockets are no longer watched.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.stopped = true;
			if (this.selector != null) {
				this.selector.wakeup();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A watched socket. Called by the watching thread, unless stated otherwise.
	 */
	interface Socket {

		/**
		 * Called if input or its end is available.
		 * @return {@code false} if the client has disconnected
		 */
		boolean onInput();

		/**
		 * Called when there is room for output.
		 */
		void onOutput();

		/**
		 * Called when the client has disconnected. {@link #closeGone} is called later.
		 */
		void onGone();

		/**
		 * Close the socket of a disconnected client. Called by the watching thread, or by
		 * a thread that registers a new socket.
		 */
		void closeGone();

	}

}
