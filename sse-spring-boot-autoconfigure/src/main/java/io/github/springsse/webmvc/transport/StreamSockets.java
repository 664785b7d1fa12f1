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
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Manages the sockets of streams that were handed over: sets their options, watches them,
 * and detects vanished clients. Thread-safe.
 */
public final class StreamSockets implements AutoCloseable {

	private final SocketWatch watch;

	private final VanishedClients vanished;

	private final Keepalive keepalive;

	private final int sendBuffer;

	StreamSockets(SocketWatch watch, VanishedClients vanished, Keepalive keepalive, int sendBuffer) {
		this.watch = watch;
		this.vanished = vanished;
		this.keepalive = keepalive;
		this.sendBuffer = sendBuffer;
	}

	/**
	 * Create an instance without sockets.
	 * @param delivering whether delivery is busy
	 * @param heartbeatInterval the longest time without data to a client, {@code null} if
	 * unlimited
	 * @param writeTimeout the time within which a client must acknowledge data
	 * @param sendBuffer the number of bytes that the operating system may buffer for a
	 * client
	 * @return the instance
	 */
	public static StreamSockets of(BooleanSupplier delivering, @Nullable Duration heartbeatInterval,
			Duration writeTimeout, int sendBuffer) {
		return new StreamSockets(new SocketWatch(delivering), new VanishedClients(heartbeatInterval, writeTimeout),
				Keepalive.of(heartbeatInterval, writeTimeout), sendBuffer);
	}

	/**
	 * Set the options of a socket: keepalive detects vanished clients, and a small send
	 * buffer prevents the operating system from holding megabytes of old events for a
	 * client that does not read.
	 * @param channel the socket
	 */
	public void prepare(SocketChannel channel) {
		this.keepalive.apply(channel);
		try {
			channel.setOption(StandardSocketOptions.SO_SNDBUF, this.sendBuffer);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// the socket is closed, which will be detected, or does not support the
			// option
		}
	}

	/**
	 * Open a stream on a plain socket. If this fails for any reason, notifies the stream
	 * that its client has disconnected, since nothing else would.
	 * @param channel the socket, which does not block, and to which nothing else writes
	 * @param exchange the request and response to open
	 * @param connection closes the socket and its resources in the server; called on any
	 * thread
	 */
	public void open(SocketChannel channel, StreamExchange exchange, Runnable connection) {
		SocketTransport transport = new SocketTransport(channel, exchange.listener(), connection, this.watch,
				this.vanished, exchange.isChunked());
		try {
			transport.watch();
			exchange.opened(transport);
		}
		catch (IOException | ClosedSelectorException | CancelledKeyException ex) {
			// the client has disconnected, or the application is shutting down
			giveUp(exchange, connection);
		}
		catch (RuntimeException | Error ex) {
			giveUp(exchange, connection);
			throw ex;
		}
	}

	/**
	 * Watch for the vanishing of the client of a connection that is not a plain socket.
	 * @param connection the connection
	 */
	public void add(VanishedClients.Connection connection) {
		this.vanished.add(connection);
	}

	/**
	 * Remove a connection whose channel is closed.
	 * @param connection the connection
	 */
	public void remove(VanishedClients.Connection connection) {
		this.vanished.remove(connection);
	}

	@Override
	public void close() {
		this.watch.close();
		this.vanished.close();
	}

	private static void giveUp(StreamExchange exchange, Runnable connection) {
		try {
			exchange.listener().onDisconnected();
		}
		finally {
			connection.run();
		}
	}

}
