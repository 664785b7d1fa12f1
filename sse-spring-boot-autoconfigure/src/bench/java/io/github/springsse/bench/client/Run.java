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

package io.github.springsse.bench.client;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * Carries out one plan.
 */
final class Run implements StreamConnection.Receiver {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	/** Beside streams that are never read, where a stall is a result and not a fault. */
	private static final long LITTLE_PATIENCE = TimeUnit.SECONDS.toNanos(3);

	private static final int MOST_ON_THEIR_WAY = 1 << 14;

	private final Plan plan;

	private final Streams streams;

	private final Publisher publisher;

	private final Target target;

	private final Latencies latencies = new Latencies();

	/** For each event on its way, how many streams do not have it yet. */
	private final int[] missing = new int[MOST_ON_THEIR_WAY];

	private final long first;

	/** The number of the next event to publish. */
	private long next;

	/** How many events some stream does not have. */
	private int onTheirWay;

	private long deliveries;

	private long start;

	private long lastDelivery;

	Run(Plan plan, Streams streams, Publisher publisher, Target target, long first) {
		this.plan = plan;
		this.streams = streams;
		this.publisher = publisher;
		this.target = target;
		this.first = first;
		this.next = first;
	}

	Outcome run() throws IOException {
		long idleBefore = this.streams.idleNanos();
		this.start = System.nanoTime();
		this.lastDelivery = this.start;
		long patience = (this.streams.size() > this.streams.reading()) ? LITTLE_PATIENCE : PATIENCE;
		boolean stalled = false;
		boolean over = false;
		while (!over || this.onTheirWay > 0) {
			long now = System.nanoTime();
			over = over || now - this.start > TimeUnit.MILLISECONDS.toNanos(this.plan.millis())
					|| this.deliveries >= this.plan.deliveries();
			if (!over) {
				publishWhatIsDue(now);
			}
			if (!this.streams.read(this) && this.onTheirWay > 0 && now - this.lastDelivery > patience) {
				stalled = true;
				break;
			}
		}
		long nanos = this.lastDelivery - this.start;
		long busy = System.nanoTime() - this.start - (this.streams.idleNanos() - idleBefore);
		this.latencies.sort();
		return new Outcome(stalled, this.deliveries, nanos, busy, this.latencies.quantile(0.5),
				this.latencies.quantile(0.99), this.latencies.quantile(1));
	}

	/** The number of the next event. */
	long next() {
		return this.next;
	}

	private void publishWhatIsDue(long now) throws IOException {
		int burst = this.plan.burst();
		if (this.plan.rate() > 0) {
			long due = this.start + (this.next - this.first) * TimeUnit.SECONDS.toNanos(1) / this.plan.rate();
			if (now - due >= 0) {
				publish(burst, due);
			}
		}
		else if (this.onTheirWay + burst <= this.plan.window()) {
			publish(burst, now);
		}
	}

	private void publish(int count, long sent) throws IOException {
		for (int i = 0; i < count; i++) {
			this.missing[(int) (this.next + i) & (MOST_ON_THEIR_WAY - 1)] = this.target.receivers();
		}
		this.publisher.publish(this.next, count, sent, this.plan.size(), this.target);
		this.next += count;
		this.onTheirWay += count;
	}

	@Override
	public void onEvent(long number, long sent) {
		this.deliveries++;
		this.lastDelivery = System.nanoTime();
		if (this.plan.rate() > 0) {
			this.latencies.add(this.lastDelivery - sent);
		}
		if (--this.missing[(int) number & (MOST_ON_THEIR_WAY - 1)] == 0) {
			this.onTheirWay--;
		}
	}

}
