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

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * A program that sends ordinary requests at a steady rate: 50 a second over five
 * connections that are kept, and 10 a second over a new connection each. A request has
 * failed where it is not answered ten seconds after it was due. Where the one before it
 * has delayed a request, its time counts from when it was due. Commands are lines of the
 * standard input, each answered with a line: {@code warm <requests>},
 * {@code phase <name>}, and {@code report}, which ends the last phase and returns, for
 * each kind and phase, the number of requests, of those that failed, and median, 99th
 * percentile and greatest time in microseconds.
 */
public final class OrdinaryClient {

	private static final long TIMEOUT = TimeUnit.SECONDS.toNanos(10);

	private static final int KEPT = 5;

	private static final long KEPT_INTERVAL = TimeUnit.MILLISECONDS.toNanos(100);

	private static final int NEW = 10;

	private static final long NEW_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private final int port;

	private final String path;

	private final Map<String, Phase> phases = new LinkedHashMap<>();

	private volatile @Nullable Phase phase;

	private OrdinaryClient(int port, String path) {
		this.port = port;
		this.path = path;
	}

	/**
	 * Run until the standard input ends.
	 * @param arguments the port, and the path
	 * @throws IOException if the server does not answer during the warm-up
	 */
	public static void main(String[] arguments) throws IOException {
		OrdinaryClient client = new OrdinaryClient(Integer.parseInt(arguments[0]), arguments[1]);
		System.out.println("ready");
		BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
		String line;
		while ((line = input.readLine()) != null) {
			System.out.println("done " + client.run(line.split(" ")));
		}
		Runtime.getRuntime().halt(0);
	}

	private String run(String[] words) throws IOException {
		switch (words[0]) {
			case "warm" -> warm(Integer.parseInt(words[1]));
			case "phase" -> begin(words[1]);
			case "report" -> {
				return report();
			}
			default -> throw new IllegalArgumentException("Unknown command");
		}
		return "";
	}

	private void warm(int requests) throws IOException {
		Connection connection = new Connection(true);
		for (int i = 0; i < requests; i++) {
			connection.ask(System.nanoTime() + TIMEOUT);
		}
		connection.close();
	}

	private void begin(String name) {
		boolean first = this.phases.isEmpty();
		Phase next = new Phase();
		this.phases.put(name, next);
		this.phase = next;
		if (first) {
			long start = System.nanoTime();
			for (int i = 0; i < KEPT; i++) {
				start(true, start + i * KEPT_INTERVAL / KEPT, KEPT_INTERVAL);
			}
			for (int i = 0; i < NEW; i++) {
				start(false, start + i * NEW_INTERVAL / NEW, NEW_INTERVAL);
			}
		}
	}

	private void start(boolean kept, long first, long interval) {
		Thread thread = new Thread(() -> ask(new Connection(kept), first, interval), kept ? "kept" : "new");
		thread.setDaemon(true);
		thread.start();
	}

	private void ask(Connection connection, long first, long interval) {
		for (long due = first;; due += interval) {
			long start = due;
			while (System.nanoTime() - due < 0) {
				LockSupport.parkNanos(due - System.nanoTime());
				start = System.nanoTime();
			}
			Phase current = this.phase;
			if (current == null) {
				return;
			}
			long nanos = -1;
			current.begun(connection.kept);
			if (System.nanoTime() - start < TIMEOUT) {
				try {
					connection.ask(start + TIMEOUT);
					nanos = System.nanoTime() - start;
				}
				catch (IOException ex) {
					connection.close();
				}
			}
			current.ended(connection.kept, nanos);
		}
	}

	private String report() {
		this.phase = null;
		StringBuilder result = new StringBuilder();
		long end = System.nanoTime() + TIMEOUT;
		this.phases.forEach((name, of) -> {
			while (of.isPending() && System.nanoTime() - end < 0) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
			}
			result.append(name).append(' ').append(of.describe(true)).append(' ').append(of.describe(false)).append(' ');
		});
		this.phases.clear();
		return result.toString();
	}

	/**
	 * What was measured for a while.
	 */
	private static final class Phase {

		private final List<Long> kept = new ArrayList<>();

		private final List<Long> fresh = new ArrayList<>();

		private int keptBegun;

		private int freshBegun;

		private int pending;

		synchronized void begun(boolean isKept) {
			this.pending++;
			this.keptBegun += isKept ? 1 : 0;
			this.freshBegun += isKept ? 0 : 1;
		}

		synchronized void ended(boolean isKept, long nanos) {
			this.pending--;
			if (nanos >= 0) {
				(isKept ? this.kept : this.fresh).add(nanos);
			}
		}

		synchronized boolean isPending() {
			return this.pending > 0;
		}

		synchronized String describe(boolean isKept) {
			List<Long> times = isKept ? this.kept : this.fresh;
			int begun = isKept ? this.keptBegun : this.freshBegun;
			times.sort(null);
			return begun + " " + (begun - times.size()) + " " + percentile(times, 50) + " " + percentile(times, 99) + " "
					+ percentile(times, 100);
		}

		private static long percentile(List<Long> times, int percent) {
			return times.isEmpty() ? -1
					: TimeUnit.NANOSECONDS.toMicros(times.get(Math.min(times.size() * percent / 100, times.size() - 1)));
		}

	}

	/**
	 * A connection that is opened when it is needed, for one thread.
	 */
	private final class Connection {

		private final boolean kept;

		private @Nullable Socket socket;

		private @Nullable InputStream input;

		private Connection(boolean kept) {
			this.kept = kept;
		}

		private void ask(long deadline) throws IOException {
			boolean reused = this.socket != null;
			try {
				send(deadline);
			}
			catch (IOException ex) {
				close();
				if (!reused) {
					throw ex;
				}
				// the server has closed it meanwhile
				send(deadline);
			}
		}

		private void send(long deadline) throws IOException {
			Socket current = this.socket;
			InputStream bytes = this.input;
			if (current == null || bytes == null) {
				current = new Socket();
				current.setTcpNoDelay(true);
				this.socket = current;
				current.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), OrdinaryClient.this.port),
						millis(deadline));
				bytes = new BufferedInputStream(current.getInputStream());
				this.input = bytes;
			}
			current.setSoTimeout(millis(deadline));
			current.getOutputStream()
				.write(("GET " + OrdinaryClient.this.path + " HTTP/1.1\r\nHost: localhost\r\n"
						+ (this.kept ? "" : "Connection: close\r\n") + "\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			if (!read(bytes) || !this.kept) {
				close();
			}
		}

		private static int millis(long deadline) {
			return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()));
		}

		/**
		 * Read an answer.
		 * @return whether there may be another request
		 */
		private static boolean read(InputStream bytes) throws IOException {
			boolean again = true;
			int length = -1;
			String line = line(bytes);
			if (!line.contains(" 200")) {
				throw new IOException(line);
			}
			while (!(line = line(bytes)).isEmpty()) {
				again &= !line.equals("connection: close");
				if (line.startsWith("content-length:")) {
					length = Integer.parseInt(line.substring("content-length:".length()).trim());
				}
			}
			if (length >= 0) {
				bytes.skipNBytes(length);
				return again;
			}
			while ((length = Integer.parseInt(line(bytes), 16)) > 0) {
				bytes.skipNBytes(length + 2);
			}
			line(bytes);
			return again;
		}

		private static String line(InputStream bytes) throws IOException {
			StringBuilder line = new StringBuilder();
			int next;
			while ((next = bytes.read()) != '\n') {
				if (next < 0) {
					throw new EOFException("No answer");
				}
				if (next != '\r') {
					line.append(Character.toLowerCase((char) next));
				}
			}
			return line.toString();
		}

		private void close() {
			Socket current = this.socket;
			this.socket = null;
			this.input = null;
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
