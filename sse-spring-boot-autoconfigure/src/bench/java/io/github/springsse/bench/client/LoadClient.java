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
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * The program. It takes commands from its standard input, a line each:
 * <ul>
 * <li>{@code server <publisher> <http port> <control port>}: turn to another server.</li>
 * <li>{@code open <count> <target>}: open streams; the answer is how long it took.</li>
 * <li>{@code silent <count>}: open streams that are never read.</li>
 * <li>{@code fill <count> <size>}: publish events that nobody reads.</li>
 * <li>{@code run <plan>}: publish and read; the answer is the outcome.</li>
 * <li>{@code resume <count> <missed>}: open streams that have missed events; the answer
 * is the outcome.</li>
 * <li>{@code turnover <count>}: open and close streams, many at a time.</li>
 * <li>{@code crowd <count>}: open streams that get nothing before they are closed.</li>
 * <li>{@code disperse}: close those.</li>
 * <li>{@code ask <question>}: ask the server; the answer is its.</li>
 * <li>{@code leave}: close all streams, and wait until the server knows.</li>
 * </ul>
 * The answer to each is a line that starts with {@code ok}, or {@code failed} and why, or
 * {@code stalled} if the server does not answer.
 * <p>
 * The program in {@code src/bench/c/client} does the same at a third of the cost.
 */
public final class LoadClient {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

	private static final long LITTLE_PATIENCE = TimeUnit.SECONDS.toNanos(15);

	private static final int PAUSES_BETWEEN_EVENTS = 100;

	private static final int PUBLISHED_AT_ONCE = 1000;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);

	private static final int OPENED_AT_ONCE = 32;

	/** How many may wait until the server knows them. */
	private static final int UNKNOWN = 256;

	/** How many are opened and closed at a time. */
	private static final int TURNED_OVER_AT_ONCE = 1000;

	private static final int SMALL = 100;

	private Target target = Target.parse("events", 0);

	private @Nullable Streams streams;

	private @Nullable Streams crowd;

	private @Nullable Publisher publisher;

	private int httpPort;

	private long next;

	/** How many streams the server has closed. */
	private int closed;

	private LoadClient() {
	}

	private String handle(String command) throws IOException {
		String[] words = command.split(" ");
		switch (words[0]) {
			case "server" -> turnTo(words[1], Integer.parseInt(words[2]), Integer.parseInt(words[3]));
			case "open" -> {
				return Long.toString(open(Integer.parseInt(words[1]), words[2]));
			}
			case "silent" -> openSilent(Integer.parseInt(words[1]));
			case "fill" -> fill(Integer.parseInt(words[1]), Integer.parseInt(words[2]));
			case "run" -> {
				return run(Plan.fromLine(command.substring("run ".length()))).toLine();
			}
			case "resume" -> {
				return resume(Integer.parseInt(words[1]), Integer.parseInt(words[2])).toLine();
			}
			case "turnover" -> turnOver(Integer.parseInt(words[1]));
			case "ask" -> {
				return Long.toString(publisher().ask(words[1]));
			}
			case "crowd" -> gather(Integer.parseInt(words[1]));
			case "disperse" -> disperse();
			case "leave" -> leave();
			default -> throw new IllegalArgumentException("Unknown command");
		}
		return "";
	}

	private void turnTo(String kind, int httpPort, int controlPort) throws IOException {
		if (this.publisher != null && this.streams != null) {
			this.publisher.close();
			this.streams.close();
		}
		this.closed = 0;
		this.httpPort = httpPort;
		this.publisher = Publisher.of(kind, controlPort);
		this.streams = new Streams(httpPort);
	}

	private long open(int count, String kind) throws IOException {
		this.target = Target.parse(kind, count);
		long start = System.nanoTime();
		for (int i = 1; i <= count; i++) {
			streams().open(this.target, this.next, "");
			if (i % OPENED_AT_ONCE == 0) {
				awaitStreams(streams().size() - UNKNOWN);
			}
		}
		awaitStreams(streams().size());
		return System.nanoTime() - start;
	}

	private void openSilent(int count) throws IOException {
		for (int i = 1; i <= count; i++) {
			streams().openSilent();
			if (i % OPENED_AT_ONCE == 0) {
				awaitStreams(streams().size());
			}
		}
		awaitStreams(streams().size());
	}

	/**
	 * Fill the sockets of streams that are not read. A server may close such a stream.
	 */
	private void fill(int count, int size) throws IOException {
		for (int i = 0; i < count; i++) {
			publish(size);
			LockSupport.parkNanos(PAUSE / 20);
		}
		LockSupport.parkNanos(10 * PAUSE);
		this.closed = streams().size() - publisher().streams();
	}

	private Outcome run(Plan plan) throws IOException {
		Run run = new Run(plan, streams(), publisher(), this.target, this.next);
		try {
			return run.run();
		}
		finally {
			this.next = run.next();
		}
	}

	/**
	 * One stream finds out what the id is that the others have already.
	 */
	private Outcome resume(int count, int missed) throws IOException {
		this.target = Target.parse("events", 1);
		StreamConnection first = streams().open(this.target, this.next, "");
		first.rememberId();
		awaitStreams(1);
		run(new Plan(1, 1, 0, SMALL, Long.MAX_VALUE, 1));
		String id = first.id();
		long firstMissed = this.next;
		run(new Plan(1, 1, 0, SMALL, Long.MAX_VALUE, missed));
		abandon();
		return new Resumption(streams()).run(Target.parse("events", count), firstMissed, missed, id);
	}

	private void turnOver(int count) throws IOException {
		for (int left = count; left > 0; left -= TURNED_OVER_AT_ONCE) {
			open(Math.min(left, TURNED_OVER_AT_ONCE), "events");
			leave();
		}
	}

	private void gather(int count) throws IOException {
		Streams gathered = new Streams(this.httpPort);
		this.crowd = gathered;
		Target events = Target.parse("events", count);
		for (int i = 1; i <= count; i++) {
			gathered.open(events, this.next, "");
			if (i % OPENED_AT_ONCE == 0 || i == count) {
				awaitStreams(streams().size() + i);
			}
		}
	}

	private void disperse() throws IOException {
		if (this.crowd != null) {
			this.crowd.close();
		}
	}

	private void abandon() throws IOException {
		streams().close();
		this.streams = new Streams(this.httpPort);
	}

	/**
	 * Some servers find out that a client has gone when they write to it.
	 */
	private void leave() throws IOException {
		abandon();
		this.closed = 0;
		long start = System.nanoTime();
		for (int i = 0; publisher().streams() > 0; i++) {
			checkPatience(start, LITTLE_PATIENCE);
			if (i % PAUSES_BETWEEN_EVENTS == 1) {
				publishToAll();
			}
			LockSupport.parkNanos(PAUSE / 10);
		}
	}

	/**
	 * An event for each stream.
	 */
	private void publishToAll() throws IOException {
		int left = 1;
		if (this.target.hasTopics()) {
			this.next += this.target.topics() - this.next % this.target.topics();
			left = this.target.streams();
		}
		for (; left > 0; left -= PUBLISHED_AT_ONCE) {
			int count = Math.min(left, PUBLISHED_AT_ONCE);
			publisher().publish(this.next, count, System.nanoTime(), SMALL, this.target);
			this.next += count;
		}
	}

	private void publish(int size) throws IOException {
		publisher().publish(this.next++, 1, System.nanoTime(), size, this.target);
	}

	private void awaitStreams(int count) throws IOException {
		long start = System.nanoTime();
		while (publisher().streams() < count - this.closed) {
			checkPatience(start, PATIENCE);
			LockSupport.parkNanos(PAUSE / 100);
		}
	}

	private static void checkPatience(long start, long patience) throws IOException {
		if (System.nanoTime() - start > patience) {
			throw new IOException("The number of open streams is not what it should be");
		}
	}

	private Streams streams() {
		if (this.streams == null) {
			throw new IllegalStateException("No server yet");
		}
		return this.streams;
	}

	private Publisher publisher() {
		if (this.publisher == null) {
			throw new IllegalStateException("No server yet");
		}
		return this.publisher;
	}

	/**
	 * Obey.
	 * @param args none
	 * @throws IOException if the commands end unexpectedly
	 */
	public static void main(String[] args) throws IOException {
		LoadClient client = new LoadClient();
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		String command;
		while ((command = input.readLine()) != null) {
			try {
				System.out.println("ok " + client.handle(command));
			}
			catch (SocketTimeoutException ex) {
				System.out.println("stalled");
			}
			catch (IOException | UncheckedIOException ex) {
				System.out.println("failed " + command + ": " + ex.getMessage());
			}
		}
		Runtime.getRuntime().halt(0);
	}

}
