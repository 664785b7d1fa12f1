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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.bench.Streams.Outcome;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;
import org.jspecify.annotations.Nullable;

/**
 * The process of a server, and the streams that this program has with it.
 */
final class Stage implements Closeable {

	private static final int SMALL = 100;

	private final Server server;

	private final Program program;

	private final Publisher publisher;

	/** Factor for the number of streams. */
	private final double scale;

	private Streams streams;

	/** Further streams, whose events are not measured. */
	private @Nullable Streams others;

	private final List<RawStreamClient> silent = new ArrayList<>();

	private long firstMissed;

	/** The header with the id before the missed events. */
	private String lastId = "";

	Stage(Server server, List<String> command, double scale) throws IOException {
		this.server = server;
		this.program = Program.server(server.id(), command);
		this.publisher = new Publisher(this.program.controlPort(), server.isNchan());
		this.scale = scale;
		this.streams = streams(Target.EVENTS, 0);
	}

	int port() {
		return this.program.httpPort();
	}

	int scaled(int count) {
		return Math.max(1, (int) (this.scale * count));
	}

	private Streams streams(Target target, int count) throws IOException {
		return new Streams(port(), target, count, this.server.isCompressed());
	}

	private Streams replaced(Target target, int count) throws IOException {
		this.streams.close();
		this.streams = streams(target, count);
		return this.streams;
	}

	/** Open a number of streams, which is scaled. */
	void open(int count, Target target) throws IOException {
		open(replaced(target, scaled(count)), scaled(count));
	}

	private void open(Streams opened, int count) throws IOException {
		long beside = this.publisher.streams();
		for (int i = 1; i <= count; i++) {
			opened.open(this.publisher.next());
			if (i % 32 == 0 || i == count) {
				// NOTE: the server may learn of some streams later
				this.publisher.awaitStreams(beside + i - ((i < count) ? 256 : 0), opened::read);
			}
		}
	}

	/** Open streams that are never read, and publish events. A server may close some. */
	void openSilent(int count, int events, int size) throws IOException {
		for (int i = 0; i < count; i++) {
			String request = RawStreamClient.get("/events");
			this.silent.add((this.server == Server.TLS)
					? RawStreamClient.send(SelfSignedCertificate.get().connect(port(), 0), request)
					: RawStreamClient.send(port(), 4096, request));
			this.publisher.awaitStreams(this.silent.size() - 32, this.streams::read);
		}
		this.publisher.awaitStreams(this.silent.size(), this.streams::read);
		for (int i = 0; i < events; i++) {
			this.publisher.publish(Target.EVENTS, 1, 0, size);
			LockSupport.parkNanos(1_000_000);
		}
		this.publisher.streams();
		LockSupport.parkNanos(200_000_000);
	}

	/** Open further streams, which receive nothing, and close them. */
	void crowd(int count) throws IOException {
		try (Streams crowd = streams(Target.EVENTS, scaled(count))) {
			open(crowd, scaled(count));
		}
	}

	/** Publish events, and wait for their deliveries. */
	Outcome run(Plan plan) throws IOException {
		// NOTE: beside streams that are never read, a stall is a result and not a fault
		return this.streams.run(plan, this.publisher, this.others, this.silent.isEmpty() ? 10 : 3);
	}

	/** Publish events, and measure their deliveries. */
	Outcome run(Plan plan, Measurement measurement) throws IOException {
		ask("publishing");
		Outcome outcome = measure(() -> run(plan), measurement);
		measurement.put(Metric.PUBLISHING_MICROS, ask("publishing") / 1e3);
		if (plan.isSteady()) {
			measurement.put(Metric.MEDIAN_MILLIS, outcome.millis(50));
			measurement.put(Metric.P99_MILLIS, outcome.millis(99));
		}
		else {
			measurement.put(Metric.RATE, outcome.rate());
		}
		return outcome;
	}

	/** Publish events that no stream receives, after one whose id is kept. */
	void miss(int events, Target target) throws IOException {
		try (RawStreamClient client = RawStreamClient.open(port(), target.path(0, 1))) {
			this.publisher.awaitStreams(1, this.streams::read);
			this.publisher.publish(target, 1, 0, SMALL);
			for (String line = ""; !line.startsWith("data:"); line = client.readLine()) {
				this.lastId = line.startsWith("id:") ? "Last-Event-ID" + line.substring(2) : this.lastId;
			}
		}
		replaced(target, 0);
		this.firstMissed = this.publisher.next();
		for (int left = events; left > 0; left -= 1000) {
			this.publisher.publish(target, Math.min(left, 1000), 0, SMALL);
		}
		this.publisher.streams();
	}

	/** Open streams that have missed these events, and measure their deliveries. */
	void resume(int count, Measurement measurement) throws IOException {
		Streams resumed = replaced(this.streams.target(), scaled(count));
		int missed = (int) (this.publisher.next() - this.firstMissed);
		Outcome outcome = measure(() -> resumed.resume(this.firstMissed, missed, this.lastId), measurement);
		measurement.put(Metric.RATE, outcome.rate());
	}

	/** Open streams that have missed these events, and one that receives the next. */
	void resumeBesideOne(int count) throws IOException {
		Streams resumed = streams(this.streams.target(), scaled(count));
		open(1, Target.EVENTS);
		this.others = resumed;
		for (int i = 0; i < scaled(count); i++) {
			resumed.open(this.firstMissed, this.lastId);
		}
	}

	/** Measure deliveries and the processor time of the server. */
	Outcome measure(Playable playable, Measurement measurement) throws IOException {
		long start = System.nanoTime();
		Duration all = Machine.processorTime();
		Duration ofServer = this.program.processorTime();
		Duration ofThis = Machine.processorTimeOfThisProgram();
		Outcome outcome = playable.play();
		ofServer = this.program.processorTime().minus(ofServer);
		ofThis = Machine.processorTimeOfThisProgram().minus(ofThis);
		Duration ofOthers = Machine.processorTime().minus(all).minus(ofServer).minus(ofThis);
		measurement.put(Metric.SERVER_MICROS, ofServer.toNanos() / 1e3 / outcome.deliveries());
		measurement.put(Metric.WIRE_BYTES, (double) outcome.bytes() / outcome.deliveries());
		measurement.put(Metric.CLIENT, (double) outcome.busyNanos() / outcome.nanos());
		measurement.put(Metric.OTHERS, Math.max(0.0, ofOthers.toNanos()) / (System.nanoTime() - start));
		return outcome;
	}

	/** Close all streams, and wait until the server knows, maybe when it writes. */
	void leave() throws IOException {
		Target target = this.streams.target();
		// NOTE: an event for each stream, whatever the next topic is
		int events = (target.receivers(2) > 1) ? 1 : 2 * this.streams.size();
		closeStreams();
		this.others = null;
		this.streams = streams(target, 0);
		this.silent.forEach(RawStreamClient::close);
		this.silent.clear();
		this.publisher.awaitNoStreams(() -> this.publisher.publish(target, events, 0, SMALL));
	}

	/** Megabytes of live heap, or NaN. */
	double heap() throws IOException {
		return ask("heap") / (1024 * 1024);
	}

	/**
	 * Open the first streams, and return the live heap. They stay open, since Tomcat
	 * keeps the buffers of connections that are closed, and others would use them.
	 */
	double idleHeapOfFirst() throws IOException {
		openSilent(300, 5, SMALL);
		return idleHeap();
	}

	/** Megabytes of live heap, or NaN, when the server has nothing to do. */
	double idleHeap() throws IOException {
		this.program.awaitIdle();
		return heap();
	}

	private double ask(String question) throws IOException {
		long answer = this.publisher.ask(question);
		return (answer >= 0) ? answer : Double.NaN;
	}

	private void closeStreams() throws IOException {
		if (this.others != null) {
			this.others.close();
		}
		this.streams.close();
	}

	@Override
	public void close() throws IOException {
		closeStreams();
		this.publisher.close();
		this.program.close();
		// NOTE: a socket of TLS waits for the answer of the server when it is closed
		this.silent.forEach(RawStreamClient::close);
	}

	/** Something that delivers events. */
	interface Playable {

		Outcome play() throws IOException;

	}

}
