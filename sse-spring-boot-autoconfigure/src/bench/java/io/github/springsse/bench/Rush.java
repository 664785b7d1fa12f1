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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;
import org.awaitility.Awaitility;

/**
 * A server that has ordinary requests and crowds of clients at the same time. The clients
 * are in processes of their own, of which each has as many open files as the system
 * allows.
 */
final class Rush implements Closeable {

	/** The path of a stream with an unknown id, which receives an event at once. */
	static final String EVENT_AT_ONCE = "/events?lastEventId=unknown";

	private final String title;

	private final Program server;

	private final Results results;

	private final OrdinaryRequests requests;

	private final List<Program> crowds = new ArrayList<>();

	/** Start processes of clients that request a path. */
	Rush(String title, Program server, int processes, String path, Results results) throws IOException {
		this.title = title;
		this.server = server;
		this.results = results;
		this.requests = new OrdinaryRequests(server.httpPort());
		List<String> command = Launcher.command("Crowd", System.getProperty("java.class.path"));
		command.addAll(List.of(Integer.toString(server.httpPort()), path));
		Path nice = Path.of("/usr/bin/nice");
		if (Files.isExecutable(nice)) {
			// NOTE: ordinary requests are on the same processor, and must not wait
			command.addAll(0, List.of(nice.toString(), "-n", "10"));
		}
		for (int i = 1; i <= processes; i++) {
			this.crowds.add(new Program("crowd-" + i, Machine.CLIENT_PROCESSOR, command));
		}
	}

	/** Measure servers, one after the other, and print the results. */
	static void ofEach(Options options, Task task) throws IOException {
		Machine.pinThisProgram();
		Results results = new Results();
		for (Server server : options.constants(Server.class, "servers")) {
			try {
				task.measure(server, results);
			}
			catch (Launcher.UnavailableException ex) {
				System.err.println("Without " + server.title + ": " + ex.getMessage());
			}
		}
		System.out.println(Machine.describe(options) + results.report(List.of()));
	}

	/** Send a number of ordinary requests one after the other. */
	void sendRequests(int count) throws IOException {
		for (int i = 0; i < count; i++) {
			OrdinaryRequests.send(this.server.httpPort(), "/item", true);
		}
	}

	void come(int clients) throws IOException {
		tell("come " + clients / this.crowds.size());
	}

	void leave() throws IOException {
		tell("leave");
	}

	/** Wait until all have an event, and return a number of their status. */
	double awaitServed(int clients, Metric metric) {
		return Awaitility.await()
			.atMost(Duration.ofMinutes(1))
			.pollInterval(Duration.ofMillis(10))
			.until(this::status, (status) -> status.getOrDefault(Metric.SERVED, 0.0) >= clients)
			.getOrDefault(metric, 0.0);
	}

	/** Measure for some time, with ordinary requests from the first phase on. */
	void phase(String phase, int seconds) throws IOException {
		Measurement measurement = this.results.add(this.title, phase, 1);
		status();
		this.requests.phase(phase);
		long processor = this.server.processorTime().toNanos();
		long start = System.nanoTime();
		LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
		double nanos = System.nanoTime() - start;
		measurement.put(Metric.SERVER_BUSY, (this.server.processorTime().toNanos() - processor) / nanos);
		Map<Metric, Double> status = status();
		double told = status.getOrDefault(Metric.TOLD, 0.0);
		measurement.put(Metric.REFUSALS, told * 1e9 / nanos);
		measurement.put(Metric.DELAY_SECONDS, status.getOrDefault(Metric.TOLD_MILLIS, 0.0) / 1e3 / told);
		status.forEach(measurement::put);
		System.err.println(measurement);
	}

	/** The gauges of all processes: sums, and of a time the greatest. */
	private Map<Metric, Double> status() throws IOException {
		Map<Metric, Double> result = new EnumMap<>(Metric.class);
		for (String answer : tell("status")) {
			for (String gauge : answer.replaceAll("[{} ]", "").split(",")) {
				String[] parts = gauge.split("=");
				if (parts.length == 2) {
					Metric metric = Metric.valueOf(parts[0]);
					result.merge(metric, Double.valueOf(parts[1]),
							(metric == Metric.LAST_SERVED_MILLIS || metric == Metric.SLOWEST_MILLIS) ? Math::max
									: Double::sum);
				}
			}
		}
		return result;
	}

	private List<String> tell(String command) throws IOException {
		List<String> answers = new ArrayList<>();
		this.crowds.forEach((crowd) -> crowd.send(command));
		for (Program crowd : this.crowds) {
			answers.add(crowd.await("done"));
		}
		return answers;
	}

	/** Wait for the answers to all requests, and add their times to the results. */
	@Override
	public void close() {
		this.requests.close();
		this.crowds.forEach(Program::close);
		this.requests.report(this.results, this.title);
	}

	/** Measures one server. */
	interface Task {

		void measure(Server server, Results results) throws IOException;

	}

}
