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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

import io.github.springsse.testsupport.RawStreamClient;
import org.jspecify.annotations.Nullable;

/**
 * Streams of a server. Each event must be the next one of its stream.
 */
final class Streams implements Closeable {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final long PATIENCE = 10 * SECOND;

	/** Beside streams that are never read, where a stall is a result and not a fault. */
	private static final long LITTLE_PATIENCE = 3 * SECOND;

	/** Nanoseconds between two polls: a poll costs as much as a few reads. */
	private static final long PAUSE = 20_000;

	private static final int MOST_IN_FLIGHT = 1 << 14;

	/** The number of resumed streams that may wait for an answer. */
	private static final int UNANSWERED = 512;

	private static final byte[] ID = Lines.prefix("id: ");

	private static final byte[] DATA = Lines.prefix("data:");

	private static final int SMALLEST_BUFFER = 4096;

	private final int port;

	private final Connections connections;

	private final Target target;

	/** The number of streams that are read, when all are open. */
	private final int count;

	/** Whether streams must be compressed. */
	private final boolean compressed;

	private final List<Stream> all = new ArrayList<>();

	private final List<RawStreamClient> silent = new ArrayList<>();

	/** The events, if they are not ticks. They go on in the next run. */
	private @Nullable LibraryEvents library;

	private long events;

	/** For each event in flight, the number of streams that have not received it. */
	private final int[] missing = new int[MOST_IN_FLIGHT];

	private int inFlight;

	private boolean timed;

	private long[] latencies = new long[1 << 12];

	private int latencyCount;

	private long lastPoll;

	/** Nanoseconds in which there was nothing to read. */
	private long idleNanos;

	Streams(int port, Target target, int count, boolean compressed) throws IOException {
		this.port = port;
		this.connections = new Connections(port);
		this.target = target;
		this.count = count;
		this.compressed = compressed;
	}

	/**
	 * Open a stream that receives events from a number on.
	 * @param lastId the id of the last event that the client has, may be empty
	 */
	Stream open(long next, String lastId) throws IOException {
		Stream stream = new Stream(this.all.size(), next);
		String path = this.target.path(stream.index, this.count);
		if (this.compressed) {
			this.connections.open(path, new Gunzip(stream), Gunzip.HEADER);
		}
		else if (!lastId.isEmpty()) {
			this.connections.open(path, stream, "Last-Event-ID: " + lastId);
		}
		else {
			this.connections.open(path, stream);
		}
		this.all.add(stream);
		return stream;
	}

	/** Open a stream that is never read. */
	void openSilent() throws IOException {
		this.silent.add(RawStreamClient.send(this.port, SMALLEST_BUFFER, RawStreamClient.get("/events")));
	}

	/**
	 * Read all streams, not too soon after the last time.
	 * @return whether there was anything to read
	 */
	boolean read() throws IOException {
		long start = System.nanoTime();
		long at = start;
		while (at - this.lastPoll < PAUSE) {
			at = System.nanoTime();
		}
		this.lastPoll = at;
		boolean read = this.connections.poll(0);
		this.idleNanos += (read ? at : System.nanoTime()) - start;
		return read;
	}

	/**
	 * Publish by a plan, and read until everything is delivered.
	 * @param first the number of the first event
	 * @param others other streams to read, one at a time, because the events of the plan
	 * are timed
	 * @throws Publisher.StalledException if streams wait for events in vain
	 */
	Outcome run(Plan plan, Publisher publisher, long first, @Nullable Streams others) throws IOException {
		if (plan.kind() != null && (this.library == null || this.library.kind() != plan.kind())) {
			this.library = new LibraryEvents(plan.kind());
		}
		this.timed = plan.isSteady();
		this.latencyCount = 0;
		long idle = this.idleNanos;
		long bytes = this.connections.received();
		long before = this.events;
		long next = first;
		long start = System.nanoTime();
		long lastDelivery = start;
		boolean over = false;
		while (!over || this.inFlight > 0) {
			long at = System.nanoTime();
			over = over || at - start >= TimeUnit.MILLISECONDS.toNanos(plan.millis())
					|| this.events - before >= plan.deliveries();
			long due = (plan.rate() > 0) ? start + (next - first) * SECOND / plan.rate() : at;
			int most = Math.min(plan.window(), MOST_IN_FLIGHT - 1);
			if (!over && at - due >= 0 && this.inFlight + plan.burst() <= most) {
				for (int i = 0; i < plan.burst(); i++) {
					this.missing[(int) ((next + i) % MOST_IN_FLIGHT)] = this.target.receivers(this.count);
				}
				if (plan.kind() != null && this.library != null) {
					publisher.publish(next, this.library.next(next));
				}
				else {
					publisher.publish(this.target, next, plan.burst(), due, plan.size());
				}
				next += plan.burst();
				this.inFlight += plan.burst();
			}
			if (read()) {
				lastDelivery = System.nanoTime();
			}
			else if (this.inFlight > 0 && at - lastDelivery > ((!this.silent.isEmpty()) ? LITTLE_PATIENCE : PATIENCE)) {
				throw new Publisher.StalledException();
			}
			if (others != null) {
				others.connections.pollOne();
			}
		}
		long[] sorted = Arrays.copyOf(this.latencies, this.latencyCount);
		Arrays.sort(sorted);
		return new Outcome(this.events - before, lastDelivery - start,
				System.nanoTime() - start - (this.idleNanos - idle), this.connections.received() - bytes, sorted);
	}

	/**
	 * Open all streams, each of which has missed the same events, and read these.
	 * @param first the number of the first missed event
	 */
	Outcome resume(long first, int missed, String lastId) throws IOException {
		Queue<Stream> waiting = new ArrayDeque<>();
		long start = System.nanoTime();
		long lastDelivery = start;
		while (this.events < (long) missed * this.count) {
			waiting.removeIf((stream) -> stream.started);
			while (this.all.size() < this.count && waiting.size() < UNANSWERED) {
				waiting.add(open(first, lastId));
			}
			if (read()) {
				lastDelivery = System.nanoTime();
			}
			else if (System.nanoTime() - lastDelivery > PATIENCE) {
				throw new Publisher.StalledException();
			}
		}
		return new Outcome(this.events, lastDelivery - start, System.nanoTime() - start - this.idleNanos,
				this.connections.received(), new long[0]);
	}

	private void onEvent(long number, long sent) {
		this.events++;
		if (this.timed) {
			if (this.latencyCount == this.latencies.length) {
				this.latencies = Arrays.copyOf(this.latencies, 2 * this.latencyCount);
			}
			this.latencies[this.latencyCount++] = System.nanoTime() - sent;
		}
		if (--this.missing[(int) (number % MOST_IN_FLIGHT)] == 0) {
			this.inFlight--;
		}
	}

	Target target() {
		return this.target;
	}

	/** The number of streams that are open and read. */
	int size() {
		return this.all.size();
	}

	@Override
	public void close() throws IOException {
		this.connections.close();
		this.silent.forEach(RawStreamClient::close);
	}

	/**
	 * What was measured while events were delivered.
	 *
	 * @param deliveries the number of deliveries
	 * @param nanos time from the first event to the last delivery
	 * @param busyNanos time in which there was something to read
	 * @param bytes the bytes on the wire
	 * @param latencies the latencies in ascending order, if events had a steady rate
	 */
	record Outcome(long deliveries, long nanos, long busyNanos, long bytes, long[] latencies) {

		/** Thousand deliveries a second. */
		double rate() {
			return 1e6 * this.deliveries / this.nanos;
		}

		/** A percentile of the latencies in milliseconds. */
		double millis(int percent) {
			int index = (percent * this.latencies.length + 99) / 100 - 1;
			return (index >= 0) ? this.latencies[index] / 1e6 : Double.NaN;
		}

	}

	/** A stream. */
	final class Stream extends Lines {

		private final int index;

		private long next;

		private boolean started;

		private String lastId = "";

		private int position;

		private Stream(int index, long next) {
			this.index = index;
			this.next = Streams.this.target.next(index, Streams.this.count, next);
		}

		@Override
		public void receive(byte[] bytes, int length) throws IOException {
			this.started = true;
			super.receive(bytes, length);
		}

		@Override
		protected void line(byte[] bytes, int from, int to) throws IOException {
			if (startsWith(DATA, bytes, from, to)) {
				this.position = from;
				long number = nextNumber(bytes, to);
				if (number != this.next) {
					throw new IOException("A stream received event " + number + " instead of " + this.next);
				}
				this.next = Streams.this.target.next(this.index, Streams.this.count, number + 1);
				onEvent(number, Streams.this.timed ? nextNumber(bytes, to) : 0);
			}
			else if (Streams.this.count == 1 && startsWith(ID, bytes, from, to)) {
				this.lastId = after(ID, bytes, from, to);
			}
		}

		private long nextNumber(byte[] bytes, int to) {
			while (this.position < to && !isDigit(bytes[this.position])) {
				this.position++;
			}
			long number = 0;
			while (this.position < to && isDigit(bytes[this.position])) {
				number = 10 * number + bytes[this.position++] - '0';
			}
			return number;
		}

		private static boolean isDigit(byte b) {
			return b >= '0' && b <= '9';
		}

		/** The last id, if this is the only stream. */
		String lastId() {
			return this.lastId;
		}

	}

}
