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
import java.util.List;

/**
 * The main program: starts the servers, warms them up, and measures each server in each
 * round, so that other load on the machine affects all of them.
 */
public final class Benchmark {

	private final List<Shape> shapes;

	private final Options options;

	private final List<RunningServer> running = new ArrayList<>();

	private final Results results = new Results();

	private Benchmark(Options options) {
		this.options = options;
		this.shapes = options.constants(Shape.class, "shapes");
	}

	public static void main(String[] arguments) throws IOException {
		Benchmark benchmark = new Benchmark(
				new Options(arguments, "servers=plain,handoff,async,jetty,webflux,nchan,epoll",
						"shapes=one-at-a-time,bursts,more-streams,large,rate,rate-after-crowd,silent-50,silent-500,"
								+ "resume,topics-1000,topics-19000,topics-100000,idle,attack",
						"rounds=3", "discard=1", "time=1", "scale=1", "warm-up=2000000"));
		Machine.pinThisProgram();
		benchmark.run();
		benchmark.write();
		for (RunningServer server : benchmark.running) {
			server.close();
		}
	}

	private void run() throws IOException {
		for (Server server : this.options.constants(Server.class, "servers")) {
			try {
				this.running.add(new RunningServer(server, this.shapes, this.options));
			}
			catch (Launcher.UnavailableException ex) {
				System.err.println("Without " + server.title + ": " + ex.getMessage());
			}
		}
		this.running.forEach(RunningServer::warmUp);
		for (int round = 1 - this.options.integer("discard"); round <= this.options.integer("rounds"); round++) {
			// NOTE: compilers discard code that they optimized for the previous shape, so
			// rounds of all shapes belong to the warm-up
			measure(round, Shape.When.EACH_ROUND);
		}
		measure(1, Shape.When.ONCE);
		measure(1, Shape.When.FRESH);
	}

	private void measure(int round, Shape.When when) {
		List<RunningServer> order = new ArrayList<>(this.running);
		Collections.rotate(order, 1 - round);
		for (Shape shape : this.shapes) {
			for (RunningServer server : order) {
				if (shape.when == when && server.can(shape)) {
					server.measure(shape, this.results.add(server.server().title, shape.title, round));
				}
			}
		}
	}

	private void write() throws IOException {
		List<String> bases = this.running.stream()
			.map(RunningServer::server)
			.filter(Server::isBase)
			.map((server) -> server.title)
			.toList();
		String report = Machine.describe(this.options) + this.results.report(bases);
		Files.write(Program.DIRECTORY.resolve("rounds.txt"), this.results.lines());
		Files.writeString(Program.DIRECTORY.resolve("results.svg"), new Chart(this.results).toSvg());
		Files.writeString(Program.DIRECTORY.resolve("results.md"), report);
		System.out.println(report);
	}

}
