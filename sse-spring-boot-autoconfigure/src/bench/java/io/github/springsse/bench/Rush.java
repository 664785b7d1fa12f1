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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;

/**
 * A server that has ordinary requests and crowds of clients at the same time. The clients
 * are in processes of their own, of which each has as many open files as the system
 * allows.
 */
final class Rush implements Closeable {

	private static final long POLL = TimeUnit.MILLISECONDS.toNanos(10);

	private final String title;

	private final Program server;

	private final Results results;

	private final OrdinaryRequests requests;

	private final List<Program> crowds = new ArrayList<>();

	/** When the phases began and ended. */
	private final Map<String, long[]> phases = new LinkedHashMap<>();

	/**
	 * Start the processes of the clients.
	 * @param title the title of the server
	 * @param path what the clients request
	 * @param mode {@code once} or {@code stay}
	 */
	Rush(String title, Program server, int processes, String path, String mode, Results results) throws IOException {
		this.title = title;
		this.server = server;
		this.results = results;
		this.requests = new OrdinaryRequests(server.httpPort());
		for (int i = 1; i <= processes; i++) {
			this.crowds.add(Program.crowd("crowd-" + i, server.httpPort(), path, mode));
		}
	}

	OrdinaryRequests requests() {
		return this.requests;
	}

	void come(int clients) throws IOException {
		tell("come " + clients / this.crowds.size());
	}

	void leave() throws IOException {
		tell("leave");
	}

	/**
	 * Wait until clients have received an event.
	 * @return the milliseconds from {@link #come} to the last of them
	 */
	double awaitServed(int clients, int seconds) throws IOException {
		long start = System.nanoTime();
		Map<Metric, Double> now = status();
		while (now.getOrDefault(Metric.SERVED, 0.0) < clients) {
			if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(seconds)) {
				throw new IOException("Not all clients have received an event: " + now);
			}
			LockSupport.parkNanos(POLL);
			now = status();
		}
		return now.getOrDefault(Metric.LAST_SERVED_MILLIS, 0.0);
	}

	/** Measure for some time. */
	void phase(String phase, int seconds) throws IOException {
		Measurement measurement = this.results.add(this.title, phase, 1);
		Map<Metric, Double> before = status();
		long processor = this.server.processorTime().toNanos();
		long start = System.nanoTime();
		LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
		long end = System.nanoTime();
		double busy = this.server.processorTime().toNanos() - processor;
		Map<Metric, Double> now = status();
		double told = difference(before, now, Metric.TOLD);
		double toldSeconds = difference(before, now, Metric.TOLD_MILLIS) / 1e3;
		now.remove(Metric.TOLD_MILLIS);
		now.forEach(measurement::put);
		measurement.put(Metric.REFUSALS, told * 1e9 / (end - start));
		measurement.put(Metric.DELAY_SECONDS, toldSeconds / told);
		measurement.put(Metric.SERVER_BUSY, busy / (end - start));
		System.err.println(measurement);
		this.phases.put(phase, new long[] { start, end });
	}

	private static double difference(Map<Metric, Double> before, Map<Metric, Double> now, Metric metric) {
		return now.getOrDefault(metric, 0.0) - before.getOrDefault(metric, 0.0);
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
							(metric == Metric.LAST_SERVED_MILLIS) ? Math::max : Double::sum);
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
		this.phases
			.forEach((phase, times) -> this.requests.report(this.results, this.title, phase, times[0], times[1]));
	}

}
