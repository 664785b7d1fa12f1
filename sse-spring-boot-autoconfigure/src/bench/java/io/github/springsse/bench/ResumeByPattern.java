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

/**
 * Measures clients that resume from a pattern over many topics: the processor time beside
 * that of clients of one topic that have missed as many events, and the latency of an
 * unrelated stream meanwhile. {@code -Dbench.program=ResumeByPattern}, and
 * {@code -Dbench.options} with the number of rounds.
 */
public final class ResumeByPattern {

	private static final Plan FIRST_HALF_SECOND = Plan.ofRate(20, 100).until(500, Long.MAX_VALUE);

	private static final Plan LATER = Plan.ofRate(20, 100).until(9500, Long.MAX_VALUE);

	private final Stage stage;

	private final Measurement measurement = new Measurement(Server.HANDOFF, Shape.RESUME, 1);

	private ResumeByPattern(Stage stage) {
		this.stage = stage;
	}

	/**
	 * Measure.
	 * @param arguments the number of rounds, 3 by default
	 * @throws IOException if a program cannot be started
	 * @throws Launcher.UnavailableException if there is no C compiler
	 */
	public static void main(String[] arguments) throws IOException, Launcher.UnavailableException {
		System.out.print(Machine.describe(arguments));
		int rounds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 3;
		try (Program client = Program.client("client", Launcher.compiled("client").prepare())) {
			for (ClassPath build : ClassPath.builds()) {
				Launcher launcher = Launcher.java(build, "StarterServer", "tomcat",
						"--sse.replay.events-per-topic=20000", "--sse.replay.max-topics=250000",
						"--sse.replay.max-size=512MB", "--sse.limits.resume-topics=1000000");
				try (Program server = Program.server("resume-by-pattern", launcher.prepare())) {
					System.out.println(build.title() + ":");
					Stage stage = new Stage(Server.HANDOFF.publisher(), server, client, Options.parse());
					new ResumeByPattern(stage).measure(rounds);
				}
			}
		}
	}

	private void measure(int rounds) throws IOException {
		resume("warm-up", 1000, 1000, "all:1000");
		for (int round = 1; round <= rounds; round++) {
			resume("1000 clients, one topic, 10,000 events", 1000, 10_000, "all:1");
			resume("1000 clients, pattern, 10,000 topics", 1000, 10_000, "all:10000");
			resume("10 clients, pattern, 100,000 topics", 10, 100_000, "all:100000");
		}
		for (int round = 1; round <= rounds; round++) {
			beside("an event of another topic", 0, 90_000);
			beside("beside 1 client that resumes from 90,000 topics", 1, 90_000);
			beside("beside 100 clients that have missed nothing", 100, 0);
			beside("beside 100 clients that resume from 90,000 topics", 100, 90_000);
		}
	}

	private void resume(String name, int clients, int events, String target) throws IOException {
		this.stage.miss(events, target);
		Stage.Outcome outcome = this.stage.resume(clients, this.measurement);
		System.out.printf("%s: %d events, %.2f s, %.3f us of the server for each%n", name, outcome.deliveries(),
				outcome.nanos() / 1e9, this.measurement.get(Metric.SERVER_MICROS));
		this.stage.leave();
	}

	private void beside(String name, int clients, int topics) throws IOException {
		this.stage.miss(topics, "all:90000");
		this.stage.open(1, Scenario.ALL_EVENTS);
		this.stage.resumeBeside(clients);
		Stage.Outcome first = this.stage.run(FIRST_HALF_SECOND, this.measurement);
		Stage.Outcome later = this.stage.run(LATER, this.measurement);
		System.out.printf(
				"%s: first half second median %.2f ms, slowest %.2f ms; then median %.2f ms, 99 %% %.2f ms, "
						+ "slowest %.2f ms%n",
				name, first.medianNanos() / 1e6, first.maxNanos() / 1e6, later.medianNanos() / 1e6,
				later.p99Nanos() / 1e6, later.maxNanos() / 1e6);
		this.stage.leave();
	}

}
