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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.jspecify.annotations.Nullable;

/**
 * Streams of a server. Each event must be the next one of its stream.
 */
final class Streams implements Closeable {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	/** Nanoseconds between two polls: a poll costs as much as a few reads. */
	private static final long PAUSE = 20_000;

	private static final int MOST_IN_FLIGHT = 1 << 14;

	private static final byte[] DATA = Lines.prefix("data:");

	private final Connections connections;

	private final Target target;

	/** The number of streams, when all are open. */
	private final int count;

	private final boolean compressed;

	private int size;

	/** The number of streams that have received something. */
	private int answered;

	/** The events, if they are not ticks. They go on in the next run. */
	private @Nullable LibraryEvents library;

	private long events;

	/** For each event in flight, the number of streams that have not received it. */
	private final int[] missing = new int[MOST_IN_FLIGHT];

	private int inFlight;

	private boolean timed;

	private LongStream.Builder latencies = LongStream.builder();

	private long lastPoll;

	/** Nanoseconds in which there was nothing to read. */
	private long idleNanos;

	Streams(int port, Target target, int count, boolean compressed) throws IOException {
		this.connections = new Connections(port);
		this.target = target;
		this.count = count;
		this.compressed = compressed;
	}

	/** Open a stream that receives events from a number on. */
	void open(long next, String... headers) throws IOException {
		Stream stream = new Stream(this.size++, next);
		List<String> all = new ArrayList<>(List.of(headers));
		if (this.compressed) {
			all.add(Connections.Gunzip.HEADER);
		}
		this.connections.open(this.target.path(stream.index, this.count),
				this.compressed ? new Connections.Gunzip(stream) : stream, all.toArray(String[]::new));
	}

	/** Read all streams, not too soon after the last time, and return whether it read. */
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
	 * @param others other streams to read, one at a time, because events are timed
	 * @param patience seconds that may pass without a delivery
	 */
	Outcome run(Plan plan, Publisher publisher, @Nullable Streams others, int patience) throws IOException {
		this.timed = plan.isSteady();
		this.latencies = LongStream.builder();
		int most = Math.min(plan.window(), MOST_IN_FLIGHT - 1);
		long first = publisher.next();
		long idle = this.idleNanos;
		long bytes = this.connections.received();
		long before = this.events;
		long start = System.nanoTime();
		long lastDelivery = start;
		boolean over = false;
		while (!over || this.inFlight > 0) {
			long at = System.nanoTime();
			over = over || at - start >= TimeUnit.MILLISECONDS.toNanos(plan.millis())
					|| this.events - before >= plan.deliveries();
			long due = (plan.rate() > 0) ? start + (publisher.next() - first) * SECOND / plan.rate() : at;
			if (!over && at - due >= 0 && this.inFlight + plan.burst() <= most) {
				publish(plan, publisher, due);
			}
			if (read()) {
				lastDelivery = System.nanoTime();
			}
			else if (this.inFlight > 0 && at - lastDelivery > patience * SECOND) {
				throw new Publisher.StalledException();
			}
			if (others != null) {
				others.connections.pollOne();
			}
		}
		return new Outcome(this.events - before, lastDelivery - start,
				System.nanoTime() - start - (this.idleNanos - idle), this.connections.received() - bytes,
				this.latencies.build().sorted().toArray());
	}

	private void publish(Plan plan, Publisher publisher, long due) throws IOException {
		for (int i = 0; i < plan.burst(); i++) {
			this.missing[(int) ((publisher.next() + i) % MOST_IN_FLIGHT)] = this.target.receivers(this.count);
		}
		this.inFlight += plan.burst();
		if (plan.kind() == null) {
			publisher.publish(this.target, plan.burst(), due, plan.size());
			return;
		}
		if (this.library == null) {
			this.library = new LibraryEvents(plan.kind());
		}
		publisher.publish(this.library.next(publisher.next()));
	}

	/** Open all streams, each of which has missed the same events, and read these. */
	Outcome resume(long first, int missed, String header) throws IOException {
		long start = System.nanoTime();
		long lastDelivery = start;
		while (this.events < (long) missed * this.count) {
			while (this.size < this.count && this.size - this.answered < 512) {
				open(first, header);
			}
			if (read()) {
				lastDelivery = System.nanoTime();
			}
			else if (System.nanoTime() - lastDelivery > 10 * SECOND) {
				throw new Publisher.StalledException();
			}
		}
		return new Outcome(this.events, lastDelivery - start, System.nanoTime() - start - this.idleNanos,
				this.connections.received(), new long[0]);
	}

	private void onEvent(long number, long sent) {
		this.events++;
		if (this.timed) {
			this.latencies.add(System.nanoTime() - sent);
		}
		if (--this.missing[(int) (number % MOST_IN_FLIGHT)] == 0) {
			this.inFlight--;
		}
	}

	Target target() {
		return this.target;
	}

	int size() {
		return this.size;
	}

	@Override
	public void close() throws IOException {
		this.connections.close();
	}

	/**
	 * What was measured while events were delivered: until the last delivery, while there
	 * was something to read, and the latencies in ascending order.
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
	private final class Stream extends Lines {

		private final int index;

		private long next;

		private boolean started;

		private int position;

		private Stream(int index, long next) {
			this.index = index;
			this.next = Streams.this.target.next(index, Streams.this.count, next);
		}

		@Override
		public void receive(byte[] bytes, int length) throws IOException {
			Streams.this.answered += this.started ? 0 : 1;
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

	}

}
