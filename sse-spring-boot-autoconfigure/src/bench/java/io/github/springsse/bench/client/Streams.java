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

package io.github.springsse.bench.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The open streams, some of which are never read.
 * <p>
 * The selector is asked again and again without waiting: a client that slept between two
 * events would have the server pay for waking it up.
 */
final class Streams implements Closeable {

	private static final int LONGEST_LINE = 64 * 1024;

	private static final int SMALLEST_BUFFER = 4096;

	/** Nanoseconds in which events gather: a poll costs as much as a few reads. */
	private static final long PAUSE = 50_000;

	private final InetSocketAddress server;

	private final Selector selector = Selector.open();

	private final List<SocketChannel> channels = new ArrayList<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(512 * 1024);

	private final byte[] bytes = new byte[this.buffer.capacity() + LONGEST_LINE];

	private int reading;

	private long lastPoll = System.nanoTime();

	private long idleNanos;

	Streams(int port) throws IOException {
		this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * Open a stream and read it.
	 * @param target what the streams are
	 * @param next the number of the next event
	 * @param lastId what the stream has already, or nothing
	 */
	StreamConnection open(Target target, long next, String lastId) throws IOException {
		int stream = this.reading++;
		SocketChannel channel = connect(SocketChannel.open(), target.path(stream), lastId);
		channel.configureBlocking(false);
		StreamConnection connection = new StreamConnection(channel, target, stream, next);
		channel.register(this.selector, SelectionKey.OP_READ, connection);
		return connection;
	}

	/**
	 * Open a stream and never read it.
	 */
	void openSilent() throws IOException {
		connect(SocketChannel.open().setOption(StandardSocketOptions.SO_RCVBUF, SMALLEST_BUFFER), "/events", "");
	}

	private SocketChannel connect(SocketChannel channel, String path, String lastId) throws IOException {
		channel.connect(this.server);
		this.channels.add(channel);
		String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
				+ (lastId.isEmpty() ? "" : "Last-Event-ID: " + lastId + "\r\n") + "\r\n";
		channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.US_ASCII)));
		return channel;
	}

	/** How many streams are open. */
	int size() {
		return this.channels.size();
	}

	/** How many streams are read. */
	int reading() {
		return this.reading;
	}

	/** How long there was nothing to read, in all. */
	long idleNanos() {
		return this.idleNanos;
	}

	/**
	 * Read what has come on any stream, not too soon after the last time.
	 * @return whether there was anything
	 */
	boolean read(StreamConnection.Receiver receiver) throws IOException {
		long start = System.nanoTime();
		long now = start;
		while (now - this.lastPoll < PAUSE) {
			Thread.onSpinWait();
			now = System.nanoTime();
		}
		this.idleNanos += now - start;
		this.lastPoll = now;
		return this.selector.selectNow((key) -> read((StreamConnection) key.attachment(), receiver)) > 0;
	}

	private void read(StreamConnection connection, StreamConnection.Receiver receiver) {
		try {
			connection.read(this.buffer, this.bytes, receiver);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		for (SocketChannel channel : this.channels) {
			channel.close();
		}
		this.selector.close();
	}

}
