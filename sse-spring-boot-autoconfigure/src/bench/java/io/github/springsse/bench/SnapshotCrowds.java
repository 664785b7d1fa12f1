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
import java.util.List;
import java.util.Map;

/**
 * Measures crowds of clients that come at once and receive a snapshot of 1 MB: from a
 * method that has the text ready, from one that takes 200 ms for each request, and from
 * one of 200 ms whose snapshot is shared, without an age and with one of a second. The
 * streams stay open. {@code -Dbench.program=SnapshotCrowds}, and in
 * {@code -Dbench.options} servers and methods, such as {@code tomcat/shared} and
 * {@code plain/each}, and {@code clients=}, {@code rounds=} and {@code discard=}.
 */
public final class SnapshotCrowds {

	private static final int SECONDS = 60;

	private static final String SIZE = "?size=1000000";

	/** The methods that the crowd requests, and their paths. */
	private static final Map<String, String> METHODS = Map.of("ready", "/ready" + SIZE, "each",
			"/snapshot" + SIZE + "&millis=200", "shared", "/shared" + SIZE + "&millis=200", "shared-1s",
			"/shared-1s" + SIZE + "&millis=200");

	private final Options options;

	private final Results results = new Results();

	private SnapshotCrowds(Options options) {
		this.options = options;
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program cannot be started
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "clients=2000", "rounds=3", "discard=3");
		Machine.pinThisProgram();
		SnapshotCrowds crowds = new SnapshotCrowds(options);
		for (String server : List.of("tomcat", "jetty", "plain")) {
			boolean plain = server.equals("plain");
			for (String method : plain ? List.of("each") : List.of("ready", "each", "shared", "shared-1s")) {
				if (options.words().isEmpty() || options.words().contains(server + "/" + method)) {
					Launcher launcher = plain ? Launcher.java(ClassPath.PLAIN, "PlainServer", "tomcat")
							: Launcher.java(ClassPath.STARTER, "SnapshotServer", server);
					try (Program program = Program.server("snapshots-server", launcher.prepare())) {
						crowds.measure(server, program, method);
					}
				}
			}
		}
		System.out.println(Machine.describe(arguments) + Report.of(crowds.results));
	}

	private void measure(String title, Program server, String method) throws IOException {
		int clients = this.options.integer("clients");
		String shape = clients + " clients, snapshot " + method;
		try (Rush rush = new Rush(title, server, 1, METHODS.getOrDefault(method, ""), "stay", this.results);
				Publisher publisher = new Publisher(server.controlPort(), false)) {
			for (int round = 1 - this.options.integer("discard"); round <= this.options.integer("rounds"); round++) {
				publisher.awaitNoStreams(() -> publisher.publish(Target.EVENTS, 0, 1, 0, 100));
				double heap = publisher.ask("heap");
				long runs = publisher.ask("runs");
				rush.come(clients);
				double millis = rush.awaitServed(clients, SECONDS);
				heap = publisher.ask("heap") - heap;
				runs = publisher.ask("runs") - runs;
				System.err.printf("%s, %s, round %d: %.0f ms, %d runs, %.1f MB%n", title, shape, round, millis, runs,
						heap / (1 << 20));
				rush.leave();
				if (round > 0) {
					Results.Measurement measurement = this.results.add(title, shape, round);
					measurement.put(Metric.LAST_SERVED_MILLIS, millis);
					measurement.put(Metric.RUNS, runs);
					measurement.put(Metric.HEAP_GROWTH_MB, heap / (1 << 20));
				}
			}
		}
	}

}
