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
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * A program with many clients of a port and a path. They behave as an {@code EventSource}
 * does: they reconnect after the time that the server tells, after three seconds if the
 * connection failed, and not at all after an error. A path that ends with {@code =} gets
 * the id of the last event, and the numbers of events tell whether one is missing. It
 * takes commands from its standard input, a line each, and answers with {@code done}:
 * {@code come <clients>}, {@code status}, and {@code leave}, which closes all
 * connections. One thread has all clients.
 */
public final class Crowd {

	private static final byte[] RETRY = Lines.prefix("retry:");

	private static final byte[] DATA = Lines.prefix("data:");

	private static final byte[] ID = Lines.prefix("id:");

	private static final byte[] NUMBER = Lines.prefix("data: {\"number\":");

	/** What is counted from one status to the next. */
	private static final Set<Metric> HAPPENED = EnumSet.of(Metric.TOLD, Metric.TOLD_MILLIS, Metric.FAILED);

	private final int port;

	private final String path;

	private final boolean resumes;

	private final Queue<Client> away = new PriorityQueue<>(Comparator.comparingLong((client) -> client.due));

	/** The numbers of {@code status}: of clients in a state, and of what has happened. */
	private final Map<Metric, Long> gauges = new EnumMap<>(Metric.class);

	private Connections connections;

	private long start;

	private Crowd(int port, String path) throws IOException {
		this.port = port;
		this.path = path;
		this.resumes = path.endsWith("=");
		this.connections = new Connections(port);
	}

	public static void main(String[] arguments) throws IOException {
		Crowd crowd = new Crowd(Integer.parseInt(arguments[0]), arguments[1]);
		Queue<String> commands = new ConcurrentLinkedQueue<>();
		Thread reader = new Thread(() -> {
			new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII)).lines()
				.forEach(commands::add);
			Runtime.getRuntime().halt(0);
		}, "commands");
		reader.setDaemon(true);
		reader.start();
		while (true) {
			String command = commands.poll();
			if (command != null) {
				System.out.println("done " + crowd.obey(command.split(" ")));
			}
			crowd.pass();
		}
	}

	private String obey(String[] words) throws IOException {
		String answer = "";
		switch (words[0]) {
			case "come" -> {
				this.start = System.nanoTime();
				for (int i = 0; i < Integer.parseInt(words[1]); i++) {
					count(Metric.AWAY, 1);
					this.away.add(new Client());
				}
			}
			case "leave" -> {
				this.connections.close();
				this.connections = new Connections(this.port);
				this.away.clear();
				this.gauges.clear();
			}
			case "status" -> {
				answer = this.gauges.toString();
				this.gauges.keySet().removeAll(HAPPENED);
			}
			default -> throw new IllegalArgumentException("Unknown command: " + words[0]);
		}
		return answer;
	}

	private void count(Metric gauge, long amount) {
		this.gauges.merge(gauge, amount, Long::sum);
	}

	private void pass() throws IOException {
		long now = System.nanoTime();
		// NOTE: responses are read in between
		for (int i = 0; i < 200 && !this.away.isEmpty() && this.away.peek().due - now <= 0; i++) {
			this.away.remove().connect();
		}
		Client next = this.away.peek();
		long millis = (next != null) ? TimeUnit.NANOSECONDS.toMillis(next.due - System.nanoTime()) : 100;
		this.connections.poll(Math.max(0, Math.min(100, millis)));
	}

	/** One client, which has a connection or waits for its time. */
	private final class Client extends Lines {

		private Metric state = Metric.AWAY;

		private long retryMillis;

		private String lastId = "";

		private long number = -1;

		private long due = System.nanoTime();

		private void connect() throws IOException {
			clear();
			this.retryMillis = -1;
			turn(Metric.UNANSWERED);
			try {
				Crowd.this.connections.open(Crowd.this.path + this.lastId, this);
			}
			catch (IOException ex) {
				ended(true);
			}
		}

		@Override
		public void receive(byte[] bytes, int count) throws IOException {
			if (this.state == Metric.UNANSWERED) {
				turn(Metric.OPEN);
			}
			super.receive(bytes, count);
		}

		@Override
		protected void line(byte[] bytes, int from, int to) {
			if (startsWith(RETRY, bytes, from, to)) {
				this.retryMillis = Long.parseLong(after(RETRY, bytes, from, to));
			}
			else if (startsWith(DATA, bytes, from, to) && this.state == Metric.OPEN) {
				long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - Crowd.this.start);
				Crowd.this.gauges.put(Metric.LAST_SERVED_MILLIS, millis);
				turn(Metric.SERVED);
			}
			if (Crowd.this.resumes && startsWith(ID, bytes, from, to)) {
				this.lastId = after(ID, bytes, from, to);
			}
			else if (startsWith(NUMBER, bytes, from, to)) {
				String event = after(NUMBER, bytes, from, to);
				int end = event.indexOf(',');
				event(Long.parseLong(event, 0, end, 10), Long.parseLong(event, end + 8, event.length() - 1, 10));
			}
		}

		private void event(long received, long sent) {
			if (this.number >= 0 && received != this.number + 1) {
				count(Metric.MISSED, received - this.number - 1);
			}
			this.number = received;
			long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sent);
			Crowd.this.gauges.merge(Metric.SLOWEST_MILLIS, millis, Math::max);
		}

		@Override
		public void refused(int status) {
			turn(Metric.GAVE_UP);
		}

		@Override
		public void ended(boolean failed) {
			turn(Metric.AWAY);
			boolean told = !failed && this.retryMillis >= 0;
			long millis = told ? this.retryMillis : 3000;
			if (told) {
				count(Metric.TOLD, 1);
				count(Metric.TOLD_MILLIS, millis);
			}
			else {
				count(Metric.FAILED, 1);
			}
			this.due = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
			Crowd.this.away.add(this);
		}

		private void turn(Metric next) {
			count(this.state, -1);
			count(next, 1);
			this.state = next;
		}

	}

}
