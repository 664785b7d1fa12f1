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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Streams answers as of a language model, many at once with one listener each, and
 * compares the processor time of a piece with that of Spring MVC and WebFlux, which
 * return a {@code Flux}; then has finished answers read again, which the others send
 * piece by piece. {@code mvn -Pbench verify} with {@code -Dbench.program=Answers}.
 */
public final class Answers {

	private static final String CLIENT = "io.github.springsse.bench.client.AnswerClient";

	private static final int ANSWERS = 500;

	private static final int PER_SECOND = 50;

	private static final int PIECES = 500;

	private static final int ROUNDS = 3;

	private static final int WARM_UPS = 12;

	/** Processor time of a second in which a server has nothing to do. */
	private static final Duration IDLE = Duration.ofMillis(100);

	private static final int LONGEST_REST = 60;

	private static final int RELOADS = 2000;

	/** Readers of servers that send pieces one by one, which takes them long. */
	private static final int READERS_OF_PLAIN = 100;

	private static final int PIECES_OF_RELOADED = 5000;

	private static final double KB = 1024;

	private final Map<String, Site> sites = new LinkedHashMap<>();

	private int number;

	private Answers() {
	}

	/**
	 * Measure.
	 * @param arguments none
	 * @throws IOException if a program could not be started
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException {
		Path directory = Files.createDirectories(Path.of("target", "bench"));
		System.out.print(Machine.describe(arguments).toText());
		Answers answers = new Answers();
		try {
			answers.start("starter, Tomcat", Java.server(PeerJars.ANSWERS, "AnswerServer", "tomcat"), directory);
			answers.start("starter, Jetty", Java.server(PeerJars.ANSWERS, "AnswerServer", "jetty"), directory);
			answers.start("Spring MVC", Java.server(PeerJars.PLAIN_ANSWERS, "PlainAnswerServer", "tomcat"), directory);
			answers.start("WebFlux", Java.server(PeerJars.WEBFLUX, "WebFluxAnswerServer"), directory);
			answers.measure();
		}
		finally {
			answers.sites.values().forEach(Site::close);
		}
	}

	private void start(String name, List<String> command, Path directory) throws IOException {
		this.sites.put(name, new Site(command, directory));
	}

	private void measure() throws IOException, InterruptedException {
		Map<String, double[]> micros = new LinkedHashMap<>();
		for (Map.Entry<String, Site> entry : this.sites.entrySet()) {
			for (int i = 0; i < WARM_UPS; i++) {
				entry.getValue().stream(path("answers"), PER_SECOND * 2);
			}
			entry.getValue().awaitIdle();
			micros.put(entry.getKey(), new double[ROUNDS]);
		}
		for (int round = 0; round < ROUNDS; round++) {
			for (Map.Entry<String, Site> entry : this.sites.entrySet()) {
				micros.get(entry.getKey())[round] = entry.getValue().stream(path("answers"), PER_SECOND);
			}
		}
		printPieces(micros);
		printReloads();
		printHeap();
	}

	private void printPieces(Map<String, double[]> micros) {
		double ofMvc = median(micros.get("Spring MVC"));
		double ofWebFlux = median(micros.get("WebFlux"));
		System.out.printf("| %d answers at once, %d pieces a second each | processor time of the server for a piece, us "
				+ "| times Spring MVC | times WebFlux |%n| --- | --- | --- | --- |%n", ANSWERS, PER_SECOND);
		micros.forEach((name, values) -> System.out.printf(Locale.ROOT, "| %s | %.1f (%s) | %.2f | %.2f |%n", name,
				median(values), Arrays.toString(values), median(values) / ofMvc, median(values) / ofWebFlux));
	}

	private void printReloads() throws IOException, InterruptedException {
		System.out.printf("| A finished answer of %d pieces, %d readers at once | ms for each |%n| --- | --- |%n",
				PIECES_OF_RELOADED, RELOADS);
		for (Map.Entry<String, Site> entry : this.sites.entrySet()) {
			Site site = entry.getValue();
			if (isStarter(entry.getKey())) {
				printReload(entry.getKey() + ", strings, which are joined", site.reload(path("answers"), RELOADS));
				printReload(entry.getKey() + ", events, which are kept", site.reload(path("frames"), RELOADS));
			}
			else {
				printReload(entry.getKey() + ", " + READERS_OF_PLAIN + " readers",
						site.reload(path("answers"), READERS_OF_PLAIN));
			}
		}
	}

	private static void printReload(String name, double seconds) {
		System.out.printf(Locale.ROOT, "| %s | %.2f |%n", name, 1000 * seconds);
	}

	private void printHeap() throws IOException, InterruptedException {
		System.out.println("| Heap, KB | idle stream | running answer above its text, with its stream |");
		System.out.println("| --- | --- | --- |");
		for (Map.Entry<String, Site> entry : this.sites.entrySet()) {
			Site site = entry.getValue();
			double idle = isStarter(entry.getKey()) ? site.heapOfIdle() : Double.NaN;
			System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f |%n", entry.getKey(), idle / KB,
					site.heap(path("answers")) / KB);
		}
	}

	private static boolean isStarter(String name) {
		return name.startsWith("starter");
	}

	/** Of other answers each time. */
	private String path(String kind) {
		return "/" + kind + "/" + this.number++ + "-{}?pieces=%d&rate=%d";
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/**
	 * A server and its client.
	 */
	private static final class Site {

		private final Program server;

		private final Program client;

		private final int control;

		private Site(List<String> command, Path directory) throws IOException {
			this.server = Program.start("answer-server", 0, command, directory);
			String[] ports = this.server.await("ready").split(" ");
			this.control = Integer.parseInt(ports[1]);
			List<String> reader = new ArrayList<>(Java.command(CLIENT));
			reader.add(ports[0]);
			this.client = Program.start("answer-client", 1, reader, directory);
			this.client.await("ready");
		}

		/**
		 * Have all answers streamed.
		 * @return the processor time of the server for a piece, in microseconds
		 */
		private double stream(String path, int rate) throws IOException {
			Duration before = this.server.processorTime();
			begin(ANSWERS, ANSWERS, PIECES, path.formatted(PIECES, rate));
			end();
			return this.server.processorTime().minus(before).toNanos() / 1000.0 / ANSWERS / PIECES;
		}

		/** Until compilers, too, have nothing to do. */
		private void awaitIdle() throws IOException, InterruptedException {
			Duration used = IDLE.plusMillis(1);
			for (int i = 0; i < LONGEST_REST && used.compareTo(IDLE) > 0; i++) {
				Duration before = this.server.processorTime();
				TimeUnit.SECONDS.sleep(1);
				used = this.server.processorTime().minus(before);
			}
		}

		/**
		 * Have an answer streamed, and then read again by many.
		 * @return the seconds that takes for each of them
		 */
		private double reload(String path, int readers) throws IOException, InterruptedException {
			String answer = path.formatted(PIECES_OF_RELOADED, 0);
			begin(1, 1, PIECES_OF_RELOADED, answer);
			end();
			double[] seconds = new double[ROUNDS];
			for (int i = 0; i < WARM_UPS + ROUNDS; i++) {
				begin(readers, 1, PIECES_OF_RELOADED, answer);
				seconds[i % ROUNDS] = end() / 1e9 / readers;
				awaitIdle();
			}
			return median(seconds);
		}

		/**
		 * Return what a stream takes that gets nothing.
		 */
		private double heapOfIdle() throws IOException, InterruptedException {
			long before = ask("heap");
			this.client.send("hold " + ANSWERS + " /idle/{}");
			awaitStreams(ANSWERS);
			long during = ask("heap");
			this.client.send("leave");
			awaitStreams(0);
			return (double) (during - before) / ANSWERS;
		}

		private void awaitStreams(int count) throws IOException, InterruptedException {
			long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
			while (ask("?") != count) {
				if (System.nanoTime() - deadline > 0) {
					throw new IOException("There are not " + count + " streams after a minute");
				}
				TimeUnit.MILLISECONDS.sleep(10);
			}
		}

		/**
		 * Return what an answer takes beside its text, when half of it has been streamed,
		 * with its stream.
		 */
		private double heap(String path) throws IOException, InterruptedException {
			long before = ask("heap");
			begin(ANSWERS, ANSWERS, PIECES, path.formatted(PIECES, PER_SECOND));
			TimeUnit.SECONDS.sleep(PIECES / PER_SECOND / 2);
			long during = ask("heap");
			double text = PIECES / 2.0 * " word123#".length();
			end();
			return (double) (during - before) / ANSWERS - text;
		}

		private void begin(int connections, int answers, int pieces, String path) {
			this.client.send("read " + connections + " " + answers + " " + pieces + " " + path);
		}

		private long end() throws IOException {
			return Long.parseLong(this.client.await("done").split(" ")[1]);
		}

		private long ask(String question) throws IOException {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.control)) {
				socket.getOutputStream().write((question + "\n").getBytes(StandardCharsets.US_ASCII));
				return Long.parseLong(
						new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
							.readLine());
			}
		}

		private void close() {
			this.client.close();
			this.server.close();
		}

	}

}
