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

package io.github.springsse.bench.redis;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many streams, read by one thread that counts their events and gaps.
 */
final class CountingStreams implements Closeable {

	private final Selector selector = Selector.open();

	private final AtomicLong events = new AtomicLong();

	private final AtomicLong gaps = new AtomicLong();

	private volatile boolean closed;

	CountingStreams(int[] ports, int each, String path) throws IOException {
		for (int port : ports) {
			for (int i = 0; i < each; i++) {
				SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
				channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII)));
				channel.configureBlocking(false);
				channel.register(this.selector, SelectionKey.OP_READ, new Frames());
			}
		}
		Thread thread = new Thread(this::read, "bench-streams");
		thread.setDaemon(true);
		thread.start();
	}

	private void read() {
		ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);
		try {
			while (!this.closed) {
				this.selector.select(100);
				for (SelectionKey key : this.selector.selectedKeys()) {
					buffer.clear();
					((SocketChannel) key.channel()).read(buffer);
					((Frames) key.attachment()).read(buffer.flip());
				}
				this.selector.selectedKeys().clear();
			}
		}
		catch (IOException | ClosedSelectorException ex) {
			if (!this.closed) {
				throw new IllegalStateException(ex);
			}
		}
	}

	/** Frames with data, but for gaps. */
	long events() {
		return this.events.get();
	}

	long gaps() {
		return this.gaps.get();
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

	/**
	 * Where one stream is. An empty line ends a frame.
	 */
	private final class Frames {

		private static final String GAP = "event: gap";

		/** In the current line. */
		private int column;

		/** How much of the line is as in a gap. */
		private int same;

		private boolean data;

		private boolean gap;

		void read(ByteBuffer buffer) {
			int events = 0;
			int gaps = 0;
			while (buffer.hasRemaining()) {
				byte next = buffer.get();
				if (next != '\n') {
					read(next);
				}
				else if (this.column > 0) {
					this.gap |= this.same == GAP.length() && this.column == GAP.length();
					this.column = 0;
					this.same = 0;
				}
				else {
					gaps += this.gap ? 1 : 0;
					events += (this.data && !this.gap) ? 1 : 0;
					this.gap = false;
					this.data = false;
				}
			}
			CountingStreams.this.events.addAndGet(events);
			CountingStreams.this.gaps.addAndGet(gaps);
		}

		private void read(byte next) {
			this.data |= this.column == 0 && next == 'd';
			if (this.same == this.column && this.column < GAP.length() && GAP.charAt(this.column) == next) {
				this.same++;
			}
			this.column++;
		}

	}

}
