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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Many streams that are opened at once, each of which has missed the same events.
 */
final class Resumption implements StreamConnection.Receiver {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);

	/** How many may wait for a server to answer. */
	private static final int UNANSWERED = 512;

	private final Streams streams;

	private long deliveries;

	private long lastDelivery;

	Resumption(Streams streams) {
		this.streams = streams;
	}

	/**
	 * Open the streams and read what they have missed.
	 * @param target what the streams are
	 * @param first the number of the first event missed
	 * @param missed how many are missed
	 * @param lastId the id of the event before
	 */
	Outcome run(Target target, long first, int missed, String lastId) throws IOException {
		long idleBefore = this.streams.idleNanos();
		long start = System.nanoTime();
		long expected = (long) missed * target.streams();
		List<StreamConnection> waiting = new ArrayList<>();
		int opened = 0;
		this.lastDelivery = start;
		while (this.deliveries < expected && System.nanoTime() - this.lastDelivery < PATIENCE) {
			waiting.removeIf(StreamConnection::started);
			while (opened < target.streams() && waiting.size() < UNANSWERED) {
				waiting.add(this.streams.open(target, first, lastId));
				opened++;
			}
			this.streams.read(this);
		}
		long nanos = this.lastDelivery - start;
		long busy = System.nanoTime() - start - (this.streams.idleNanos() - idleBefore);
		return new Outcome(this.deliveries != expected, this.deliveries, nanos, busy, 0, 0, 0);
	}

	@Override
	public void onEvent(long number, long sent) {
		this.deliveries++;
		this.lastDelivery = System.nanoTime();
	}

}
