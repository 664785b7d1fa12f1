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
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A program that asks a server for many streams at once, and keeps those that it gets.
 * Each client does what an {@code EventSource} does: it comes back after the time that it
 * was told, after three seconds where the connection broke, and not at all where it was
 * answered with an error. Commands are lines of the standard input, each answered with a
 * line: {@code flood <clients>}, {@code status}, and {@code leave}, which closes all
 * connections. One thread has all clients.
 */
public final class FloodClient {

	/** How many connections are begun before answers are looked at. */
	private static final int AT_ONCE = 200;

	private static final long AFTER_BREAK = TimeUnit.SECONDS.toMillis(3);

	/** Bytes of an answer that are looked at: the head, and the first frame. */
	private static final int LOOKED_AT = 1024;

	private final InetSocketAddress address;

	private final ByteBuffer request;

	private final Selector selector = Selector.open();

	private final Queue<String> commands = new ConcurrentLinkedQueue<>();

	private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);

	private final Queue<Client> waiting = new PriorityQueue<>(Comparator.comparingLong((client) -> client.due));

	private final List<Client> clients = new ArrayList<>();

	private int connecting;

	private int unanswered;

	private int open;

	private int gaveUp;

	private long told;

	private long toldMillis;

	private long broken;

	private FloodClient(int port, String path) throws IOException {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.request = ByteBuffer
			.wrap(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Run until the standard input ends.
	 * @param arguments the port, and the path
	 * @throws IOException if there can be no selector
	 */
	public static void main(String[] arguments) throws IOException {
		FloodClient client = new FloodClient(Integer.parseInt(arguments[0]), arguments[1]);
		Thread reader = new Thread(client::readCommands, "commands");
		reader.setDaemon(true);
		reader.start();
		System.out.println("ready");
		while (true) {
			client.pass();
		}
	}

	private void readCommands() {
		try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
			String line;
			while ((line = input.readLine()) != null) {
				this.commands.add(line);
				this.selector.wakeup();
			}
		}
		catch (IOException ex) {
			// ends as well
		}
		Runtime.getRuntime().halt(0);
	}

	private void pass() throws IOException {
		String command;
		while ((command = this.commands.poll()) != null) {
			System.out.println("done " + run(command));
		}
		long now = System.nanoTime();
		Client next;
		int begun = 0;
		while ((next = this.waiting.peek()) != null && next.due - now <= 0 && begun++ < AT_ONCE) {
			this.waiting.remove();
			next.connect();
		}
		next = this.waiting.peek();
		long millis = (next != null) ? TimeUnit.NANOSECONDS.toMillis(next.due - System.nanoTime()) : 100;
		if (next != null && millis <= 0) {
			this.selector.selectNow();
		}
		else {
			this.selector.select(Math.min(100, millis));
		}
		for (SelectionKey key : this.selector.selectedKeys()) {
			((Client) key.attachment()).ready();
		}
		this.selector.selectedKeys().clear();
	}

	private String run(String command) {
		String[] words = command.split(" ");
		switch (words[0]) {
			case "flood" -> {
				for (int i = 0; i < Integer.parseInt(words[1]); i++) {
					Client client = new Client();
					this.clients.add(client);
					client.comeBack(0);
				}
			}
			case "leave" -> {
				this.clients.forEach(Client::close);
				this.clients.clear();
				this.waiting.clear();
				this.connecting = 0;
				this.unanswered = 0;
				this.open = 0;
				this.gaveUp = 0;
			}
			case "status" -> {
				return this.open + " " + this.waiting.size() + " " + this.unanswered + " " + this.connecting + " "
						+ this.gaveUp + " " + this.told + " " + this.toldMillis + " " + this.broken;
			}
			default -> throw new IllegalArgumentException("Unknown command");
		}
		return "";
	}

	private enum State {

		AWAY, CONNECTING, UNANSWERED, OPEN, GAVE_UP

	}

	/**
	 * One client, which has a connection or waits for its time.
	 */
	private final class Client {

		private State state = State.AWAY;

		private @Nullable SocketChannel channel;

		private final ByteBuffer answer = ByteBuffer.allocate(LOOKED_AT);

		private long due;

		private void comeBack(long millis) {
			this.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			FloodClient.this.waiting.add(this);
		}

		private void connect() {
			this.answer.clear();
			try {
				SocketChannel opened = SocketChannel.open();
				this.channel = opened;
				opened.configureBlocking(false);
				boolean connected = opened.connect(FloodClient.this.address);
				opened.register(FloodClient.this.selector, connected ? SelectionKey.OP_READ : SelectionKey.OP_CONNECT,
						this);
				turn(State.CONNECTING);
				if (connected) {
					send(opened);
				}
			}
			catch (IOException ex) {
				hasBroken();
			}
		}

		private void ready() {
			SocketChannel current = this.channel;
			SelectionKey key = (current != null) ? current.keyFor(FloodClient.this.selector) : null;
			if (current == null || key == null || !key.isValid()) {
				return;
			}
			try {
				if (this.state == State.CONNECTING) {
					if (current.finishConnect()) {
						key.interestOps(SelectionKey.OP_READ);
						send(current);
					}
					return;
				}
				read(current);
			}
			catch (IOException ex) {
				hasBroken();
			}
		}

		private void send(SocketChannel connected) throws IOException {
			connected.write(FloodClient.this.request.rewind());
			turn(State.UNANSWERED);
		}

		private void read(SocketChannel connected) throws IOException {
			ByteBuffer bytes = FloodClient.this.buffer;
			int count;
			// to the end of a refusal, which would count as open until the next pass
			while ((count = connected.read(bytes.clear())) > 0) {
				bytes.flip();
				while (bytes.hasRemaining() && this.answer.hasRemaining()) {
					this.answer.put(bytes.get());
				}
			}
			if (this.state == State.UNANSWERED) {
				String text = text();
				if (text.contains("\r\n\r\n")) {
					if (!text.startsWith("HTTP/1.1 200")) {
						close();
						turn(State.GAVE_UP);
						return;
					}
					turn(State.OPEN);
				}
			}
			if (count < 0) {
				end();
			}
		}

		private void end() {
			String text = text();
			int line = text.indexOf("retry:");
			int end = (line >= 0) ? text.indexOf('\n', line) : -1;
			if (this.state != State.OPEN || end < 0) {
				hasBroken();
				return;
			}
			long millis = Long.parseLong(text.substring(line + "retry:".length(), end).trim());
			FloodClient.this.told++;
			FloodClient.this.toldMillis += millis;
			close();
			turn(State.AWAY);
			comeBack(millis);
		}

		private void hasBroken() {
			FloodClient.this.broken++;
			close();
			turn(State.AWAY);
			comeBack(AFTER_BREAK);
		}

		private String text() {
			return new String(this.answer.array(), 0, this.answer.position(), StandardCharsets.ISO_8859_1);
		}

		private void turn(State next) {
			count(this.state, -1);
			count(next, 1);
			this.state = next;
		}

		private void count(State of, int change) {
			switch (of) {
				case CONNECTING -> FloodClient.this.connecting += change;
				case UNANSWERED -> FloodClient.this.unanswered += change;
				case OPEN -> FloodClient.this.open += change;
				case GAVE_UP -> FloodClient.this.gaveUp += change;
				case AWAY -> {
				}
			}
		}

		private void close() {
			SocketChannel current = this.channel;
			this.channel = null;
			if (current != null) {
				try {
					current.close();
				}
				catch (IOException ex) {
					// closed
				}
			}
		}

	}

}
