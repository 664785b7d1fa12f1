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
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * Many clients of one server, read by one thread. Each keeps count of the events, whose
 * data is a number, and whether they came without gap and in order: from 0, or from where
 * the client was when it was here before.
 */
public final class StreamSwarm implements AutoCloseable {

	private final Selector selector;

	private final List<Client> clients;

	private final Thread thread;

	private volatile boolean stopped;

	/**
	 * Open clients, one after the other.
	 * @param port the port of the server
	 * @param path the path of the stream
	 * @param count the number of clients
	 */
	public StreamSwarm(int port, String path, int count) {
		this(Stream.generate(() -> new Client(connect(port, path), 0)).limit(count).toList());
	}

	private StreamSwarm(List<Client> clients) {
		this.clients = clients;
		try {
			this.selector = Selector.open();
			for (Client client : clients) {
				client.channel.configureBlocking(false);
				client.channel.register(this.selector, SelectionKey.OP_READ, client);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.thread = new Thread(this::run, "test-swarm");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	/**
	 * Open clients that come back all at once: when the last is connected, each sends its
	 * request.
	 * @param port the port of the server
	 * @param http10 whether to ask for responses that are not chunked where they would be
	 * @param returning the clients
	 * @return the swarm
	 */
	public static StreamSwarm resume(int port, boolean http10, List<Returning> returning) {
		String head = "GET %s " + (http10 ? "HTTP/1.0" : "HTTP/1.1")
				+ "\r\nHost: localhost\r\nAccept: text/event-stream\r\nLast-Event-ID: %s\r\n\r\n";
		List<Client> clients = returning.stream().map((each) -> new Client(connect(port), each.next())).toList();
		for (int i = 0; i < clients.size(); i++) {
			send(clients.get(i).channel, head.formatted(returning.get(i).path(), returning.get(i).lastEventId()));
		}
		return new StreamSwarm(clients);
	}

	/**
	 * Open a connection that is never read.
	 * @param port the port of the server
	 * @param path the path of the stream
	 * @return the connection
	 */
	public static SocketChannel connect(int port, String path) {
		SocketChannel channel = connect(port);
		send(channel, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n");
		return channel;
	}

	private static SocketChannel connect(int port) {
		try {
			SocketChannel channel = SocketChannel.open();
			channel.setOption(StandardSocketOptions.SO_RCVBUF, 16 * 1024);
			channel.connect(new InetSocketAddress("localhost", port));
			return channel;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static void send(SocketChannel channel, String request) {
		try {
			channel.write(StandardCharsets.US_ASCII.encode(request));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void run() {
		ByteBuffer buffer = ByteBuffer.allocateDirect(256 * 1024);
		try {
			while (!this.stopped) {
				this.selector.select((key) -> ((Client) key.attachment()).read(key, buffer), 1000);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Wait until every client has the events up to a number.
	 * @param each the number after the last of them
	 */
	public void awaitEvents(long each) {
		Awaitility.await().until(() -> this.clients.stream().allMatch((client) -> client.next.get() >= each));
	}

	/**
	 * The clients that have the events up to a number, and none after them.
	 * @param next the number after the last of them
	 * @return the number of clients
	 */
	public long haveAllBefore(long next) {
		return this.clients.stream().filter((client) -> client.next.get() == next).count();
	}

	/**
	 * The clients that got something out of order, twice or not at all.
	 * @return the number of clients
	 */
	public long disorderly() {
		return this.clients.stream().filter((client) -> client.disorder).count();
	}

	public long ended() {
		return this.clients.stream().filter((client) -> client.ended).count();
	}

	@Override
	public void close() {
		this.stopped = true;
		this.selector.wakeup();
		this.clients.forEach(Client::close);
		try {
			this.thread.join();
			this.selector.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * A client that was here before.
	 *
	 * @param path the path of its stream
	 * @param lastEventId the id of the last event that it has
	 * @param next the number of the first event that it has not
	 */
	public record Returning(String path, String lastEventId, long next) {

	}

	private static final class Client {

		private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);

		private final SocketChannel channel;

		/** The number of the event that is to come next. */
		private final AtomicLong next;

		/** Bytes of {@link #DATA} seen, and then the number that follows it. */
		private int matched;

		private long number;

		private volatile boolean disorder;

		private volatile boolean ended;

		Client(SocketChannel channel, long next) {
			this.channel = channel;
			this.next = new AtomicLong(next);
		}

		void read(SelectionKey key, ByteBuffer buffer) {
			try {
				int read = this.channel.read(buffer.clear());
				if (read < 0) {
					this.ended = true;
					key.cancel();
				}
				buffer.flip();
				while (buffer.hasRemaining()) {
					accept(buffer.get());
				}
			}
			catch (IOException ex) {
				this.ended = true;
				key.cancel();
			}
		}

		private void accept(byte b) {
			if (this.matched < DATA.length) {
				this.matched = (b == DATA[this.matched]) ? this.matched + 1 : ((b == '\n') ? 1 : 0);
				this.number = 0;
			}
			else if (b >= '0' && b <= '9') {
				this.number = 10 * this.number + b - '0';
			}
			else {
				this.matched = (b == '\n') ? 1 : 0;
				this.disorder |= this.number != this.next.getAndIncrement();
			}
		}

		void close() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
