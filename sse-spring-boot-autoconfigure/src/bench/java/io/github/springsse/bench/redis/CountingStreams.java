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
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many streams, read by one thread that counts the frames.
 */
final class CountingStreams implements Closeable {

	private final Selector selector = Selector.open();

	private final AtomicLong frames = new AtomicLong();

	private volatile boolean closed;

	CountingStreams(int[] ports, int each, String path) throws IOException {
		for (int port : ports) {
			for (int i = 0; i < each; i++) {
				SocketChannel channel = SocketChannel.open(new InetSocketAddress("localhost", port));
				channel.write(ByteBuffer.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII)));
				channel.configureBlocking(false);
				channel.register(this.selector, SelectionKey.OP_READ, new byte[1]);
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
				long count = 0;
				for (SelectionKey key : this.selector.selectedKeys()) {
					buffer.clear();
					((SocketChannel) key.channel()).read(buffer);
					buffer.flip();
					count += count(buffer, (byte[]) key.attachment());
				}
				this.selector.selectedKeys().clear();
				this.frames.addAndGet(count);
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** An empty line ends a frame. */
	private static long count(ByteBuffer buffer, byte[] last) {
		long count = 0;
		byte before = last[0];
		while (buffer.hasRemaining()) {
			byte current = buffer.get();
			if (current == '\n' && before == '\n') {
				count++;
			}
			before = current;
		}
		last[0] = before;
		return count;
	}

	long frames() {
		return this.frames.get();
	}

	@Override
	public void close() throws IOException {
		this.closed = true;
		for (SelectionKey key : this.selector.keys()) {
			key.channel().close();
		}
		this.selector.close();
	}

}
