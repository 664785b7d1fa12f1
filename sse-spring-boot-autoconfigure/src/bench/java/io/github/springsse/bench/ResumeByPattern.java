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
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures what it costs that clients of a pattern resume where there are many topics:
 * beside clients of one topic that have missed as many events, and for the events of a
 * stream that has nothing to do with them. {@code mvn -Pbench verify} with
 * {@code -Dbench.program=ResumeByPattern}; with another build of the starter beside this
 * one where the environment variable {@code BENCH_OTHER} is its folder of classes.
 */
public final class ResumeByPattern {

	private static final byte[] DATA = "\ndata: ".getBytes(StandardCharsets.US_ASCII);

	private static final int ROUNDS = 3;

	private ResumeByPattern() {
	}

	/**
	 * Measure.
	 * @param arguments none
	 * @throws IOException if the server could not be talked to
	 * @throws UnavailableException if there is no other build where one should be
	 */
	public static void main(String[] arguments) throws IOException, UnavailableException {
		Path directory = Files.createDirectories(Path.of("target", "bench"));
		int rounds = ROUNDS;
		for (Map.Entry<String, String> build : Servers.builds().entrySet()) {
			System.out.println(build.getKey() + ":");
			try (Site site = new Site(build.getValue(), directory)) {
				measure(site, rounds);
			}
			// another build may take minutes for each
			rounds = 1;
		}
	}

	private static void measure(Site site, int rounds) throws IOException {
		site.resume("warm-up", "/topics?topic=many/*", 1000, 1000, (i) -> "many/" + i);
		for (int round = 1; round <= rounds; round++) {
			site.resume("1000 clients, one topic, 10,000 events", "/topics?topic=one", 1000, 10_000, (i) -> "one");
			site.resume("1000 clients, pattern, 10,000 topics", "/topics?topic=many/*", 1000, 10_000,
					(i) -> "many/" + i);
			site.resume("10 clients, pattern, 100,000 topics", "/topics?topic=all/*", 10, 100_000, (i) -> "all/" + i);
		}
		for (int round = 1; round <= rounds; round++) {
			site.beside("an event of another topic", 0, 90_000);
			site.beside("beside 1 client that resumes from 90,000 topics", 1, 90_000);
			site.beside("beside 100 clients that have missed nothing", 100, 0);
			site.beside("beside 100 clients that resume from 90,000 topics", 100, 90_000);
		}
	}

	/**
	 * The topic of an event.
	 */
	private interface Topics {

		String of(int number);

	}

	/**
	 * The server, and the connection by which it is told to publish.
	 */
	private static final class Site implements Closeable {

		private static final int EVENTS_A_SECOND = 20;

		private static final int SECONDS = 10;

		private static final int LONGEST = 60;

		private final Program server;

		private final int port;

		private final Socket control;

		private final PrintWriter commands;

		private final BufferedReader answers;

		private long number;

		Site(String classPath, Path directory) throws IOException {
			List<String> command = Java.server(classPath, "StarterServer", "--sse.replay.events-per-topic=20000",
					"--sse.replay.max-topics=250000", "--sse.replay.max-size=512MB",
					"--sse.limits.resume-topics=1000000");
			this.server = Program.start("resume-by-pattern", 0, command, directory);
			String[] ports = this.server.await("ready").split(" ");
			this.port = Integer.parseInt(ports[0]);
			this.control = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(ports[1]));
			this.commands = new PrintWriter(this.control.getOutputStream(), false, StandardCharsets.US_ASCII);
			this.answers = new BufferedReader(
					new InputStreamReader(this.control.getInputStream(), StandardCharsets.US_ASCII));
		}

		private void publish(String topic) {
			this.commands.println(topic + " {\"number\":" + this.number++ + ",\"sent\":" + System.nanoTime()
					+ ",\"text\":\"0123456789\"}");
		}

		private long ask(String question) throws IOException {
			this.commands.println(question);
			this.commands.flush();
			return Long.parseLong(this.answers.readLine());
		}

		/**
		 * Have clients resume that have missed events.
		 */
		void resume(String name, String path, int clients, int events, Topics topics) throws IOException {
			String id = position(path);
			for (int i = 0; i < events; i++) {
				publish(topics.of(i));
			}
			ask("?");
			long before = this.server.processorTime().toNanos();
			long start = System.nanoTime();
			try (Readers readers = new Readers()) {
				for (int i = 0; i < clients; i++) {
					readers.open(this.port, path, id);
				}
				readers.readUntil((long) clients * events, TimeUnit.SECONDS.toNanos(300));
				long nanos = System.nanoTime() - start;
				double micros = (this.server.processorTime().toNanos() - before) / 1e3 / readers.events;
				System.out.printf("%s: %d of %d events, %.2f s, %.3f us of the server for each%n", name, readers.events,
						(long) clients * events, nanos / 1e9, micros);
			}
			leave();
		}

		/**
		 * Measure the latency of a stream while others resume.
		 */
		void beside(String name, int clients, int topics) throws IOException {
			String id = position("/topics?topic=many/*");
			for (int i = 0; i < topics; i++) {
				publish("many/" + i);
			}
			ask("?");
			List<Long> latencies = new ArrayList<>();
			try (Readers others = new Readers(); Readers reader = new Readers()) {
				reader.open(this.port, "/topics?topic=bench", "");
				reader.readUntil(1, TimeUnit.SECONDS.toNanos(1));
				for (int i = 0; i < clients; i++) {
					others.open(this.port, "/topics?topic=many/*", id);
				}
				others.readInBackground();
				long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST);
				for (int i = 0; i < EVENTS_A_SECOND * SECONDS && System.nanoTime() < end; i++) {
					long events = reader.events;
					long sent = System.nanoTime();
					publish("bench");
					this.commands.flush();
					long next = sent + TimeUnit.SECONDS.toNanos(1) / EVENTS_A_SECOND;
					while (reader.events == events && System.nanoTime() - sent < TimeUnit.SECONDS.toNanos(20)) {
						reader.read(10);
					}
					latencies.add(System.nanoTime() - sent);
					LockSupport.parkNanos(next - System.nanoTime());
				}
				List<Long> later = new ArrayList<>(latencies.subList(EVENTS_A_SECOND / 2, latencies.size()));
				System.out.printf(
						"%s: p50 %.2f ms, p99 %.2f ms, max %.2f ms; after the first half second p99 %.2f ms, max "
								+ "%.2f ms; %d events to the others%n",
						name, percentile(latencies, 50), percentile(latencies, 99), percentile(latencies, 100),
						percentile(later, 99), percentile(later, 100), others.events);
			}
			leave();
		}

		private static double percentile(List<Long> nanos, int percent) {
			nanos.sort(null);
			return nanos.get(Math.min(nanos.size() * percent / 100, nanos.size() - 1)) / 1e6;
		}

		/** The first id that a stream gets. */
		private String position(String path) throws IOException {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
				socket.getOutputStream().write(request(path, "").getBytes(StandardCharsets.US_ASCII));
				BufferedReader lines = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
				String line;
				do {
					line = lines.readLine();
				}
				while (!line.startsWith("id: "));
				return line.substring(4);
			}
		}

		private void leave() throws IOException {
			while (ask("?") > 0) {
				Thread.onSpinWait();
			}
		}

		@Override
		public void close() throws IOException {
			this.control.close();
			this.server.close();
		}

	}

	private static String request(String path, String id) {
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\n" + (id.isEmpty() ? "" : "Last-Event-ID: " + id + "\r\n")
				+ "\r\n";
	}

	/**
	 * Clients that count events.
	 */
	private static final class Readers implements Closeable {

		private final Selector selector = Selector.open();

		private final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 18);

		private volatile boolean closed;

		private volatile long events;

		Readers() throws IOException {
		}

		void open(int port, String path, String id) throws IOException {
			SocketChannel channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			channel.write(ByteBuffer.wrap(request(path, id).getBytes(StandardCharsets.US_ASCII)));
			channel.configureBlocking(false);
			channel.register(this.selector, SelectionKey.OP_READ, new int[1]);
		}

		void readUntil(long count, long nanos) throws IOException {
			long start = System.nanoTime();
			while (this.events < count && System.nanoTime() - start < nanos) {
				read(100);
			}
		}

		void readInBackground() {
			Thread thread = new Thread(() -> {
				try {
					while (!this.closed) {
						read(100);
					}
				}
				catch (IOException | ClosedSelectorException ex) {
					// closed
				}
			});
			thread.setDaemon(true);
			thread.start();
		}

		void read(long millis) throws IOException {
			this.selector.select(millis);
			for (SelectionKey key : this.selector.selectedKeys()) {
				if (((SocketChannel) key.channel()).read(this.buffer.clear()) < 0) {
					key.cancel();
				}
				count(this.buffer.flip(), (int[]) key.attachment());
			}
			this.selector.selectedKeys().clear();
		}

		/**
		 * Count where data begins.
		 * @param matched how many bytes of that were the last ones
		 */
		private void count(ByteBuffer bytes, int[] matched) {
			int length = matched[0];
			int found = 0;
			while (bytes.hasRemaining()) {
				byte next = bytes.get();
				length = (next == DATA[length]) ? length + 1 : (next == DATA[0]) ? 1 : 0;
				if (length == DATA.length) {
					found++;
					length = 0;
				}
			}
			matched[0] = length;
			this.events += found;
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

}
