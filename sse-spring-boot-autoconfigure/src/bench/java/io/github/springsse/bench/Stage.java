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
import java.time.Duration;
import java.util.Arrays;

/**
 * A server and the load client, which {@code src/bench/c/client} describes.
 */
final class Stage {

	static final double MB = 1024 * 1024;

	private final Program server;

	private final Program client;

	private final Options options;

	/**
	 * Have the client use a server.
	 * @param publisher how it publishes
	 */
	Stage(String publisher, Program server, Program client, Options options) throws IOException {
		this.server = server;
		this.client = client;
		this.options = options;
		command("server " + publisher + " " + server.httpPort() + " " + server.controlPort());
	}

	Options options() {
		return this.options;
	}

	/**
	 * Open streams.
	 * @param count the number before it is scaled
	 * @param target the streams, as the load client names them
	 * @return the seconds it took
	 */
	double open(int count, String target) throws IOException {
		return Long.parseLong(command("open " + this.options.scaled(count) + " " + target)) / 1e9;
	}

	/**
	 * Open streams that are never read, and fill their sockets.
	 */
	void openSilent(int count, int events, int size) throws IOException {
		command("silent " + this.options.scaled(count));
		command("fill " + events + " " + size);
	}

	/**
	 * Open further streams, which receive nothing.
	 */
	void crowd(int count) throws IOException {
		command("crowd " + this.options.scaled(count));
	}

	/**
	 * Close the further streams.
	 */
	void disperse() throws IOException {
		command("disperse");
	}

	/**
	 * Publish events, and measure their deliveries.
	 */
	Outcome run(Plan plan, Measurement measurement) throws IOException {
		ask("publishing");
		Outcome outcome = measure("run " + plan.toLine(), measurement);
		double publishing = ask("publishing");
		measurement.put(Metric.PUBLISHING_MICROS, publishing / 1e3);
		return outcome;
	}

	/**
	 * Publish events that no stream receives.
	 */
	void miss(int events, String target) throws IOException {
		command("miss " + events + " " + target);
	}

	/**
	 * Open streams that have missed these events, and measure their deliveries.
	 */
	Outcome resume(int count, Measurement measurement) throws IOException {
		return measure("resume " + this.options.scaled(count), measurement);
	}

	/**
	 * Open further streams that have missed these events. The next {@link #run} reads
	 * them as well, and measures the other streams.
	 */
	void resumeBeside(int count) throws IOException {
		command("resume-beside " + this.options.scaled(count));
	}

	private Outcome measure(String command, Measurement measurement) throws IOException {
		long start = System.nanoTime();
		Duration all = Machine.processorTime();
		Duration ofServer = this.server.processorTime();
		Duration ofClient = this.client.processorTime();
		Outcome outcome = Outcome.parse(command(command));
		if (outcome.stalled()) {
			throw new Program.StalledException();
		}
		ofServer = this.server.processorTime().minus(ofServer);
		ofClient = this.client.processorTime().minus(ofClient);
		Duration ofOthers = Machine.processorTime().minus(all).minus(ofServer).minus(ofClient);
		measurement.put(Metric.SERVER_MICROS, ofServer.toNanos() / 1e3 / outcome.deliveries());
		measurement.put(Metric.CLIENT, (double) outcome.busyNanos() / outcome.nanos());
		measurement.put(Metric.OTHERS, Math.max(0.0, ofOthers.toNanos()) / (System.nanoTime() - start));
		return outcome;
	}

	/**
	 * Close all streams.
	 * @throws LingeringException if the server keeps them
	 */
	void leave() throws IOException {
		try {
			command("leave");
		}
		catch (IOException ex) {
			throw new LingeringException(ex);
		}
	}

	/** Bytes of live heap, or NaN. */
	double heap() throws IOException {
		return ask("heap");
	}

	/** Bytes that waiting events may take by the settings, or NaN. */
	double bound() throws IOException {
		return ask("bound");
	}

	/** Bytes of memory that the server has, or NaN. */
	double residentMemory() throws IOException {
		return this.server.residentMemory();
	}

	/**
	 * Ask the server.
	 * @return its answer, or NaN if it has none
	 */
	private double ask(String question) throws IOException {
		long answer = Long.parseLong(command("ask " + question));
		return (answer >= 0) ? answer : Double.NaN;
	}

	private String command(String command) throws IOException {
		this.client.send(command);
		return this.client.await("ok");
	}

	/**
	 * The answer of the load client to a plan.
	 *
	 * @param stalled whether streams waited for events in vain
	 * @param deliveries the number of deliveries
	 * @param nanos time from the first event to the last delivery
	 * @param busyNanos time in which the client had something to read
	 * @param medianNanos median of the latencies
	 * @param p99Nanos 99th percentile of the latencies
	 * @param maxNanos greatest latency
	 */
	record Outcome(boolean stalled, long deliveries, long nanos, long busyNanos, long medianNanos, long p99Nanos,
			long maxNanos) {

		private static Outcome parse(String line) {
			long[] numbers = Arrays.stream(line.split(" ")).mapToLong(Long::parseLong).toArray();
			return new Outcome(numbers[0] != 0, numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]);
		}

		/** Thousand deliveries a second. */
		double rate() {
			return 1e6 * this.deliveries / this.nanos;
		}

	}

	/**
	 * A server does not notice that its clients have left.
	 */
	static class LingeringException extends IOException {

		private static final long serialVersionUID = 1L;

		LingeringException(IOException cause) {
			super(cause.getMessage(), cause);
		}

	}

}
