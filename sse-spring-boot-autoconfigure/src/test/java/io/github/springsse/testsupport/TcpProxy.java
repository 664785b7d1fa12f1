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

package io.github.springsse.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntToLongFunction;

/**
 * A port behind which another server may take over.
 */
public final class TcpProxy implements AutoCloseable {

	private final ServerSocket server;

	private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

	private volatile long delay;

	private volatile long nanosPerByte;

	private volatile Consumer<String> watcher = (text) -> {
	};

	private volatile int target;

	private volatile boolean open = true;

	/**
	 * Create a proxy.
	 * @param target the port of the first server
	 */
	public TcpProxy(int target) {
		this(target, Duration.ZERO);
	}

	/**
	 * Create a proxy that makes the way to the server long.
	 * @param target the port of the first server
	 * @param delay how long what is sent is under way
	 */
	public TcpProxy(int target, Duration delay) {
		this.target = target;
		this.delay = delay.toNanos();
		try {
			this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	public int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Make the way to the server longer, or shorter, from now on.
	 * @param delay how long what is sent is under way
	 */
	public void delay(Duration delay) {
		this.delay = delay.toNanos();
	}

	/**
	 * Make the way back narrow, from now on.
	 * @param bytesPerSecond what goes through on each connection
	 */
	public void limit(int bytesPerSecond) {
		this.nanosPerByte = TimeUnit.SECONDS.toNanos(1) / bytesPerSecond;
	}

	/**
	 * Have what goes back from now on handed to a watcher, too, once it has been written
	 * to the client.
	 * @param watcher the watcher, which is given a character for each byte
	 */
	public void watch(Consumer<String> watcher) {
		this.watcher = watcher;
	}

	/**
	 * Refuse connections, and cut those that there are.
	 */
	public void cut() {
		this.open = false;
		this.sockets.forEach(TcpProxy::close);
	}

	/**
	 * Lead to another server from now on.
	 * @param port its port
	 */
	public void leadTo(int port) {
		this.target = port;
		this.open = true;
	}

	private void accept() {
		try {
			while (true) {
				Socket client = this.server.accept();
				if (this.open) {
					connect(client);
				}
				else {
					client.close();
				}
			}
		}
		catch (IOException ex) {
			// closed
		}
	}

	private void connect(Socket client) {
		try {
			Socket upstream = new Socket("127.0.0.1", this.target);
			client.setTcpNoDelay(true);
			upstream.setTcpNoDelay(true);
			this.sockets.add(client);
			this.sockets.add(upstream);
			start(() -> copy(client, upstream, (count) -> this.delay, (text) -> {
			}));
			start(() -> copy(upstream, client, (count) -> count * this.nanosPerByte,
					(text) -> this.watcher.accept(text)));
		}
		catch (IOException ex) {
			close(client);
		}
	}

	private void copy(Socket from, Socket to, IntToLongFunction nanos, Consumer<String> watcher) {
		try {
			InputStream input = from.getInputStream();
			OutputStream output = to.getOutputStream();
			byte[] bytes = new byte[65536];
			int count;
			while ((count = input.read(bytes)) >= 0) {
				LockSupport.parkNanos(nanos.applyAsLong(count));
				output.write(bytes, 0, count);
				watcher.accept(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
			}
		}
		catch (IOException ex) {
			// closed
		}
		close(from);
		close(to);
		this.sockets.remove(from);
	}

	private static void start(Runnable task) {
		Thread thread = new Thread(task, "test-proxy");
		thread.setDaemon(true);
		thread.start();
	}

	private static void close(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// closed already
		}
	}

	@Override
	public void close() {
		cut();
		try {
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
