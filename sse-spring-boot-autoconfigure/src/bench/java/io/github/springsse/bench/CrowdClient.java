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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * A program with many clients that behave as an {@code EventSource} does: they reconnect
 * after the time that the server tells, after three seconds if the connection failed, and
 * not at all after an error. It takes commands from its standard input, a line each, and
 * answers with {@code done}: {@code come <clients>}, {@code status}, and {@code leave},
 * which closes all connections. One thread has all clients.
 */
public final class CrowdClient {

	/** The maximum number of connections that are opened before responses are read. */
	private static final int OPENED_AT_ONCE = 200;

	private static final long AFTER_FAILURE = TimeUnit.SECONDS.toMillis(3);

	private final int port;

	private final String path;

	/** Whether clients leave after the first event. */
	private final boolean once;

	private final Queue<String> commands = new ConcurrentLinkedQueue<>();

	private final Queue<Client> away = new PriorityQueue<>(Comparator.comparingLong((client) -> client.due));

	private final long[] gauges = new long[Gauge.values().length];

	private Connections connections = new Connections();

	private long start;

	private CrowdClient(int port, String path, boolean once) throws IOException {
		this.port = port;
		this.path = path;
		this.once = once;
	}

	/**
	 * Run until the standard input ends.
	 * @param arguments the port, the path, and {@code stay}, or {@code once} for clients
	 * that leave after the first event
	 * @throws IOException if there can be no selector
	 */
	public static void main(String[] arguments) throws IOException {
		CrowdClient client = new CrowdClient(Integer.parseInt(arguments[0]), arguments[1], arguments[2].equals("once"));
		Thread reader = new Thread(client::readCommands, "commands");
		reader.setDaemon(true);
		reader.start();
		while (true) {
			client.pass();
		}
	}

	private void readCommands() {
		try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
			String line;
			while ((line = input.readLine()) != null) {
				this.commands.add(line);
			}
		}
		catch (IOException ex) {
			ex.printStackTrace();
		}
		Runtime.getRuntime().halt(0);
	}

	private void pass() throws IOException {
		String command;
		while ((command = this.commands.poll()) != null) {
			System.out.println("done " + obey(command.split(" ")));
		}
		long now = System.nanoTime();
		for (int i = 0; i < OPENED_AT_ONCE && !this.away.isEmpty() && this.away.peek().due - now <= 0; i++) {
			this.away.remove().connect();
		}
		Client next = this.away.peek();
		long millis = (next != null) ? TimeUnit.NANOSECONDS.toMillis(next.due - System.nanoTime()) : 100;
		this.connections.poll(Math.max(0, Math.min(100, millis)));
	}

	private String obey(String[] words) throws IOException {
		switch (words[0]) {
			case "come" -> {
				this.start = System.nanoTime();
				for (int i = 0; i < Integer.parseInt(words[1]); i++) {
					add(Gauge.AWAY, 1);
					new Client().comeBack(0);
				}
			}
			case "leave" -> {
				this.connections.close();
				this.connections = new Connections();
				this.away.clear();
				Arrays.fill(this.gauges, 0, Gauge.TOLD.ordinal(), 0);
			}
			case "status" -> {
				return LongStream.of(this.gauges).mapToObj(Long::toString).collect(Collectors.joining(" "));
			}
			default -> throw new IllegalArgumentException("Unknown command: " + words[0]);
		}
		return "";
	}

	private void add(Gauge gauge, long amount) {
		this.gauges[gauge.ordinal()] += amount;
	}

	/**
	 * The numbers of {@code status}, in this order.
	 */
	enum Gauge {

		/** Clients that wait until they reconnect. */
		AWAY,

		/** Clients without a response. */
		UNANSWERED,

		/** Clients with a stream that has no event yet. */
		OPEN,

		/** Clients that have received an event on their stream. */
		SERVED,

		/** Clients that have received an error. */
		GAVE_UP,

		/** How often a client was told to reconnect. */
		TOLD,

		/** The sum of the times that clients were told. */
		TOLD_MILLIS,

		/** How often a connection failed, or ended without a time to reconnect. */
		FAILED,

		/** When the last client was served, after all came. */
		LAST_SERVED_MILLIS

	}

	/**
	 * One client, which has a connection or waits for its time.
	 */
	private final class Client implements Connections.Receiver {

		private static final String RETRY = "retry:";

		private static final String DATA = "data:";

		/** Characters of a line that are looked at. */
		private static final int BEGINNING = 20;

		private Gauge state = Gauge.AWAY;

		private Connections.@Nullable Connection connection;

		/** The beginning of the current line. */
		private final StringBuilder line = new StringBuilder();

		private long retryMillis;

		private long due;

		private void comeBack(long millis) {
			this.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			CrowdClient.this.away.add(this);
		}

		private void connect() {
			this.line.setLength(0);
			this.retryMillis = -1;
			turn(Gauge.UNANSWERED);
			try {
				this.connection = CrowdClient.this.connections.open(CrowdClient.this.port, CrowdClient.this.path, this);
			}
			catch (IOException ex) {
				end(true);
			}
		}

		@Override
		public void receive(int status, byte[] bytes, int count) {
			if (status != 200) {
				leave(Gauge.GAVE_UP);
				return;
			}
			if (this.state == Gauge.UNANSWERED) {
				turn(Gauge.OPEN);
			}
			int i = 0;
			while (i < count) {
				if (this.line.length() == BEGINNING) {
					// NOTE: a snapshot is one long line
					while (i < count && bytes[i] != '\n') {
						i++;
					}
				}
				if (i < count && bytes[i] == '\n') {
					readLine();
				}
				else if (i < count) {
					this.line.append((char) bytes[i]);
				}
				i++;
			}
		}

		private void readLine() {
			if (this.line.indexOf(RETRY) == 0) {
				this.retryMillis = Long.parseLong(this.line.substring(RETRY.length()).trim());
			}
			else if (this.line.indexOf(DATA) == 0 && this.state == Gauge.OPEN) {
				CrowdClient.this.gauges[Gauge.LAST_SERVED_MILLIS.ordinal()] = TimeUnit.NANOSECONDS
					.toMillis(System.nanoTime() - CrowdClient.this.start);
				turn(Gauge.SERVED);
				if (CrowdClient.this.once) {
					leave(Gauge.SERVED);
				}
			}
			this.line.setLength(0);
		}

		@Override
		public void end(boolean failed) {
			turn(Gauge.AWAY);
			if (failed || this.retryMillis < 0) {
				add(Gauge.FAILED, 1);
				comeBack(AFTER_FAILURE);
			}
			else {
				add(Gauge.TOLD, 1);
				add(Gauge.TOLD_MILLIS, this.retryMillis);
				comeBack(this.retryMillis);
			}
		}

		private void leave(Gauge last) {
			turn(last);
			if (this.connection != null) {
				this.connection.close();
			}
		}

		private void turn(Gauge next) {
			add(this.state, -1);
			add(next, 1);
			this.state = next;
		}

	}

}
