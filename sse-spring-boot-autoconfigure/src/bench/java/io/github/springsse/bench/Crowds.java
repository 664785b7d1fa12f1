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

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

/**
 * Crowds that come at once to an application with a small heap: clients of a large
 * snapshot, and more streams than the heap has room for. They come back when they are
 * told to, and give up where they are answered with an error, as an {@code EventSource}
 * does. {@code mvn -Pbench verify} with {@code -Dbench.program=Crowds}; with another build
 * of the starter beside this one where the environment variable {@code BENCH_OTHER} is its
 * folder of classes.
 */
public final class Crowds {

	private static final long SECONDS = 60;

	private static final int STACK = 128 * 1024;

	private Crowds() {
	}

	/**
	 * Measure.
	 * @param arguments none
	 * @throws IOException if the server could not be started
	 * @throws InterruptedException if interrupted
	 * @throws UnavailableException if there is no other build where one should be
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException, UnavailableException {
		Path directory = Files.createDirectories(Path.of("target", "bench"));
		for (Map.Entry<String, String> build : Servers.builds().entrySet()) {
			for (String server : List.of("tomcat", "jetty")) {
				String name = build.getKey() + ", " + server;
				new Crowd(build.getValue(), server, "512m", directory).come(name + ", 512 MB, 300 clients of 10 MB",
						"/snapshot?size=10000000&millis=200", 300);
				new Crowd(build.getValue(), server, "128m", directory).come(name + ", 128 MB, 5000 streams", "/events",
						5000);
			}
		}
	}

	/**
	 * Clients of one server, and what has become of them.
	 */
	private static final class Crowd {

		private final AtomicInteger complete = new AtomicInteger();

		private final AtomicInteger sentAway = new AtomicInteger();

		private final AtomicInteger errors = new AtomicInteger();

		private final AtomicInteger broken = new AtomicInteger();

		private final AtomicLong lastComplete = new AtomicLong();

		private final List<Long> ordinary = Collections.synchronizedList(new ArrayList<>());

		private final AtomicInteger ordinaryFailed = new AtomicInteger();

		private final Program server;

		private final int port;

		private long start;

		private volatile boolean over;

		Crowd(String classPath, String server, String heap, Path directory) throws IOException {
			this.server = Program.start("crowds", 0, Java.smallServer(classPath, heap, "StarterServer", server,
					"default-connections", "--sse.shutdown.reconnect-within=5s"), directory);
			this.port = Integer.parseInt(this.server.await("ready").split(" ")[0]);
		}

		void come(String name, String path, int clients) throws InterruptedException {
			try (Program closed = this.server) {
				this.start = System.nanoTime();
				List<Thread> threads = new ArrayList<>();
				threads.add(new Thread(null, this::ask, "ordinary", STACK));
				for (int i = 0; i < clients; i++) {
					threads.add(new Thread(null, () -> stay(path), "client", STACK));
				}
				for (Thread thread : threads) {
					thread.setDaemon(true);
					thread.start();
				}
				// NOTE: as long for each build, also for one that serves nobody any more
				TimeUnit.SECONDS.sleep(SECONDS);
				this.over = true;
				print(name, clients);
			}
		}

		private void print(String name, int clients) {
			List<Long> times = new ArrayList<>(this.ordinary);
			times.sort(null);
			System.out.printf(
					"%s: %d of %d served, the last after %.1f s; sent away %d times, status 500 %d, broken %d; "
							+ "ordinary requests: %d answered, median %.3f s, slowest %.3f s, %d not in 10 s%n",
					name, this.complete.get(), clients, this.lastComplete.get() / 1e9, this.sentAway.get(),
					this.errors.get(), this.broken.get(), times.size(),
					times.isEmpty() ? Double.NaN : times.get(times.size() / 2) / 1e9,
					times.isEmpty() ? Double.NaN : times.get(times.size() - 1) / 1e9, this.ordinaryFailed.get());
		}

		/**
		 * Ask for something else now and then.
		 */
		private void ask() {
			while (!this.over) {
				long before = System.nanoTime();
				try (Socket socket = connect("/ordinary", 10)) {
					while (socket.getInputStream().read() >= 0) {
						socket.getInputStream().skip(1000);
					}
					this.ordinary.add(System.nanoTime() - before);
				}
				catch (IOException ex) {
					this.ordinaryFailed.incrementAndGet();
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(500));
			}
		}

		private void stay(String path) {
			long wait = 0;
			while (wait >= 0 && !this.over) {
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(wait));
				try (Socket socket = connect(path, 0)) {
					wait = read(new BufferedInputStream(socket.getInputStream()), path.startsWith("/snapshot"));
				}
				catch (IOException ex) {
					this.broken.incrementAndGet();
					wait = 2000;
				}
			}
		}

		/**
		 * Read a stream.
		 * @return when to come back in milliseconds, negative for never
		 */
		private long read(InputStream input, boolean untilSnapshot) throws IOException {
			String status = line(input);
			if (status == null) {
				throw new EOFException("No answer");
			}
			if (!status.contains(" 200")) {
				this.errors.incrementAndGet();
				return -1;
			}
			long retry = 2000;
			boolean served = false;
			String line;
			while ((line = line(input)) != null) {
				if (line.startsWith("retry:")) {
					retry = Long.parseLong(line.substring(6).trim());
				}
				boolean data = line.startsWith("data");
				if (data && !served) {
					served = true;
					this.complete.incrementAndGet();
					this.lastComplete.accumulateAndGet(System.nanoTime() - this.start, Math::max);
				}
				if (data && untilSnapshot) {
					return -1;
				}
			}
			this.complete.addAndGet(served ? -1 : 0);
			this.sentAway.incrementAndGet();
			return retry;
		}

		/**
		 * Read a line, of which only the beginning matters.
		 */
		private static @Nullable String line(InputStream input) throws IOException {
			StringBuilder line = new StringBuilder();
			int next;
			while ((next = input.read()) >= 0 && next != '\n') {
				if (line.length() < 100) {
					line.append((char) next);
				}
			}
			return (next < 0) ? null : line.toString();
		}

		private Socket connect(String path, int seconds) throws IOException {
			Socket socket = new Socket();
			try {
				socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port), seconds * 1000);
				socket.setSoTimeout(seconds * 1000);
				socket.getOutputStream()
					.write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n"
							+ (path.equals("/ordinary") ? "Connection: close" : "Accept: text/event-stream")
							+ "\r\nLast-Event-ID: unknown\r\n\r\n")
						.getBytes(StandardCharsets.US_ASCII));
				return socket;
			}
			catch (IOException ex) {
				socket.close();
				throw ex;
			}
		}

	}

}
