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
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The main program: starts the servers and the load client, warms them up, and measures
 * each server in each round, so that other load on the machine affects all of them.
 */
public final class Benchmark {

	private final Options options;

	private final Program client;

	private final Map<Server, RunningServer> running = new LinkedHashMap<>();

	private final List<Measurement> measurements = new ArrayList<>();

	private Benchmark(Options options, Program client) {
		this.options = options;
		this.client = client;
	}

	private void run() throws IOException {
		for (Server server : this.options.servers()) {
			try {
				this.running.put(server, new RunningServer(server, this.client, this.options));
			}
			catch (Launcher.UnavailableException ex) {
				System.err.println("Without " + server.title() + ": " + ex.getMessage());
			}
		}
		for (RunningServer server : this.running.values()) {
			server.warmUp();
		}
		for (int round = 0; round <= this.options.rounds(); round++) {
			List<RunningServer> order = new ArrayList<>(this.running.values());
			Collections.rotate(order, 1 - round);
			measure(order, round, (shape) -> !shape.is(Shape.Trait.ONCE));
		}
		// NOTE: compilers discard code that they optimized for the previous shape, so a
		// round of all shapes belongs to the warm-up
		this.measurements.removeIf((measurement) -> measurement.round() == 0);
		List<RunningServer> order = List.copyOf(this.running.values());
		measure(order, 1, (shape) -> shape.is(Shape.Trait.ONCE) && !shape.is(Shape.Trait.FRESH));
		measure(order, 1, (shape) -> shape.is(Shape.Trait.FRESH));
	}

	private void measure(List<RunningServer> servers, int round, Predicate<Shape> shapes) throws IOException {
		for (Shape shape : this.options.shapes()) {
			for (RunningServer server : servers) {
				if (shapes.test(shape) && server.can(shape)) {
					this.measurements.add(server.measure(shape, round));
				}
			}
		}
	}

	private void write(String machine) throws IOException {
		Results results = new Results(List.copyOf(this.running.keySet()), this.measurements);
		String report = machine + new Report(results).toMarkdown();
		Files.write(Program.DIRECTORY.resolve("rounds.txt"),
				this.measurements.stream().map(Measurement::toString).toList());
		Files.writeString(Program.DIRECTORY.resolve("results.svg"), new Chart(results).toSvg());
		Files.writeString(Program.DIRECTORY.resolve("results.md"), report);
		System.out.println(report);
	}

	private void stop() {
		this.running.values().forEach(RunningServer::close);
	}

	/**
	 * Measure, and write the results.
	 * @param arguments options
	 * @throws IOException if a program fails
	 * @throws Launcher.UnavailableException if there is no C compiler
	 */
	public static void main(String[] arguments) throws IOException, Launcher.UnavailableException {
		Options options = Options.parse(arguments);
		String machine = Machine.describe(arguments);
		try (Program client = Program.client("client", Launcher.compiled("client").prepare())) {
			Benchmark benchmark = new Benchmark(options, client);
			Runtime.getRuntime().addShutdownHook(new Thread(benchmark::stop));
			benchmark.run();
			benchmark.write(machine);
		}
	}

}
