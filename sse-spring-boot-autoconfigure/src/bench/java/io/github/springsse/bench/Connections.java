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

package io.github.springsse.bench;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Locale;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import io.github.springsse.testsupport.RawStreamClient;

/**
 * Many connections to one server, read by one thread. Each requests a path and reads the
 * response until it ends.
 */
final class Connections implements Closeable {

	private final InetSocketAddress address;

	private final Selector selector = Selector.open();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

	private final byte[] bytes = new byte[this.buffer.capacity()];

	private long received;

	Connections(int port) throws IOException {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/** Open a connection. */
	void open(String path, Receiver receiver, String... headers) throws IOException {
		byte[] request = RawStreamClient.get(path, headers).getBytes(StandardCharsets.US_ASCII);
		Connection connection = new Connection(ByteBuffer.wrap(request), receiver);
		try {
			connection.connect();
		}
		catch (IOException ex) {
			connection.close();
			throw ex;
		}
	}

	/** Read what has arrived, if there is anything, or arrives within a time. */
	boolean poll(long millis) throws IOException {
		try {
			int ready = (millis > 0) ? this.selector.select(Connections::ready, millis)
					: this.selector.selectNow(Connections::ready);
			return ready > 0;
		}
		catch (UncheckedIOException ex) {
			throw ex.getCause();
		}
	}

	/** Read one of the connections that have something to read. */
	void pollOne() throws IOException {
		if (this.selector.selectedKeys().isEmpty()) {
			this.selector.selectNow();
		}
		Iterator<SelectionKey> keys = this.selector.selectedKeys().iterator();
		if (keys.hasNext()) {
			SelectionKey key = keys.next();
			keys.remove();
			((Connection) key.attachment()).ready();
		}
	}

	private static void ready(SelectionKey key) {
		try {
			((Connection) key.attachment()).ready();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The bytes that all connections have received, with heads and chunk sizes. */
	long received() {
		return this.received;
	}

	@Override
	public void close() throws IOException {
		if (this.selector.isOpen()) {
			for (SelectionKey key : this.selector.keys()) {
				key.channel().close();
			}
			this.selector.close();
		}
	}

	/** Receives the response of a connection. What it throws ends the measurement. */
	interface Receiver {

		/** Receive a part of the body, which may be empty. */
		void receive(byte[] bytes, int count) throws IOException;

		/** Receive a status other than 200, after which the connection is closed. */
		default void refused(int status) throws IOException {
			throw new IOException("The server answers with status " + status);
		}

		/** Learn that the response has ended, or that the connection has failed. */
		default void ended(boolean failed) throws IOException {
			throw new IOException("The server has closed a stream");
		}

	}

	/** Decodes a stream that must be compressed by gzip. */
	static final class Gunzip implements Receiver {

		static final String HEADER = "Accept-Encoding: gzip";

		private static final byte[] TEXT = new byte[1 << 16];

		private final Inflater inflater = new Inflater(true);

		private final Receiver receiver;

		/** Bytes of the head of a gzip stream without a name. */
		private int head = 10;

		Gunzip(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		public void receive(byte[] bytes, int count) throws IOException {
			int from = Math.min(this.head, count);
			this.head -= from;
			this.inflater.setInput(bytes, from, count - from);
			try {
				int length;
				while ((length = this.inflater.inflate(TEXT)) > 0) {
					this.receiver.receive(TEXT, length);
				}
			}
			catch (DataFormatException ex) {
				throw new IOException("A stream is not compressed as it should be", ex);
			}
			if (this.inflater.finished() || this.inflater.getRemaining() > 0) {
				throw new IOException("A compressed stream has ended");
			}
		}

	}

	private enum State {

		HEAD, BODY, CHUNK_SIZE, CHUNK, ENDED

	}

	/** A connection and its response, which ends with a last chunk or the connection. */
	private final class Connection {

		private final SocketChannel channel = SocketChannel.open();

		private final ByteBuffer request;

		private final Receiver receiver;

		private State state = State.HEAD;

		private final StringBuilder head = new StringBuilder();

		/** The status, or 0 until the head is complete. */
		private int status;

		/** Bytes of the chunk that have not been read. */
		private int left;

		private boolean sized;

		private Connection(ByteBuffer request, Receiver receiver) throws IOException {
			this.request = request;
			this.receiver = receiver;
		}

		private void connect() throws IOException {
			this.channel.configureBlocking(false);
			boolean connected = this.channel.connect(Connections.this.address);
			if (connected) {
				this.channel.write(this.request);
			}
			this.channel.register(Connections.this.selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
					this);
		}

		private void ready() throws IOException {
			int count;
			int body;
			try {
				if (this.channel.isConnectionPending()) {
					this.channel.finishConnect();
					this.channel.write(this.request);
					this.channel.keyFor(Connections.this.selector).interestOps(SelectionKey.OP_READ);
					return;
				}
				count = this.channel.read(Connections.this.buffer.clear());
				Connections.this.received += Math.max(0, count);
				Connections.this.buffer.flip().get(Connections.this.bytes, 0, Math.max(0, count));
				body = decode(Connections.this.bytes, count);
			}
			catch (IOException ex) {
				close();
				this.receiver.ended(true);
				return;
			}
			if (this.status == 200) {
				this.receiver.receive(Connections.this.bytes, body);
			}
			else if (this.status > 0) {
				close();
				this.receiver.refused(this.status);
				return;
			}
			if ((count < 0 || this.state == State.ENDED) && this.channel.isOpen()) {
				close();
				this.receiver.ended(false);
			}
		}

		/**
		 * Move the parts of some bytes that belong to the body to the start of the array.
		 * @return the number of bytes of the body
		 */
		private int decode(byte[] bytes, int count) throws IOException {
			int end = 0;
			int i = 0;
			while (i < count && this.state != State.ENDED) {
				switch (this.state) {
					case HEAD -> readHead((char) bytes[i++]);
					case CHUNK_SIZE -> readChunkSize(bytes[i++]);
					case BODY, CHUNK -> {
						int part = (this.state == State.BODY) ? count - i : Math.min(this.left, count - i);
						System.arraycopy(bytes, i, bytes, end, part);
						i += part;
						end += part;
						this.left -= part;
						if (this.state == State.CHUNK && this.left == 0) {
							this.state = State.CHUNK_SIZE;
						}
					}
				}
			}
			return end;
		}

		private void readHead(char c) throws IOException {
			this.head.append(c);
			if (c != '\n' || this.head.lastIndexOf("\r\n\r\n") < 0) {
				return;
			}
			String text = this.head.toString().toLowerCase(Locale.ROOT);
			if (!text.startsWith("http/1.1 ")) {
				throw new IOException("Unexpected response: " + text);
			}
			this.status = Integer.parseInt(text.substring(9, 12));
			this.state = text.contains("\ntransfer-encoding: chunked") ? State.CHUNK_SIZE : State.BODY;
			this.head.setLength(0);
			this.head.trimToSize();
		}

		/** Read a byte of the size of a chunk, or of the line ends around it. */
		private void readChunkSize(byte b) {
			int digit = Character.digit(b, 16);
			if (digit >= 0) {
				this.left = 16 * this.left + digit;
				this.sized = true;
			}
			else if (b == '\n' && this.sized) {
				this.state = (this.left > 0) ? State.CHUNK : State.ENDED;
				this.sized = false;
			}
		}

		private void close() throws IOException {
			this.channel.close();
		}

	}

}
