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

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteOrder;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Detects clients that have vanished without closing the connection: they do not
 * acknowledge the data sent to them. Java reports this only when the operating system
 * gives up, after a quarter of an hour by default. On Linux, a thread regularly reads the
 * kernel's tables of sockets while there are connections, and notifies the connections
 * whose clients have not answered for too long. On other systems nothing is read.
 * <p>
 * If a reading takes long, the tables are read half as often. Thread-safe. A connection
 * that is removed, or whose channel is closed, is not retained; a connection that is
 * removed before it is added must have a closed channel.
 */
public final class VanishedClients implements Runnable, AutoCloseable {

	private static final Log logger = LogFactory.getLog(VanishedClients.class);

	private static final List<Path> LINUX = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

	/** The number of readings per heartbeat interval. */
	private static final int READINGS = 4;

	private static final long SHORTEST_PAUSE = Duration.ofMillis(250).toNanos();

	/**
	 * The ratio of the pause after a reading to its duration, within
	 * {@link #LONGEST_PAUSE}.
	 */
	private static final int REST = 20;

	/** The longest pause, as a multiple of the usual one. */
	private static final int LONGEST_PAUSE = 2;

	private final List<Path> tables;

	private final long pause;

	private final SocketTable table = new SocketTable(ByteOrder.nativeOrder());

	private final Silences silences;

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	/** The local ports of the connections; used by the thread only. */
	private final BitSet localPorts = new BitSet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable Thread thread;

	/** Whether the thread waits for a connection or has not been started. */
	private volatile boolean idle = true;

	private volatile boolean stopped;

	/** Whether the last reading failed; used by the thread only. */
	private boolean failed;

	/**
	 * Create an instance for the tables of this machine, if any.
	 * @param heartbeatInterval the longest time without data to a client, {@code null} if
	 * unlimited
	 * @param longestSilence the time within which a client must acknowledge data
	 */
	VanishedClients(@Nullable Duration heartbeatInterval, Duration longestSilence) {
		this(LINUX, heartbeatInterval, longestSilence);
	}

	VanishedClients(List<Path> tables, @Nullable Duration heartbeatInterval, Duration longestSilence) {
		this.tables = tables.stream().filter(Files::isReadable).toList();
		Duration interval = (heartbeatInterval != null && heartbeatInterval.compareTo(longestSilence) < 0)
				? heartbeatInterval : longestSilence;
		this.pause = Math.max(SHORTEST_PAUSE, interval.toNanos() / READINGS);
		this.silences = new Silences(longestSilence.toNanos());
	}

	/**
	 * Notify a connection when its client has vanished, until it is removed.
	 */
	void add(Connection connection) {
		if (this.tables.isEmpty() || this.stopped) {
			return;
		}
		this.connections.add(connection);
		if (!connection.channel().isOpen()) {
			this.connections.remove(connection);
		}
		else if (this.idle) {
			wakeUp();
		}
	}

	/**
	 * Remove a connection whose channel is closed.
	 */
	void remove(Connection connection) {
		this.connections.remove(connection);
	}

	private void wakeUp() {
		this.lock.lock();
		try {
			if (this.thread == null && !this.stopped) {
				Thread thread = new Thread(this, "sse-vanished");
				thread.setDaemon(true);
				thread.start();
				this.thread = thread;
			}
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void run() {
		try {
			long took = 0;
			while (await(Math.max(this.pause, Math.min(REST * took, LONGEST_PAUSE * this.pause)))) {
				long start = System.nanoTime();
				try {
					look(start);
				}
				catch (RuntimeException | Error ex) {
					logger.error("Detection of vanished clients continues after an unexpected failure", ex);
				}
				took = System.nanoTime() - start;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait until there is a connection, and then for a time.
	 * @return {@code false} if this is closed
	 */
	private boolean await(long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			this.idle = true;
			// NOTE: a thread that adds a connection checks afterwards whether this thread
			// is idle
			while (this.connections.isEmpty() && !this.stopped) {
				this.changed.await();
			}
			this.idle = false;
			long left = nanos;
			while (left > 0 && !this.stopped) {
				left = this.changed.awaitNanos(left);
			}
			return !this.stopped;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Read the tables once.
	 * @param now the current time in nanoseconds
	 */
	void look(long now) {
		if (!findPorts()) {
			return;
		}
		this.silences.begin(now);
		try {
			for (Path path : this.tables) {
				try (InputStream input = new FileInputStream(path.toFile())) {
					this.table.read(input, this.localPorts::get, this.silences);
				}
			}
			this.failed = false;
		}
		catch (IOException ex) {
			if (!this.failed) {
				logger.warn("Vanished clients are not detected until the kernel's tables of sockets (" + this.tables
						+ ") can be read again", ex);
			}
			this.failed = true;
		}
		List<SocketPair> vanished = this.silences.end();
		if (!vanished.isEmpty()) {
			tell(vanished);
		}
	}

	/**
	 * NOTE: all connections share the few ports of the server, so most rows of the table
	 * can be skipped.
	 */
	private boolean findPorts() {
		this.localPorts.clear();
		boolean found = false;
		for (Connection connection : this.connections) {
			InetSocketAddress local = local(connection);
			if (local != null) {
				this.localPorts.set(local.getPort());
				found = true;
			}
			else {
				this.connections.remove(connection);
			}
		}
		return found;
	}

	private void tell(List<SocketPair> vanished) {
		BitSet remotePorts = new BitSet();
		vanished.forEach((pair) -> remotePorts.set(pair.remotePort()));
		Set<SocketPair> pairs = new HashSet<>(vanished);
		for (Connection connection : this.connections) {
			InetSocketAddress local = local(connection);
			InetSocketAddress remote = remote(connection);
			if (local != null && remote != null && remotePorts.get(remote.getPort())
					&& pairs.contains(SocketPair.of(local, remote))) {
				this.connections.remove(connection);
				tell(connection);
			}
		}
	}

	/**
	 * Notify a connection. The operating system must not continue to send the remaining
	 * data when the socket is closed.
	 */
	private static void tell(Connection connection) {
		try {
			connection.channel().setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// the socket is closed, or does not support the option
		}
		connection.onVanished();
	}

	private static @Nullable InetSocketAddress local(Connection connection) {
		try {
			return (connection.channel().getLocalAddress() instanceof InetSocketAddress address) ? address : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static @Nullable InetSocketAddress remote(Connection connection) {
		try {
			return (connection.channel().getRemoteAddress() instanceof InetSocketAddress address) ? address : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	/**
	 * End the thread.
	 */
	@Override
	public void close() {
		this.lock.lock();
		try {
			this.stopped = true;
			this.changed.signal();
		}
		finally {
			this.lock.unlock();
		}
		this.connections.clear();
	}

	/**
	 * A connection whose client may vanish.
	 */
	public interface Connection {

		/**
		 * Return the socket.
		 * @return the socket, the same one at each call
		 */
		SocketChannel channel();

		/**
		 * Called once when the client has vanished, by the thread that detects it.
		 */
		void onVanished();

	}

}
