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

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Measures streamed answers, as of a language model, of many clients at once, and
 * compares the processor time of a piece with that of Spring MVC and WebFlux, which
 * return a {@code Flux}. Then finished answers are read again.
 * {@code -Dbench.program=Answers}, and {@code -Dbench.options} with the number of rounds.
 */
public final class Answers {

	private static final int ANSWERS = 500;

	private static final int PER_SECOND = 50;

	private static final int PIECES = 500;

	private static final int WARM_UPS_OF_ROUND = 4;

	private static final int READERS = 2000;

	/** Readers of servers that send pieces one by one, which takes long. */
	private static final int READERS_OF_OTHERS = 100;

	private static final int PIECES_OF_FINISHED = 5000;

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(3);

	private final int rounds;

	private final Map<Site, Program> servers = new EnumMap<>(Site.class);

	/** Makes every answer a new one. */
	private int number;

	private Answers(int rounds) {
		this.rounds = rounds;
	}

	/**
	 * Measure.
	 * @param arguments the number of rounds, 3 by default
	 * @throws Exception if a server cannot be started, or does not answer
	 */
	public static void main(String[] arguments) throws Exception {
		System.out.print(Machine.describe(arguments));
		Machine.pinThisProgram();
		Answers answers = new Answers((arguments.length > 0) ? Integer.parseInt(arguments[0]) : 3);
		try {
			for (Site site : Site.values()) {
				answers.servers.put(site, Program.server("answers", site.launcher.prepare()));
			}
			answers.measurePieces();
			answers.measureFinished();
			answers.measureHeap();
		}
		finally {
			answers.servers.values().forEach(Program::close);
		}
	}

	private void measurePieces() throws IOException, InterruptedException {
		Map<Site, double[]> micros = new EnumMap<>(Site.class);
		for (Site site : Site.values()) {
			micros.put(site, new double[this.rounds]);
			for (int i = 0; i < WARM_UPS_OF_ROUND * this.rounds; i++) {
				stream(site, PER_SECOND);
			}
			this.servers.get(site).awaitIdle();
		}
		for (int round = 0; round < this.rounds; round++) {
			for (Site site : Site.values()) {
				micros.get(site)[round] = stream(site, PER_SECOND);
			}
		}
		System.out
			.printf("| %d answers at once, %d pieces a second each | processor time of the server for a piece, us "
					+ "| times Spring MVC | times WebFlux |%n| --- | --- | --- | --- |%n", ANSWERS, PER_SECOND);
		micros.forEach((site, values) -> System.out.printf(Locale.ROOT, "| %s | %.1f (%s) | %.2f | %.2f |%n",
				site.title, median(values), Arrays.toString(values), median(values) / median(micros.get(Site.MVC)),
				median(values) / median(micros.get(Site.WEBFLUX))));
	}

	/**
	 * Have all answers streamed.
	 * @return the processor time of the server for a piece, in microseconds
	 */
	private double stream(Site site, int rate) throws IOException {
		Duration before = this.servers.get(site).processorTime();
		try (Reading reading = new Reading(site, path("answers", PIECES, rate), ANSWERS, ANSWERS, PIECES)) {
			reading.finish();
		}
		return this.servers.get(site).processorTime().minus(before).toNanos() / 1e3 / ANSWERS / PIECES;
	}

	private void measureFinished() throws IOException, InterruptedException {
		System.out.printf("| A finished answer of %d pieces | ms of each reader |%n| --- | --- |%n",
				PIECES_OF_FINISHED);
		for (Site site : Site.values()) {
			int readers = site.isStarter() ? READERS : READERS_OF_OTHERS;
			printFinished(site, site.isStarter() ? "strings, which are joined" : "pieces", "answers", readers);
			if (site.isStarter()) {
				printFinished(site, "events, which are kept", "frames", readers);
			}
		}
	}

	private void printFinished(Site site, String kind, String resource, int readers)
			throws IOException, InterruptedException {
		String path = path(resource, PIECES_OF_FINISHED, 0);
		try (Reading first = new Reading(site, path, 1, 1, PIECES_OF_FINISHED)) {
			first.finish();
		}
		double[] millis = new double[this.rounds];
		for (int i = 0; i < (WARM_UPS_OF_ROUND + 1) * this.rounds; i++) {
			long start = System.nanoTime();
			try (Reading again = new Reading(site, path, readers, 1, PIECES_OF_FINISHED)) {
				again.finish();
			}
			millis[i % this.rounds] = (System.nanoTime() - start) / 1e6 / readers;
			this.servers.get(site).awaitIdle();
		}
		System.out.printf(Locale.ROOT, "| %s, %s, %d readers | %.2f |%n", site.title, kind, readers, median(millis));
	}

	private void measureHeap() throws IOException, InterruptedException {
		System.out.println("| Heap, KB | idle stream | running answer above its text, with its stream |");
		System.out.println("| --- | --- | --- |");
		for (Site site : Site.values()) {
			double idle = site.isStarter() ? heap(site, "/idle/{}", 0) : Double.NaN;
			double running = heap(site, path("answers", PIECES, PER_SECOND), PIECES);
			System.out.printf(Locale.ROOT, "| %s | %.1f | %.1f |%n", site.title, idle / 1024,
					(running - PIECES / 2.0 * " word123#".length()) / 1024);
		}
	}

	/**
	 * Return the live heap of a stream, when half of its pieces have been sent.
	 */
	private double heap(Site site, String path, int pieces) throws IOException, InterruptedException {
		Program server = this.servers.get(site);
		awaitNoStreams(server);
		long before = server.ask("heap");
		try (Reading reading = new Reading(site, path, ANSWERS, ANSWERS, pieces)) {
			reading.poll(TimeUnit.SECONDS.toNanos(PIECES / PER_SECOND / 2));
			long during = server.ask("heap");
			if (pieces > 0) {
				reading.finish();
			}
			return (double) (during - before) / ANSWERS;
		}
	}

	private static void awaitNoStreams(Program server) throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (server.ask("?") > 0) {
			if (System.nanoTime() - start > PATIENCE) {
				throw new IOException("Streams are not closed");
			}
			TimeUnit.MILLISECONDS.sleep(10);
		}
	}

	private String path(String resource, int pieces, int rate) {
		return "/" + resource + "/" + this.number++ + "-{}?pieces=" + pieces + "&rate=" + rate;
	}

	private static double median(double[] values) {
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		return sorted[sorted.length / 2];
	}

	/**
	 * The servers.
	 */
	private enum Site {

		TOMCAT("starter, Tomcat", Launcher.java(ClassPath.ANSWERS, "AnswerServer", "tomcat")),

		JETTY("starter, Jetty", Launcher.java(ClassPath.ANSWERS, "AnswerServer", "jetty")),

		MVC("Spring MVC", Launcher.java(ClassPath.PLAIN_ANSWERS, "PlainAnswerServer", "tomcat")),

		WEBFLUX("WebFlux", Launcher.java(ClassPath.WEBFLUX, "PlainAnswerServer"));

		private final String title;

		private final Launcher launcher;

		Site(String title, Launcher launcher) {
			this.title = title;
			this.launcher = launcher;
		}

		boolean isStarter() {
			return this == TOMCAT || this == JETTY;
		}

	}

	/**
	 * Connections that read answers, and count their pieces.
	 */
	private final class Reading implements Connections.Receiver, Closeable {

		private final Connections connections = new Connections();

		private final long expected;

		private int open;

		private long pieces;

		/**
		 * Open connections.
		 * @param path the path, in which {@code {}} is the number of the answer
		 */
		Reading(Site site, String path, int connections, int answers, int piecesOfEach) throws IOException {
			this.expected = (long) connections * piecesOfEach;
			this.open = connections;
			for (int i = 0; i < connections; i++) {
				this.connections.open(Answers.this.servers.get(site).httpPort(),
						path.replace("{}", Integer.toString(i % answers)), this);
			}
		}

		/**
		 * Read for a while, or until all answers have ended.
		 */
		void poll(long nanos) throws IOException {
			long start = System.nanoTime();
			while (this.open > 0 && System.nanoTime() - start < nanos) {
				this.connections.poll(100);
			}
		}

		/**
		 * Read until all answers have ended.
		 * @throws IOException if pieces are missing
		 */
		void finish() throws IOException {
			poll(PATIENCE);
			if (this.pieces != this.expected) {
				throw new IOException("Received " + this.pieces + " pieces instead of " + this.expected);
			}
		}

		@Override
		public void receive(int status, byte[] bytes, int count) {
			if (status != 200) {
				throw new IllegalStateException("Status " + status);
			}
			for (int i = 0; i < count; i++) {
				this.pieces += (bytes[i] == '#') ? 1 : 0;
			}
		}

		@Override
		public void end(boolean failed) {
			this.open--;
		}

		@Override
		public void close() throws IOException {
			this.connections.close();
		}

	}

}
