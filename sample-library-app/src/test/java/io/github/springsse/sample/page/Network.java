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

package io.github.springsse.sample.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A network between a browser and a server, which can be off: connections are cut then,
 * and new ones refused.
 */
final class Network implements AutoCloseable {

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private final int serverPort;

	private ServerSocket listener;

	Network(int serverPort) {
		this.serverPort = serverPort;
		this.listener = listen(0);
	}

	/**
	 * Return the port that leads to the server while the network is on.
	 * @return the port
	 */
	int port() {
		return this.listener.getLocalPort();
	}

	void on() {
		this.listener = listen(port());
	}

	void off() {
		close(this.listener);
		this.sockets.forEach(Network::close);
		this.sockets.clear();
	}

	@Override
	public void close() {
		off();
	}

	private ServerSocket listen(int port) {
		try {
			ServerSocket result = new ServerSocket();
			result.setReuseAddress(true);
			result.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			start(() -> accept(result));
			return result;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void accept(ServerSocket listener) throws IOException {
		while (true) {
			Socket client = listener.accept();
			Socket server = new Socket(InetAddress.getLoopbackAddress(), this.serverPort);
			this.sockets.add(client);
			this.sockets.add(server);
			start(() -> copy(client, server));
			start(() -> copy(server, client));
			if (listener.isClosed()) {
				close(client);
				close(server);
			}
		}
	}

	private void copy(Socket from, Socket to) throws IOException {
		try {
			from.getInputStream().transferTo(to.getOutputStream());
		}
		finally {
			close(from);
			close(to);
			this.sockets.remove(from);
		}
	}

	private static void start(Transfer transfer) {
		Thread thread = new Thread(() -> {
			try {
				transfer.run();
			}
			catch (IOException ex) {
				// One side has gone, or the network is off
			}
		}, "network");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(AutoCloseable closeable) {
		try {
			closeable.close();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private interface Transfer {

		void run() throws IOException;

	}

}
