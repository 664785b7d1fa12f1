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
import java.util.OptionalDouble;

import io.github.springsse.bench.client.Outcome;
import io.github.springsse.bench.client.Plan;

/**
 * A server and the client.
 */
final class Stage {

	private static final double THOUSAND = 1e3;

	private static final double BILLION = 1e9;

	static final double MB = 1024 * 1024;

	private final Server server;

	private final Program program;

	private final Program client;

	private final Options options;

	Stage(Server server, Program program, String ports, Program client, Options options) throws IOException {
		this.server = server;
		this.program = program;
		this.client = client;
		this.options = options;
		command("server " + server.publisher() + " " + ports);
	}

	Options options() {
		return this.options;
	}

	/**
	 * Open streams.
	 * @param count how many, before it is scaled
	 * @param target what they are
	 * @return the seconds it took
	 */
	double open(int count, String target) throws IOException {
		return Long.parseLong(command("open " + this.options.scaled(count) + " " + target)) / BILLION;
	}

	/**
	 * Open streams that are never read, and fill them.
	 */
	void openSilent(int count, int events, int size) throws IOException {
		command("silent " + this.options.scaled(count));
		command("fill " + events + " " + size);
	}

	void gather(int count) throws IOException {
		command("crowd " + this.options.scaled(count));
	}

	void disperse() throws IOException {
		command("disperse");
	}

	/**
	 * Publish, and find out what that costs.
	 */
	Outcome run(Plan plan, Figures figures) throws IOException {
		ask("publishing");
		ask("publishing-processor");
		ProcessorUse before = ProcessorUse.now(this.program, this.client);
		Outcome outcome = Outcome.fromLine(command("run " + plan.toLine()));
		conditions(outcome, before, figures);
		if (this.server.features().contains(Feature.PUBLISHING_TIME)) {
			figures.put(Metric.PUBLISHING_MICROS, ask("publishing") / THOUSAND);
			figures.put(Metric.PUBLISHING_PROCESSOR_MICROS, ask("publishing-processor") / THOUSAND);
		}
		return outcome;
	}

	/**
	 * Open streams that have missed events.
	 */
	Outcome resume(int count, int missed, Figures figures) throws IOException {
		ProcessorUse before = ProcessorUse.now(this.program, this.client);
		Outcome outcome = Outcome.fromLine(command("resume " + this.options.scaled(count) + " " + missed));
		conditions(outcome, before, figures);
		return outcome;
	}

	private void conditions(Outcome outcome, ProcessorUse before, Figures figures) throws IOException {
		if (outcome.stalled()) {
			throw new StalledException();
		}
		ProcessorUse after = ProcessorUse.now(this.program, this.client);
		figures.put(Metric.SERVER_MICROS, 1e6 * after.serverSince(before) / outcome.deliveries());
		figures.put(Metric.CLIENT, (double) outcome.busyNanos() / outcome.nanos());
		figures.put(Metric.OTHERS, after.othersSince(before));
	}

	void turnOver(int count) throws IOException {
		command("turnover " + count);
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

	/** Bytes of live heap, if the server knows. */
	OptionalDouble heap() throws IOException {
		return this.server.features().contains(Feature.HEAP) ? OptionalDouble.of(ask("heap")) : OptionalDouble.empty();
	}

	/** MB that waiting events may take, if the server knows. */
	OptionalDouble bound() throws IOException {
		return this.server.features().contains(Feature.BOUND) ? OptionalDouble.of(ask("bound") / MB)
				: OptionalDouble.empty();
	}

	/** Bytes of memory that the server has. */
	OptionalDouble residentMemory() throws IOException {
		return this.program.residentMemory();
	}

	private long ask(String question) throws IOException {
		return Long.parseLong(command("ask " + question));
	}

	private String command(String command) throws IOException {
		this.client.send(command);
		return this.client.await("ok");
	}

}
