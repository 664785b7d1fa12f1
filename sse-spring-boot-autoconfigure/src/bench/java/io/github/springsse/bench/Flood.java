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

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.springsse.bench.CrowdClient.Gauge;
import io.github.springsse.bench.OrdinaryRequests.Times;

/**
 * Floods servers that have their defaults with 20,000 requests for streams from one
 * address, of two processes, and measures ordinary requests at the same time. Clients
 * that are refused reconnect as they are told. {@code -Dbench.program=Flood}, and
 * {@code -Dbench.options} with some of the servers {@code tomcat}, {@code jetty},
 * {@code plain} and {@code nchan}.
 */
public final class Flood {

	private static final int PROCESSES = 2;

	private static final int CLIENTS_OF_EACH = 10_000;

	private static final int WARM_UP_CLIENTS = 1000;

	/**
	 * Of a server that does not notice that clients have left: they keep their places.
	 */
	private static final int WARM_UP_CLIENTS_OF_PLAIN = 100;

	/** After these, nearly all code that is used is compiled. */
	private static final int WARM_UP_ROUNDS = 20;

	private static final int WARM_UP_REQUESTS = 10_000;

	private final String name;

	private final Program server;

	private final List<Program> clients = new ArrayList<>();

	private final List<Phase> phases = new ArrayList<>();

	private Flood(String name, Program server) {
		this.name = name;
		this.server = server;
	}

	/**
	 * Measure.
	 * @param arguments the servers, none for all
	 * @throws IOException if a program cannot be started
	 * @throws InterruptedException if interrupted
	 */
	public static void main(String[] arguments) throws IOException, InterruptedException {
		System.out.print(Machine.describe(arguments));
		System.out.println(
				"""
						| Server, phase | open | reconnect later | unanswered | gave up | refusals a second, mean delay | failed | \
						processor of the server | persistent connections: median, 99 %, greatest, failed | \
						new connections: the same |
						| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |""");
		Machine.pinThisProgram();
		for (Map.Entry<String, Launcher> entry : servers().entrySet()) {
			if (arguments.length == 0 || List.of(arguments).stream().anyMatch(entry.getKey()::endsWith)) {
				try (Program server = Program.server("flood-server", entry.getValue().prepare())) {
					new Flood(entry.getKey(), server).measure();
				}
				catch (Launcher.UnavailableException ex) {
					System.err.println("Without " + entry.getKey() + ": " + ex.getMessage());
				}
			}
		}
	}

	private static Map<String, Launcher> servers() {
		Map<String, Launcher> result = new LinkedHashMap<>();
		for (ClassPath build : ClassPath.builds()) {
			for (String server : List.of("tomcat", "jetty")) {
				result.put(build.title() + ", " + server, Launcher.java(build, "StarterServer", server, "defaults"));
			}
		}
		result.put("plain", Launcher.java(ClassPath.STARTER, "PlainServer", "tomcat", "defaults"));
		result.put("nchan", Launcher.nchan());
		return result;
	}

	private void measure() throws IOException, InterruptedException {
		OrdinaryRequests requests = new OrdinaryRequests(this.server.httpPort());
		try {
			for (int i = 1; i <= PROCESSES; i++) {
				this.clients.add(Program.client("flood-" + i,
						Launcher.crowd(Integer.toString(this.server.httpPort()), "/events", "stay")));
			}
			warmUp(requests);
			requests.start();
			phase("before", 6);
			tell("come " + CLIENTS_OF_EACH);
			phase("first 10 s", 10);
			phase("next 20 s", 20);
			phase("next 90 s", 90);
			tell("leave");
			phase("after", 6);
		}
		finally {
			requests.close();
			this.clients.forEach(Program::close);
		}
		for (Phase phase : this.phases) {
			System.out.println("| " + this.name + ", " + phase.name + " | " + phase.row + " | "
					+ times(requests, true, phase) + " | " + times(requests, false, phase) + " |");
		}
	}

	private void warmUp(OrdinaryRequests requests) throws IOException, InterruptedException {
		System.err.println("warm-up: " + this.name);
		requests.warmUp(WARM_UP_REQUESTS);
		for (int i = 0; i < WARM_UP_ROUNDS; i++) {
			tell("come " + (this.name.equals("plain") ? WARM_UP_CLIENTS_OF_PLAIN : WARM_UP_CLIENTS));
			TimeUnit.SECONDS.sleep(2);
			tell("leave");
			TimeUnit.SECONDS.sleep(1);
		}
		this.server.awaitIdle();
		requests.warmUp(WARM_UP_REQUESTS);
		this.server.awaitIdle();
	}

	private void phase(String phase, int seconds) throws IOException, InterruptedException {
		long[] before = status();
		long processor = this.server.processorTime().toNanos();
		long start = System.nanoTime();
		TimeUnit.SECONDS.sleep(seconds);
		long end = System.nanoTime();
		double busy = 100.0 * (this.server.processorTime().toNanos() - processor) / (end - start);
		long[] now = status();
		long told = now[Gauge.TOLD.ordinal()] - before[Gauge.TOLD.ordinal()];
		long millis = now[Gauge.TOLD_MILLIS.ordinal()] - before[Gauge.TOLD_MILLIS.ordinal()];
		this.phases.add(new Phase(phase, start, end,
				String.format(Locale.ROOT, "%d%s | %d | %d | %d | %.0f, %.1f s | %d | %.0f %%",
						now[Gauge.OPEN.ordinal()] + now[Gauge.SERVED.ordinal()], openInServer(),
						now[Gauge.AWAY.ordinal()], now[Gauge.UNANSWERED.ordinal()], now[Gauge.GAVE_UP.ordinal()],
						told * 1e9 / (end - start), (told > 0) ? millis / 1e3 / told : 0,
						now[Gauge.FAILED.ordinal()] - before[Gauge.FAILED.ordinal()], busy)));
	}

	/** The number of streams in the server, which Nchan does not tell. */
	private String openInServer() throws IOException {
		return (this.server.httpPort() != this.server.controlPort()) ? " (server: " + this.server.ask("?") + ")" : "";
	}

	/** The sums over all processes. */
	private long[] status() throws IOException {
		long[] result = new long[Gauge.values().length];
		for (String answer : tell("status")) {
			String[] words = answer.split(" ");
			for (int i = 0; i < result.length; i++) {
				result[i] += Long.parseLong(words[i]);
			}
		}
		return result;
	}

	private List<String> tell(String command) throws IOException {
		List<String> answers = new ArrayList<>();
		for (Program client : this.clients) {
			client.send(command);
		}
		for (Program client : this.clients) {
			answers.add(client.await("done"));
		}
		return answers;
	}

	/** The times of a phase, and their ratios to the first phase. */
	private String times(OrdinaryRequests requests, boolean persistent, Phase phase) {
		Times base = requests.times(persistent, this.phases.get(0).start, this.phases.get(0).end);
		Times times = requests.times(persistent, phase.start, phase.end);
		StringBuilder result = new StringBuilder();
		for (int percent : new int[] { 50, 99, 100 }) {
			double millis = times.percentile(percent);
			result.append(String.format(Locale.ROOT, "%.2f ms (%.1f), ", millis, millis / base.percentile(percent)));
		}
		return result + "%d of %d".formatted(times.failed(), times.requests());
	}

	/**
	 * A part of the measurement.
	 *
	 * @param name the name
	 * @param start when it began
	 * @param end when it ended
	 * @param row the figures of the flood
	 */
	private record Phase(String name, long start, long end, String row) {

	}

}
