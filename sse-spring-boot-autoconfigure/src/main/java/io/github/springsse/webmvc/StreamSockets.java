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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SocketChannel;

/**
 * Takes the sockets of connections that were handed over. Thread-safe.
 *
 * @param watch watches the plain ones
 * @param vanished finds those whose clients have gone without a word
 * @param keepalive how the operating system does so, where nothing is sent
 * @param sendBuffer bytes of the buffer that the operating system is to have for each
 */
record StreamSockets(SocketWatch watch, VanishedClients vanished, Keepalive keepalive, int sendBuffer) {

	/**
	 * Have the operating system not hold megabytes for a client that does not read, which
	 * all get older while the queue could have newer ones, and look for one that is there
	 * no more.
	 */
	void prepare(SocketChannel channel) {
		this.keepalive.apply(channel);
		try {
			channel.setOption(StandardSocketOptions.SO_SNDBUF, this.sendBuffer);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// it has gone, as will be found, or is of a kind without
		}
	}

	/**
	 * Open a stream on a plain socket. If that fails, whatever may be the reason, the
	 * stream is told that its client has gone: it may be that nobody else would tell it.
	 * @param channel the socket, which does not block, and to which nobody else writes
	 * @param exchange to be opened
	 * @param connection closes the socket, and all that the server keeps of it; for any
	 * thread
	 */
	void open(SocketChannel channel, StreamExchange exchange, Runnable connection) {
		SocketTransport transport = new SocketTransport(channel, exchange.listener(), connection, this.watch,
				this.vanished, exchange.isChunked());
		try {
			transport.watch();
			exchange.opened(transport);
		}
		catch (IOException | ClosedSelectorException | CancelledKeyException ex) {
			// the client has gone, or the application is shutting down
			giveUp(exchange, connection);
		}
		catch (RuntimeException | Error ex) {
			giveUp(exchange, connection);
			throw ex;
		}
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
