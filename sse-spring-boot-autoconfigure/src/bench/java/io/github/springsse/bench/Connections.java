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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Many connections to servers, of one thread. Each requests an event stream and reads it
 * until it ends.
 */
final class Connections implements Closeable {

	private final Selector selector = Selector.open();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

	private final byte[] bytes = new byte[this.buffer.capacity()];

	private long received;

	Connections() throws IOException {
	}

	Connection open(int port, String path, Receiver receiver) throws IOException {
		return open(port, path, "", receiver);
	}

	/**
	 * Open a connection.
	 * @param headers further headers of the request, each with its line end
	 */
	Connection open(int port, String path, String headers, Receiver receiver) throws IOException {
		Connection connection = new Connection(path, headers, receiver);
		try {
			connection.connect(port);
			return connection;
		}
		catch (IOException ex) {
			connection.close();
			throw ex;
		}
	}

	/**
	 * Read everything that has arrived.
	 * @param millis the time to wait for it, 0 for none
	 */
	void poll(long millis) throws IOException {
		if (millis > 0) {
			this.selector.select((key) -> ((Connection) key.attachment()).ready(key), millis);
		}
		else {
			this.selector.selectNow((key) -> ((Connection) key.attachment()).ready(key));
		}
	}

	/** The bytes that all connections have received, with heads and chunk sizes. */
	long received() {
		return this.received;
	}

	@Override
	public void close() throws IOException {
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

	/**
	 * Receives a response.
	 */
	interface Receiver {

		/**
		 * Receive the head, and a part of the body, which may be empty.
		 */
		void receive(int status, byte[] bytes, int count);

		/**
		 * Learn that the response has ended, or that the connection has failed.
		 */
		void end(boolean failed);

	}

	/**
	 * A connection and its response.
	 */
	final class Connection {

		private final SocketChannel channel = SocketChannel.open();

		private final ByteBuffer request;

		private final Response response = new Response();

		private final Receiver receiver;

		private Connection(String path, String headers, Receiver receiver) throws IOException {
			this.request = ByteBuffer.wrap(("GET " + path
					+ " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + headers + "\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			this.receiver = receiver;
		}

		private void connect(int port) throws IOException {
			this.channel.configureBlocking(false);
			boolean connected = this.channel.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			if (connected) {
				this.channel.write(this.request);
			}
			this.channel.register(Connections.this.selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
					this);
		}

		private void ready(SelectionKey key) {
			try {
				if (key.isConnectable()) {
					this.channel.finishConnect();
					this.channel.write(this.request);
					key.interestOps(SelectionKey.OP_READ);
					return;
				}
				int count = this.channel.read(Connections.this.buffer.clear());
				if (count > 0) {
					Connections.this.received += count;
					Connections.this.buffer.flip().get(Connections.this.bytes, 0, count);
					int body = this.response.decode(Connections.this.bytes, count);
					if (this.response.status > 0) {
						this.receiver.receive(this.response.status, Connections.this.bytes, body);
					}
				}
				if ((count < 0 || this.response.state == State.ENDED) && this.channel.isOpen()) {
					close();
					this.receiver.end(false);
				}
			}
			catch (IOException ex) {
				close();
				this.receiver.end(true);
			}
		}

		/**
		 * Close it. The receiver is not told.
		 */
		void close() {
			try {
				this.channel.close();
			}
			catch (IOException ex) {
				// it is closed nevertheless
			}
		}

	}

	private enum State {

		HEAD, BODY, CHUNK_SIZE, CHUNK, CHUNK_END, LAST_CHUNK, ENDED

	}

	/**
	 * A response that is read piece by piece. It ends with its last chunk, or with its
	 * connection.
	 */
	private static final class Response {

		private State state = State.HEAD;

		private final StringBuilder head = new StringBuilder();

		/** The status, or 0 until the head is complete. */
		private int status;

		/** Bytes of the chunk that have not been read. */
		private int left;

		/**
		 * Read bytes, and move the parts that belong to the body to the start of the
		 * array.
		 * @return the number of bytes of the body
		 */
		int decode(byte[] bytes, int count) throws IOException {
			int end = 0;
			int i = 0;
			while (i < count) {
				switch (this.state) {
					case HEAD -> readHead((char) bytes[i++]);
					case CHUNK_SIZE -> readChunkSize(bytes[i++]);
					case CHUNK_END -> awaitLineEnd(bytes[i++], State.CHUNK_SIZE);
					case LAST_CHUNK -> awaitLineEnd(bytes[i++], State.ENDED);
					case BODY, CHUNK -> {
						int part = (this.state == State.BODY) ? count - i : Math.min(this.left, count - i);
						System.arraycopy(bytes, i, bytes, end, part);
						i += part;
						end += part;
						this.left -= part;
						if (this.state == State.CHUNK && this.left == 0) {
							this.state = State.CHUNK_END;
						}
					}
					case ENDED -> throw new IOException("There are bytes after the end of the response");
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

		private void awaitLineEnd(byte b, State next) {
			if (b == '\n') {
				this.state = next;
			}
		}

		private void readChunkSize(byte b) {
			if (b == '\n') {
				this.state = (this.left > 0) ? State.CHUNK : State.LAST_CHUNK;
			}
			else if (b != '\r') {
				this.left = 16 * this.left + Character.digit(b, 16);
			}
		}

	}

}
