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
 * Finds clients that have gone without a word, to which something was sent since: they do
 * not acknowledge it, which Java does not tell before the operating system gives up,
 * after a quarter of an hour by default. On Linux a thread reads the kernel's tables of
 * sockets now and then, while there are connections, and tells those whose clients have
 * not answered for too long. Elsewhere nothing is read.
 * <p>
 * Where a reading takes long, the tables are read half as often. Thread-safe. A
 * connection that is removed, or whose channel is closed, is not kept; one that is
 * removed before it is added must have a closed channel.
 */
public final class VanishedClients implements Runnable, AutoCloseable {

	private static final Log logger = LogFactory.getLog(VanishedClients.class);

	private static final List<Path> LINUX = List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

	/** How often the tables are read during the heartbeat interval. */
	private static final int READINGS = 4;

	private static final long SHORTEST_PAUSE = Duration.ofMillis(250).toNanos();

	/** How many times longer than a reading the pause after it is, if it may be. */
	private static final int REST = 20;

	/** How many times longer than usual a pause is, at most. */
	private static final int LONGEST_PAUSE = 2;

	private final List<Path> tables;

	private final long pause;

	private final SocketTable table = new SocketTable(ByteOrder.nativeOrder());

	private final Silences silences;

	private final Set<Connection> connections = ConcurrentHashMap.newKeySet();

	/** The local ports of the connections; belongs to the thread. */
	private final BitSet localPorts = new BitSet();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private @Nullable Thread thread;

	/** Whether the thread waits for a connection, or is not started. */
	private volatile boolean idle = true;

	private volatile boolean stopped;

	/** Whether the last reading failed; belongs to the thread. */
	private boolean failed;

	/**
	 * Create one for the tables of this machine, if it has any.
	 * @param heartbeatInterval the longest time until something is sent to a client,
	 * {@code null} if there is no such time
	 * @param longestSilence the longest time for which a client need not answer
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
	 * Tell a connection when its client has vanished, until it is removed.
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
	 * Let go of a connection whose channel is closed.
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
					logger.error("Looking for clients that have vanished goes on after an unexpected failure", ex);
				}
				took = System.nanoTime() - start;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Wait until there is a connection, and then for some time.
	 * @return {@code false} if this is closed
	 */
	private boolean await(long nanos) throws InterruptedException {
		this.lock.lock();
		try {
			this.idle = true;
			// NOTE: whoever adds one looks afterwards whether the thread is idle
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
	 * @param now the time in nanoseconds
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
				logger.warn("Clients that have vanished are not looked for until the kernel's tables of sockets ("
						+ this.tables + ") can be read again", ex);
			}
			this.failed = true;
		}
		List<SocketPair> vanished = this.silences.end();
		if (!vanished.isEmpty()) {
			tell(vanished);
		}
	}

	/**
	 * NOTE: while one listens at few ports, which all connections share, most rows of the
	 * table are not of interest.
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
	 * The socket is given up without the operating system going on to send what it has
	 * not got rid of.
	 */
	private static void tell(Connection connection) {
		try {
			connection.channel().setOption(StandardSocketOptions.SO_LINGER, 0);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// it is closed, or is of a kind without
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
	 * Have the thread end.
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
		 * @return the same one each time
		 */
		SocketChannel channel();

		/**
		 * The client has vanished. Called once, by the thread that looks for them.
		 */
		void onVanished();

	}

}
