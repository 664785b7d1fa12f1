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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

import io.github.springsse.bench.client.LoadClient;

/**
 * Starts the servers and the client, warms them up, and measures each server in each
 * round, so that what changes on the machine meanwhile meets all of them.
 */
public final class Benchmark {

	private static final Path DIRECTORY = Path.of("target", "bench");

	private static final int CLIENT_PROCESSOR = 1;

	/** Processors that others may use without disturbing. */
	private static final double UNDISTURBED = 0.1;

	/** How long to look whether others use processors. */
	private static final Duration GLANCE = Duration.ofSeconds(1);

	private final Options options;

	private final Program client;

	private final Map<Server, RunningServer> running = new LinkedHashMap<>();

	private final List<Measurement> measurements = new ArrayList<>();

	private Duration patience;

	private Benchmark(Options options, Program client) {
		this.options = options;
		this.client = client;
		this.patience = options.patience();
	}

	private List<Measurement> run() throws IOException {
		for (Server server : this.options.servers()) {
			try {
				List<String> command = server.launcher().prepare(DIRECTORY);
				this.running.put(server, new RunningServer(server, command, DIRECTORY, this.client, this.options));
			}
			catch (UnavailableException ex) {
				System.err.println("Without " + server.title() + ": " + ex.getMessage());
			}
		}
		for (RunningServer server : this.running.values()) {
			awaitQuiet();
			server.warmUp();
		}
		for (int round = 0; round <= this.options.rounds(); round++) {
			List<RunningServer> order = new ArrayList<>(this.running.values());
			Collections.rotate(order, 1 - round);
			measure(order, round, (shape) -> !shape.is(Shape.Trait.ONCE));
		}
		// NOTE: a compiler throws code away that it made for the shape before, so that
		// every shape has to come once more after the warm-up
		this.measurements.removeIf((measurement) -> measurement.round() == 0);
		List<RunningServer> order = List.copyOf(this.running.values());
		measure(order, 1, (shape) -> shape.is(Shape.Trait.ONCE) && !shape.is(Shape.Trait.FRESH));
		measure(order, 1, (shape) -> shape.is(Shape.Trait.FRESH));
		return this.measurements;
	}

	private void measure(List<RunningServer> servers, int round, Predicate<Shape> shapes) throws IOException {
		for (Shape shape : this.options.shapes()) {
			for (RunningServer server : servers) {
				if (shapes.test(shape) && server.can(shape)) {
					this.measurements.add(measureUndisturbed(server, shape, round));
				}
			}
		}
	}

	private Measurement measureUndisturbed(RunningServer server, Shape shape, int round) throws IOException {
		while (true) {
			long start = System.nanoTime();
			Measurement measurement = server.measure(shape, round);
			if (measurement.otherProcessors() <= UNDISTURBED || !hasPatience()) {
				return measurement;
			}
			this.patience = this.patience.minusNanos(System.nanoTime() - start);
			awaitQuiet();
		}
	}

	private void awaitQuiet() throws IOException {
		double others = 1;
		while (others > UNDISTURBED && hasPatience()) {
			ProcessorUse before = ProcessorUse.now(this.client, this.client);
			LockSupport.parkNanos(GLANCE.toNanos());
			others = ProcessorUse.now(this.client, this.client).othersSince(before);
			this.patience = this.patience.minus(GLANCE);
		}
	}

	private boolean hasPatience() {
		return this.patience.compareTo(Duration.ZERO) > 0;
	}

	private List<Server> servers() {
		return List.copyOf(this.running.keySet());
	}

	private void stop() {
		this.running.values().forEach(RunningServer::close);
	}

	private static List<String> client(Options options) throws IOException {
		if (options.client().equals("c")) {
			try {
				return new NativeLauncher("client").prepare(DIRECTORY);
			}
			catch (UnavailableException ex) {
				System.err.println("The client is that in Java: " + ex.getMessage());
			}
		}
		return Java.command(LoadClient.class.getName());
	}

	/**
	 * Measure, and write tables and results.
	 * @param args options
	 * @throws IOException if a program fails
	 */
	public static void main(String[] args) throws IOException {
		Options options = Options.parse(args);
		Machine machine = Machine.describe(args);
		Files.createDirectories(DIRECTORY);
		try (Program client = Program.start("client", CLIENT_PROCESSOR, client(options), DIRECTORY)) {
			Benchmark benchmark = new Benchmark(options, client);
			Runtime.getRuntime().addShutdownHook(new Thread(benchmark::stop));
			List<Measurement> measurements = benchmark.run();
			Results results = new Results(machine, benchmark.servers(), options, measurements);
			results.write(DIRECTORY.resolve("results.json"));
			Files.writeString(DIRECTORY.resolve("results.svg"), new Chart(results).toSvg());
			String report = new Report(results).toMarkdown();
			Files.writeString(DIRECTORY.resolve("results.md"), report);
			System.out.println(report);
		}
	}

}
