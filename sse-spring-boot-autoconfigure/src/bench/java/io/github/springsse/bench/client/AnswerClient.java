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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that reads answers, many at once. A command is a line of the standard input,
 * {@code read <connections> <answers> <pieces> <path>}: each connection reads one of so
 * many answers, in turn, whose number takes the place of {@code {}} in the path. When all
 * have ended it answers {@code done <pieces> <nanoseconds> <bytes>}, or {@code failed}
 * where one has not all of its pieces. {@code hold <connections> <path>} opens connections
 * that stay open until {@code leave}. One thread has all connections.
 */
public final class AnswerClient {

	/** What ends each piece, and is in nothing else of an answer. */
	private static final byte PIECE = '#';

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

	private final InetSocketAddress address;

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

	private final List<SocketChannel> held = new ArrayList<>();

	private long pieces;

	private long bytes;

	private int reading;

	private AnswerClient(int port) {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
	}

	/**
	 * Run until the standard input ends.
	 * @param arguments the port
	 * @throws IOException if there can be no connection
	 */
	public static void main(String[] arguments) throws IOException {
		AnswerClient client = new AnswerClient(Integer.parseInt(arguments[0]));
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		System.out.println("ready");
		String line;
		while ((line = input.readLine()) != null) {
			String[] words = line.split(" ");
			if (words[0].equals("hold")) {
				client.hold(Integer.parseInt(words[1]), words[2]);
				continue;
			}
			if (words[0].equals("leave")) {
				client.leave();
				continue;
			}
			System.out.println(client.read(Integer.parseInt(words[1]), Integer.parseInt(words[2]),
					Integer.parseInt(words[3]), words[4]));
		}
	}

	private void hold(int connections, String path) throws IOException {
		for (int i = 0; i < connections; i++) {
			SocketChannel channel = SocketChannel.open(this.address);
			channel.write(request(path.replace("{}", Integer.toString(i))));
			this.held.add(channel);
		}
	}

	private void leave() throws IOException {
		for (SocketChannel channel : this.held) {
			channel.close();
		}
		this.held.clear();
	}

	private static ByteBuffer request(String path) {
		return ByteBuffer.wrap(
				("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: text/event-stream\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
	}

	private String read(int connections, int answers, int piecesOfEach, String path) throws IOException {
		this.pieces = 0;
		this.bytes = 0;
		this.reading = connections;
		long start = System.nanoTime();
		try (Selector selector = Selector.open()) {
			for (int i = 0; i < connections; i++) {
				SocketChannel channel = SocketChannel.open();
				channel.configureBlocking(false);
				channel.connect(this.address);
				channel.register(selector, SelectionKey.OP_CONNECT, path.replace("{}", Integer.toString(i % answers)));
			}
			while (this.reading > 0 && System.nanoTime() - start < PATIENCE) {
				selector.select(1000);
				for (SelectionKey key : selector.selectedKeys()) {
					ready(key);
				}
				selector.selectedKeys().clear();
			}
			for (SelectionKey key : selector.keys()) {
				key.channel().close();
			}
		}
		long expected = (long) connections * piecesOfEach;
		return ((this.pieces == expected) ? "done " : "failed: " + expected + " pieces were expected: ") + this.pieces
				+ " " + (System.nanoTime() - start) + " " + this.bytes;
	}

	private void ready(SelectionKey key) throws IOException {
		SocketChannel channel = (SocketChannel) key.channel();
		if (key.isConnectable()) {
			channel.finishConnect();
			channel.write(request((String) key.attachment()));
			key.interestOps(SelectionKey.OP_READ);
			return;
		}
		int count = channel.read(this.buffer.clear());
		if (count < 0) {
			this.reading--;
			channel.close();
			return;
		}
		this.bytes += count;
		for (int i = 0; i < count; i++) {
			if (this.buffer.get(i) == PIECE) {
				this.pieces++;
			}
		}
	}

}
