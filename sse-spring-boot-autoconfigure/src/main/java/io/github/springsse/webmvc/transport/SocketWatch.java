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
 * One thread that watches the sockets of streams: for the end of their input, where the
 * client has gone, and for room for more output.
 * <p>
 * Sockets whose clients have gone are closed by this thread too. When a crowd leaves, it
 * works while delivery has nothing to write, and little otherwise, so that those who stay
 * have the processor. Thread-safe; the thread is started for the first socket.
 */
final class SocketWatch implements Runnable, AutoCloseable {

	private static final Log logger = LogFactory.getLog(SocketWatch.class);

	/** How many sockets are closed before delivery is asked again. */
	private static final int CLOSED_AT_ONCE = 16;

	/** How long delivery may keep this thread from it, and how often it is asked. */
	private static final long LONGEST_WAIT = TimeUnit.MILLISECONDS.toNanos(10);

	private static final long SHORTEST_WAIT = TimeUnit.MICROSECONDS.toNanos(500);

	/** How long to wait after a failure, which may come again at once. */
	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

	private final BooleanSupplier delivering;

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private @Nullable Selector selector;

	private volatile boolean stopped;

	/** Found to be gone by the last look; belongs to the thread. */
	private final List<Socket> found = new ArrayList<>();

	/** Gone, and to be closed. */
	private final Queue<Socket> gone = new ConcurrentLinkedQueue<>();

	/**
	 * Create a watch without sockets.
	 * @param delivering whether delivery needs the processor
	 */
	SocketWatch(BooleanSupplier delivering) {
		this.delivering = delivering;
	}

	/**
	 * Watch a socket until it is closed, for what is asked for then. For each that is
	 * new, one that has gone is closed, so that there are never more because some are
	 * waiting for that.
	 * <p>
	 * That comes first, since the caller may hold a lock of the new socket that closing
	 * needs, as Tomcat's threads do: it must neither close its own, whose client may have
	 * gone already, nor wait for a caller that is about to close this one. Those that are
	 * closed were registered, so their callers wait for nobody any more.
	 * @param channel the socket, which does not block
	 * @param socket to be told what happens
	 * @return the registration, to be passed to {@link #awaitInput} and
	 * {@link #awaitOutput}
	 * @throws IOException if the socket is closed, or nothing is watched any more
	 */
	SelectionKey watch(SocketChannel channel, Socket socket) throws IOException {
		closeGone(1);
		return channel.register(selector(), 0, socket);
	}

	/**
	 * Tell a socket of all of its input, and of its end, from now on.
	 * @param key the registration
	 * @throws CancelledKeyException if the socket is closed
	 */
	void awaitInput(SelectionKey key) {
		key.interestOpsOr(SelectionKey.OP_READ);
		key.selector().wakeup();
	}

	/**
	 * Tell a socket once when it takes more output.
	 * @param key the registration
	 * @throws CancelledKeyException if the socket is closed
	 */
	void awaitOutput(SelectionKey key) {
		key.interestOpsOr(SelectionKey.OP_WRITE);
		key.selector().wakeup();
	}

	/**
	 * Let go of a socket that was closed, which the operating system keeps until then.
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
					logger.error("Watching sockets goes on after an unexpected failure", ex);
					LockSupport.parkNanos(this, PAUSE);
				}
			}
		}
		catch (IOException ex) {
			logger.debug("Watching sockets ends", ex);
		}
	}

	private void watch(Selector watching) throws IOException {
		if (this.gone.isEmpty()) {
			watching.select(this::look);
		}
		else {
			watching.selectNow(this::look);
		}
		// NOTE: all at once, so that delivery wakes up once for them
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
			// closed meanwhile
		}
	}

	/**
	 * Have the thread end. What is still open is not watched any more.
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
	 * A socket that is watched. Called by the thread that watches, or where that is said
	 * by another.
	 */
	interface Socket {

		/**
		 * There is input, or its end.
		 * @return {@code false} if the client has gone
		 */
		boolean onInput();

		/**
		 * There is room for output.
		 */
		void onOutput();

		/**
		 * The client has gone; {@link #closeGone} will be called.
		 */
		void onGone();

		/**
		 * Close the socket of a client that has gone. Called by the thread that watches,
		 * or by one that has a new socket watched.
		 */
		void closeGone();

	}

}
