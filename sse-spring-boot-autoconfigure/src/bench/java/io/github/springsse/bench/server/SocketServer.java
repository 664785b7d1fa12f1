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

package io.github.springsse.bench.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

import tools.jackson.databind.json.JsonMapper;

/**
 * No server at all: one {@code write} of the same bytes to every socket, in a loop. What
 * it reaches is what Java can reach on this machine with one {@code write} for each event
 * and stream; and as another thread than the one that publishes does it, publishing takes
 * what it takes to write JSON and wake up a thread.
 */
public final class SocketServer implements Audience {

	private static final String HEAD = """
			HTTP/1.1 200\r
			Content-Type: text/event-stream\r
			Connection: close\r
			\r
			""";

	private final List<SocketChannel> sockets = new CopyOnWriteArrayList<>();

	private final Queue<byte[]> published = new ConcurrentLinkedQueue<>();

	private final Thread writer = new Thread(this::write, "writer");

	private final JsonMapper jsonMapper = new JsonMapper();

	@Override
	public void publish(Tick tick) {
		String text = "id: " + tick.number() + "\nevent: tick\ndata: " + this.jsonMapper.writeValueAsString(tick)
				+ "\n\n";
		this.published.add(text.getBytes(StandardCharsets.US_ASCII));
		LockSupport.unpark(this.writer);
	}

	private void write() {
		ByteBuffer frame = ByteBuffer.allocateDirect(64 * 1024);
		while (true) {
			byte[] bytes = this.published.poll();
			if (bytes != null) {
				write(frame.clear().put(bytes).flip());
			}
			else {
				LockSupport.park(this);
			}
		}
	}

	private void write(ByteBuffer frame) {
		for (SocketChannel socket : this.sockets) {
			try {
				socket.write(frame);
				frame.rewind();
			}
			catch (IOException ex) {
				remove(socket);
			}
		}
	}

	private void remove(SocketChannel socket) {
		this.sockets.remove(socket);
		try {
			socket.close();
		}
		catch (IOException ex) {
			// gone anyway
		}
	}

	@Override
	public int count() {
		return this.sockets.size();
	}

	private void accept(ServerSocketChannel server) {
		ByteBuffer request = ByteBuffer.allocate(4096);
		while (true) {
			try {
				SocketChannel socket = server.accept();
				socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
				socket.read(request.clear());
				socket.write(ByteBuffer.wrap(HEAD.getBytes(StandardCharsets.US_ASCII)));
				this.sockets.add(socket);
			}
			catch (IOException ex) {
				System.err.println("Connection lost: " + ex);
			}
		}
	}

	private static void start(Thread thread) {
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Serve.
	 * @param args none
	 * @throws IOException if there is no free port
	 */
	public static void main(String[] args) throws IOException {
		ServerSocketChannel server = ServerSocketChannel.open();
		server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
		SocketServer audience = new SocketServer();
		start(audience.writer);
		start(new Thread(() -> audience.accept(server), "acceptor"));
		ControlPort.serve(((InetSocketAddress) server.getLocalAddress()).getPort(), audience, audience.jsonMapper);
	}

}
