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
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.bench.Results.Measurement;
import io.github.springsse.bench.Streams.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * A server, and the streams that this program has with it.
 */
final class Stage implements Closeable {

	/** Streams that are opened before the server is asked how many it has. */
	private static final int OPENED_AT_ONCE = 32;

	/** Streams that may be open without the knowledge of the server. */
	private static final int UNKNOWN = 256;

	private static final int SMALL = 100;

	private final Program server;

	private final Publisher publisher;

	/** Factor for the number of streams. */
	private final double scale;

	private final boolean compressed;

	private Streams streams;

	/** Further streams, whose events are not measured. */
	private @Nullable Streams others;

	/** Streams of the server that are open beside those that are opened next. */
	private int alreadyOpen;

	/** The number of the next event. */
	private long next;

	private long firstMissed;

	/** The id before the missed events. */
	private String lastId = "";

	Stage(Program program, Server server, double scale) throws IOException {
		this.server = program;
		this.publisher = new Publisher(program.controlPort(), server.isNchan());
		this.scale = scale;
		this.compressed = server.isCompressed();
		this.streams = streams(Target.EVENTS, 0);
	}

	/** The port of the server for requests. */
	int port() {
		return this.server.httpPort();
	}

	/** A number of streams. */
	int scaled(int count) {
		return Math.max(1, (int) (this.scale * count));
	}

	private Streams streams(Target target, int count) throws IOException {
		return new Streams(this.server.httpPort(), target, count, this.compressed);
	}

	private Streams replaced(Target target, int count) throws IOException {
		this.streams.close();
		this.streams = streams(target, count);
		return this.streams;
	}

	/**
	 * Open streams.
	 * @param count the number before it is scaled
	 */
	void open(int count, Target target) throws IOException {
		open(replaced(target, scaled(count)), scaled(count), this.alreadyOpen);
	}

	private void open(Streams opened, int count, int beside) throws IOException {
		for (int i = 1; i <= count; i++) {
			opened.open(this.next, "");
			if (i % OPENED_AT_ONCE == 0 || i == count) {
				this.publisher.awaitStreams(beside + i - ((i < count) ? UNKNOWN : 0), opened::read);
			}
		}
	}

	/**
	 * Open streams, beside others that are never read and whose sockets are full. A
	 * server may close the latter.
	 * @param size bytes of the events that fill the sockets
	 */
	void openBesideSilent(int count, int silent, int events, int size) throws IOException {
		Streams opened = replaced(Target.EVENTS, scaled(count));
		for (int i = 1; i <= scaled(silent); i++) {
			opened.openSilent();
			if (i % OPENED_AT_ONCE == 0 || i == scaled(silent)) {
				this.publisher.awaitStreams(i, Publisher.Work.NONE);
			}
		}
		for (int i = 0; i < events; i++) {
			publish(1, size, Target.EVENTS);
			LockSupport.parkNanos(1_000_000);
		}
		this.publisher.streams();
		LockSupport.parkNanos(200_000_000);
		open(opened, scaled(count), (int) this.publisher.streams());
	}

	/** Open streams that receive some events and stay open beside those opened next. */
	void openFirst(int count, Plan events) throws IOException {
		open(replaced(Target.EVENTS, count), count, 0);
		run(events);
		this.others = this.streams;
		this.alreadyOpen = count;
		this.streams = streams(Target.EVENTS, 0);
	}

	/** Open further streams, which receive nothing, and close them. */
	void crowd(int count) throws IOException {
		try (Streams crowd = streams(Target.EVENTS, scaled(count))) {
			open(crowd, scaled(count), this.streams.size());
		}
	}

	private void publish(int count, int size, Target target) throws IOException {
		this.publisher.publish(target, this.next, count, System.nanoTime(), size);
		this.next += count;
	}

	/** Publish events, and wait for their deliveries. */
	Outcome run(Plan plan) throws IOException {
		Outcome outcome = this.streams.run(plan, this.publisher, this.next, this.others);
		this.next = this.publisher.next();
		return outcome;
	}

	/** Publish events, and measure their deliveries. */
	Outcome run(Plan plan, Measurement measurement) throws IOException {
		ask("publishing");
		Outcome outcome = measure(() -> run(plan), measurement);
		measurement.put(Metric.PUBLISHING_MICROS, ask("publishing") / 1e3);
		return outcome;
	}

	/**
	 * Publish events that no stream receives, after one event that the streams which will
	 * resume have received.
	 */
	void miss(int events, Target target) throws IOException {
		Streams.Stream stream = replaced(target, 1).open(this.next, "");
		this.publisher.awaitStreams(1, this.streams::read);
		run(Plan.unlimited(1, 1, SMALL).until(Long.MAX_VALUE, 1));
		this.lastId = stream.lastId();
		replaced(target, 0);
		this.firstMissed = this.next;
		for (int left = events; left > 0; left -= 1000) {
			publish(Math.min(left, 1000), SMALL, target);
		}
		this.publisher.streams();
	}

	/** Open streams that have missed these events, and measure their deliveries. */
	Outcome resume(int count, Measurement measurement) throws IOException {
		Streams resumed = replaced(this.streams.target(), scaled(count));
		int missed = (int) (this.next - this.firstMissed);
		return measure(() -> resumed.resume(this.firstMissed, missed, this.lastId), measurement);
	}

	/**
	 * Open streams that have missed these events, and one that receives the next events.
	 */
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
		Duration ofServer = this.server.processorTime();
		Duration ofThis = Machine.processorTimeOfThisProgram();
		Outcome outcome = playable.play();
		ofServer = this.server.processorTime().minus(ofServer);
		ofThis = Machine.processorTimeOfThisProgram().minus(ofThis);
		Duration ofOthers = Machine.processorTime().minus(all).minus(ofServer).minus(ofThis);
		measurement.put(Metric.SERVER_MICROS, ofServer.toNanos() / 1e3 / outcome.deliveries());
		measurement.put(Metric.WIRE_BYTES, (double) outcome.bytes() / outcome.deliveries());
		measurement.put(Metric.CLIENT, (double) outcome.busyNanos() / outcome.nanos());
		measurement.put(Metric.OTHERS, Math.max(0.0, ofOthers.toNanos()) / (System.nanoTime() - start));
		return outcome;
	}

	/**
	 * Close all streams, and wait until the server knows. Some servers notice that a
	 * client has left when they write to it.
	 * @throws LingeringException if the server keeps them
	 */
	void leave() throws IOException {
		Target target = this.streams.target();
		int events = (target.receivers(2) > 1) ? 1 : this.streams.size();
		if (this.others != null) {
			this.others.close();
			this.others = null;
		}
		this.alreadyOpen = 0;
		replaced(target, 0);
		try {
			this.publisher.awaitNoStreams(() -> {
				// NOTE: an event for each stream
				this.next += target.topics() - this.next % target.topics();
				publish(events, SMALL, target);
			});
		}
		catch (IOException ex) {
			throw new LingeringException(ex);
		}
	}

	/** Megabytes of live heap, or NaN. */
	double heap() throws IOException {
		return ask("heap") / (1024 * 1024);
	}

	/** Megabytes of live heap, or NaN, when the server has nothing to do. */
	double idleHeap() throws IOException {
		this.server.awaitIdle();
		return heap();
	}

	private double ask(String question) throws IOException {
		long answer = this.publisher.ask(question);
		return (answer >= 0) ? answer : Double.NaN;
	}

	@Override
	public void close() throws IOException {
		if (this.others != null) {
			this.others.close();
		}
		this.streams.close();
		this.publisher.close();
	}

	/** Something that delivers events. */
	interface Playable {

		Outcome play() throws IOException;

	}

	/** A server does not notice that its clients have left. */
	static class LingeringException extends IOException {

		private static final long serialVersionUID = 1L;

		LingeringException(IOException cause) {
			super(cause.getMessage(), cause);
		}

	}

}
