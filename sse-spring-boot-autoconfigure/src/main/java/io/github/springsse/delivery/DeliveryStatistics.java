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

package io.github.springsse.delivery;

import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;

/**
 * The counters of delivery. They only increase; any thread may read them at any time.
 */
public final class DeliveryStatistics {

	final LongAdder published = new LongAdder();

	/** The number of log entries, including commands. */
	final LongAdder entries = new LongAdder();

	final LongAdder delivered = new LongAdder();

	final LongAdder dropped = new LongAdder();

	final LongAdder gaps = new LongAdder();

	final LongAdder heartbeats = new LongAdder();

	final LongAdder opened = new LongAdder();

	final LongAdder fanOuts = new LongAdder();

	final LongAdder fanOutNanos = new LongAdder();

	private final LongAdder[] closed = Stream.generate(LongAdder::new)
		.limit(CloseReason.values().length)
		.toArray(LongAdder[]::new);

	private final LongAdder[] refused = Stream.generate(LongAdder::new)
		.limit(RefusalReason.values().length)
		.toArray(LongAdder[]::new);

	DeliveryStatistics() {
	}

	/**
	 * Count a refused stream.
	 * @param reason the reason
	 */
	public void countRefused(RefusalReason reason) {
		this.refused[reason.ordinal()].increment();
	}

	void countClosed(CloseReason reason) {
		this.closed[reason.ordinal()].increment();
	}

	/**
	 * Return the number of events that this node has received.
	 * @return the number of events
	 */
	public long published() {
		return this.published.sum();
	}

	/**
	 * Return the number of deliveries: each event counts once for each stream that has
	 * accepted it.
	 * @return the number of deliveries
	 */
	public long delivered() {
		return this.delivered.sum();
	}

	/**
	 * Return the number of deliveries that were due but did not happen.
	 * @return the number of deliveries
	 */
	public long dropped() {
		return this.dropped.sum();
	}

	/**
	 * Return the number of gaps that were sent to clients.
	 * @return the number of gaps
	 */
	public long gaps() {
		return this.gaps.sum();
	}

	/**
	 * Return the number of heartbeats sent.
	 * @return the number of heartbeats
	 */
	public long heartbeats() {
		return this.heartbeats.sum();
	}

	/**
	 * Return the number of streams opened.
	 * @return the number of streams
	 */
	public long opened() {
		return this.opened.sum();
	}

	/**
	 * Return the number of streams closed.
	 * @param reason the reason
	 * @return the number of streams
	 */
	public long closed(CloseReason reason) {
		return this.closed[reason.ordinal()].sum();
	}

	/**
	 * Return the number of refused streams.
	 * @param reason the reason
	 * @return the number of streams
	 */
	public long refused(RefusalReason reason) {
		return this.refused[reason.ordinal()].sum();
	}

	/**
	 * Return the number of fan-outs: an event was written to all streams that were ready
	 * for it.
	 * @return the number of times
	 */
	public long fanOuts() {
		return this.fanOuts.sum();
	}

	/**
	 * Return the total time of all fan-outs, each from the arrival of the event at this
	 * node to the last write.
	 * @return the time in nanoseconds
	 */
	public long fanOutNanos() {
		return this.fanOutNanos.sum();
	}

	long entries() {
		return this.entries.sum();
	}

}
