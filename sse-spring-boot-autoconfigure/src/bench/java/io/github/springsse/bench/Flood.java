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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Floods servers that have their defaults with 20,000 requests for streams from one
 * address, by two processes, and measures the ordinary requests of a third. Clients that
 * are refused come back as they are told. {@code mvn -Pbench verify} with
 * {@code -Dbench.program=Flood}, and {@code -Dbench.options} with the servers, of
 * {@code tomcat}, {@code jetty}, {@code plain} and {@code nchan}; with another build of
 * the starter beside this one where the environment variable {@code BENCH_OTHER} is its
 * folder of classes.
 */
public final class Flood {

	private static final String CLIENTS = "io.github.springsse.bench.client.";

	private static final Path NICE = Path.of("/usr/bin/nice");

	private static final int PROCESSES = 2;

	private static final int EACH = 10_000;

	private static final int WARM_UP_STREAMS = 1000;

	/** Of a server that does not notice that clients are gone: they keep their places. */
	private static final int WARM_UP_STREAMS_OF_PLAIN = 100;

	/** As many as have nearly all of what is called compiled. */
	private static final int WARM_UP_ROUNDS = 20;

	private static final Duration REST = Duration.ofSeconds(2);

	/** Processor time in a rest that means that the server has finished what it began. */
	private static final Duration IDLE = Duration.ofMillis(100);

	private static final int LONGEST_WARM_UP_RESTS = 30;

	private static final int WARM_UP_REQUESTS = 10_000;

	/** Figures of a phase for one kind of request. */
	private static final int FIGURES = 5;

	private Flood() {
	}

	/**
	 * Measure.
	 * @param arguments the servers, none for all
	 * @throws IOException if a program could not be started
	 * @throws InterruptedException if interrupted
	 * @throws UnavailableException if there is no other build where one should be
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException, UnavailableException {
		Path directory = Files.createDirectories(Path.of("target", "bench"));
		List<String> wanted = List.of(arguments);
		System.out.print(Machine.describe(arguments).toText());
		System.out.println("""
				| Server, phase | open (by the server) | come back later | unanswered | gave up | refusals a second, mean delay | \
				broken | processor of the server | kept connection: median, 99 %, greatest, failed | \
				new connection: the same |
				| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		for (Map.Entry<String, Launcher> server : servers().entrySet()) {
			String name = server.getKey();
			if (wanted.isEmpty() || wanted.stream().anyMatch(name::endsWith)) {
				try {
					measure(name, server.getValue().prepare(directory), directory);
				}
				catch (UnavailableException ex) {
					System.err.println(name + " is left out: " + ex.getMessage());
				}
			}
		}
	}

	private static Map<String, Launcher> servers() throws UnavailableException {
		Map<String, Launcher> result = new LinkedHashMap<>();
		for (Map.Entry<String, String> build : Servers.builds().entrySet()) {
			for (String server : List.of("tomcat", "jetty")) {
				result.put(build.getKey() + ", " + server, (
						directory) -> Java.server(build.getValue(), "StarterServer", server, "defaults"));
			}
		}
		result.put("plain",
				(directory) -> Java.server(PeerJars.SERVLET, "PlainServer", "tomcat", "defaults"));
		result.put("nchan", new NchanLauncher());
		return result;
	}

	private static void measure(String name, List<String> command, Path directory)
			throws IOException, InterruptedException {
		List<Program> floods = new ArrayList<>();
		try (Program server = Program.start("flood-server", 0, command, directory)) {
			String[] ports = server.await("ready").split(" ");
			String port = ports[0];
			System.err.println(name);
			try (Program ordinary = Program.start("ordinary", 1, client("OrdinaryClient", port, "/item"), directory)) {
				ordinary.await("ready");
				for (int i = 1; i <= PROCESSES; i++) {
					Program flood = Program.start("flood-" + i, 1, giveWay(client("FloodClient", port, "/events")),
							directory);
					floods.add(flood);
					flood.await("ready");
				}
				Site site = new Site(name, server, ports, ordinary, floods);
				site.warmUp();
				site.phase("before", 6);
				tell(floods, "flood " + EACH);
				site.phase("first-10-s", 10);
				site.phase("next-20-s", 20);
				site.phase("next-90-s", 90);
				tell(floods, "leave");
				site.phase("after", 6);
				site.print();
			}
			finally {
				floods.forEach(Program::close);
			}
		}
	}

	private static List<String> client(String program, String port, String path) {
		List<String> command = new ArrayList<>(Java.command(CLIENTS + program));
		command.addAll(List.of(port, path));
		return command;
	}

	/**
	 * The ordinary client has the same processor, and must not be slow because of these.
	 */
	private static List<String> giveWay(List<String> command) {
		List<String> result = new ArrayList<>();
		if (Files.isExecutable(NICE)) {
			result.addAll(List.of(NICE.toString(), "-n", "10"));
		}
		result.addAll(command);
		return result;
	}

	private static List<String> tell(List<Program> programs, String line) throws IOException {
		List<String> answers = new ArrayList<>();
		for (Program program : programs) {
			program.send(line);
		}
		for (Program program : programs) {
			answers.add(program.await("done"));
		}
		return answers;
	}

	/**
	 * A server, its clients, and what was measured.
	 */
	private static final class Site {

		private final String name;

		private final Program server;

		private final String[] ports;

		private final Program ordinary;

		private final List<Program> floods;

		private final List<String> rows = new ArrayList<>();

		private long[] before = new long[Gauge.values().length];

		private Site(String name, Program server, String[] ports, Program ordinary, List<Program> floods) {
			this.name = name;
			this.server = server;
			this.ports = ports;
			this.ordinary = ordinary;
			this.floods = floods;
		}

		private void warmUp() throws IOException, InterruptedException {
			tell(List.of(this.ordinary), "warm " + WARM_UP_REQUESTS);
			for (int i = 0; i < WARM_UP_ROUNDS; i++) {
				tell(this.floods, "flood " + (this.name.equals("plain") ? WARM_UP_STREAMS_OF_PLAIN : WARM_UP_STREAMS));
				TimeUnit.SECONDS.sleep(2);
				tell(this.floods, "leave");
				TimeUnit.SECONDS.sleep(1);
			}
			awaitIdle();
			tell(List.of(this.ordinary), "warm " + WARM_UP_REQUESTS);
			awaitIdle();
			this.before = status();
		}

		/** Until compilers, too, have nothing to do. */
		private void awaitIdle() throws IOException, InterruptedException {
			Duration used = IDLE.plusMillis(1);
			for (int i = 0; i < LONGEST_WARM_UP_RESTS && used.compareTo(IDLE) > 0; i++) {
				Duration before = this.server.processorTime();
				TimeUnit.NANOSECONDS.sleep(REST.toNanos());
				used = this.server.processorTime().minus(before);
			}
		}

		private void phase(String phase, int seconds) throws IOException, InterruptedException {
			tell(List.of(this.ordinary), "phase " + phase);
			long processor = this.server.processorTime().toNanos();
			long start = System.nanoTime();
			TimeUnit.SECONDS.sleep(seconds);
			double nanos = System.nanoTime() - start;
			double busy = 100 * (this.server.processorTime().toNanos() - processor) / nanos;
			long[] now = status();
			long told = now[Gauge.TOLD.ordinal()] - this.before[Gauge.TOLD.ordinal()];
			long millis = now[Gauge.TOLD_MILLIS.ordinal()] - this.before[Gauge.TOLD_MILLIS.ordinal()];
			this.rows.add(String.format(Locale.ROOT, "%d (%s) | %d | %d | %d | %.0f, %.1f s | %d | %.0f %%",
					now[Gauge.OPEN.ordinal()], openByServer(), now[Gauge.WAITING.ordinal()],
					now[Gauge.UNANSWERED.ordinal()] + now[Gauge.CONNECTING.ordinal()], now[Gauge.GAVE_UP.ordinal()],
					told * 1e9 / nanos, (told > 0) ? millis / 1000.0 / told : 0,
					now[Gauge.BROKEN.ordinal()] - this.before[Gauge.BROKEN.ordinal()], busy));
			this.before = now;
		}

		/** How many streams the server has, where it tells: Nchan has no control port. */
		private String openByServer() throws IOException {
			if (this.ports[0].equals(this.ports[1])) {
				return "?";
			}
			try (Socket control = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(this.ports[1]))) {
				control.getOutputStream().write("?\n".getBytes(StandardCharsets.US_ASCII));
				return new BufferedReader(new InputStreamReader(control.getInputStream(), StandardCharsets.US_ASCII))
					.readLine();
			}
		}

		/** The sums over all processes. */
		private long[] status() throws IOException {
			long[] result = new long[Gauge.values().length];
			for (String answer : tell(this.floods, "status")) {
				String[] words = answer.split(" ");
				for (int i = 0; i < result.length; i++) {
					result[i] += Long.parseLong(words[i]);
				}
			}
			return result;
		}

		private void print() throws IOException {
			this.ordinary.send("report");
			String[] words = this.ordinary.await("done").split(" ");
			for (int i = 0; i < this.rows.size(); i++) {
				int at = i * (1 + 2 * FIGURES);
				System.out.println("| " + this.name + ", " + words[at] + " | " + this.rows.get(i) + " | "
						+ times(words, at + 1) + " | " + times(words, at + 1 + FIGURES) + " |");
			}
		}

		/** Times, as multiples of those in the first phase as well. */
		private static String times(String[] words, int at) {
			int first = 1 + (at - 1) % (1 + 2 * FIGURES);
			StringBuilder result = new StringBuilder();
			for (int i = 2; i < FIGURES; i++) {
				double micros = Double.parseDouble(words[at + i]);
				result.append(String.format(Locale.ROOT, "%.2f ms (%.1f), ", micros / 1000,
						micros / Double.parseDouble(words[first + i])));
			}
			return result + words[at + 1] + " of " + words[at];
		}

	}

	/**
	 * What a flood client tells of itself, in this order.
	 */
	private enum Gauge {

		OPEN, WAITING, UNANSWERED, CONNECTING, GAVE_UP, TOLD, TOLD_MILLIS, BROKEN

	}

}
