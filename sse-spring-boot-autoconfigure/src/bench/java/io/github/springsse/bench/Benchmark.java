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
import java.util.stream.Stream;

/**
 * The main program: starts the servers, warms them up, and measures each server in each
 * round, so that other load on the machine affects all of them.
 */
public final class Benchmark {

	private final List<Server> servers;

	private final List<Shape> shapes;

	private final Options options;

	private final Map<Server, RunningServer> running = new LinkedHashMap<>();

	private final Results results = new Results();

	private Benchmark(Options options) {
		this.options = options;
		List<Server> someServers = options.constants(Server.class, "servers");
		List<Shape> someShapes = options.constants(Shape.class, "shapes");
		this.servers = !someServers.isEmpty() ? someServers
				: Stream.of(Server.values()).filter(Server::isDefault).toList();
		this.shapes = !someShapes.isEmpty() ? someShapes
				: Stream.of(Shape.values()).filter((shape) -> !shape.is(Shape.Trait.ON_REQUEST)).toList();
	}

	private void run() throws IOException {
		for (Server server : this.servers) {
			try {
				this.running.put(server, new RunningServer(server, this.shapes, this.options));
			}
			catch (Launcher.UnavailableException ex) {
				System.err.println("Without " + server.title() + ": " + ex.getMessage());
			}
		}
		for (RunningServer server : this.running.values()) {
			server.warmUp();
		}
		for (int round = 1 - this.options.integer("discard"); round <= this.options.integer("rounds"); round++) {
			List<Server> order = new ArrayList<>(this.running.keySet());
			Collections.rotate(order, 1 - round);
			measure(order, round, (shape) -> !shape.is(Shape.Trait.ONCE));
			if (round == 0) {
				// NOTE: compilers discard code that they optimized for the previous
				// shape, so rounds of all shapes belong to the warm-up
				this.results.clear();
			}
		}
		List<Server> order = List.copyOf(this.running.keySet());
		measure(order, 1, (shape) -> shape.is(Shape.Trait.ONCE) && !shape.is(Shape.Trait.FRESH));
		measure(order, 1, (shape) -> shape.is(Shape.Trait.FRESH));
	}

	private void measure(List<Server> order, int round, Predicate<Shape> filter) throws IOException {
		for (Shape shape : this.shapes) {
			for (Server server : order) {
				RunningServer runningServer = this.running.get(server);
				if (runningServer != null && filter.test(shape) && runningServer.can(shape)) {
					runningServer.measure(shape, this.results.add(server.title(), shape.title(), round));
				}
			}
		}
	}

	private void write(String machine) throws IOException {
		String[] bases = this.running.keySet()
			.stream()
			.filter(Server::isBase)
			.map(Server::title)
			.toArray(String[]::new);
		String report = machine + Report.of(this.results, bases);
		Files.write(Program.DIRECTORY.resolve("rounds.txt"), this.results.lines());
		Files.writeString(Program.DIRECTORY.resolve("results.svg"), new Chart(this.results).toSvg());
		Files.writeString(Program.DIRECTORY.resolve("results.md"), report);
		System.out.println(report);
	}

	/**
	 * Measure, and write the results.
	 * @param machine describes the machine
	 */
	static void run(Options options, String machine) throws IOException {
		Benchmark benchmark = new Benchmark(options);
		benchmark.run();
		benchmark.write(machine);
		for (RunningServer server : benchmark.running.values()) {
			server.close();
		}
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws Exception if a program fails
	 */
	public static void main(String[] arguments) throws Exception {
		Options options = new Options(arguments, "servers=", "shapes=", "rounds=3", "discard=1", "time=1", "scale=1",
				"warm-up=2000000");
		Machine.pinThisProgram();
		run(options, Machine.describe(arguments));
	}

}
