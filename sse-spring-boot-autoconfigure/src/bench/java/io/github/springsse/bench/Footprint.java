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

import io.github.springsse.bench.client.Plan;

/**
 * Streams that get nothing but a few events: how fast they are opened, and what they
 * take.
 *
 * @param streams how many
 */
record Footprint(int streams) implements Scenario {

	/** Has everything loaded that streams need. */
	private static final int FIRST_STREAMS = 200;

	private static final int EVENTS = 5;

	private static final double KB = 1024;

	@Override
	public void play(Stage stage, Figures figures) throws IOException {
		stage.open(FIRST_STREAMS, Traffic.ALL_EVENTS);
		publish(stage, new Figures());
		stage.leave();
		OptionalDouble heap = stage.heap();
		OptionalDouble resident = stage.residentMemory();
		figures.put(Metric.OPEN_SECONDS, stage.open(this.streams, Traffic.ALL_EVENTS));
		publish(stage, figures);
		figures.remove(Metric.SERVER_MICROS);
		figures.put(Metric.HEAP_KB, perStream(stage, heap, stage.heap()));
		figures.put(Metric.RESIDENT_KB, perStream(stage, resident, stage.residentMemory()));
		stage.leave();
	}

	private static void publish(Stage stage, Figures figures) throws IOException {
		stage.run(Plan.flatOut(1, 1, 100).until(Long.MAX_VALUE, EVENTS), figures);
	}

	private OptionalDouble perStream(Stage stage, OptionalDouble before, OptionalDouble after) {
		if (before.isEmpty() || after.isEmpty()) {
			return OptionalDouble.empty();
		}
		double grown = after.getAsDouble() - before.getAsDouble();
		return OptionalDouble.of(grown / KB / stage.options().scaled(this.streams));
	}

}
