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

import org.jspecify.annotations.Nullable;

/**
 * What is published: bursts of events, with a maximum of events in flight (the window)
 * and per second (0 for none). It ends after a time, or earlier after a number of
 * deliveries.
 *
 * @param size bytes of the JSON of an event
 * @param kind the kind of the events of a library, if they are not ticks
 */
record Plan(int window, int burst, int rate, int size, LibraryEvents.@Nullable Kind kind, long millis,
		long deliveries) {

	/** As many events as the window allows. */
	static Plan unlimited(int window, int burst, int size) {
		return new Plan(window, burst, 0, size, null, 1500, Long.MAX_VALUE);
	}

	/** A number of events per second, whose latency is measured. */
	static Plan ofRate(int rate, int size) {
		return new Plan(Integer.MAX_VALUE, 1, rate, size, null, 2500, Long.MAX_VALUE);
	}

	/** Events of a library, one at a time, at most 50 a second. */
	static Plan of(LibraryEvents.Kind kind) {
		return new Plan(1, 1, 50, 0, kind, 5000, Long.MAX_VALUE);
	}

	/** Whether events are published at a steady rate. */
	boolean isSteady() {
		return this.rate > 0 && this.window > 1;
	}

	/** The same for a longer or shorter time. */
	Plan scaled(double factor) {
		return until((long) (factor * this.millis), this.deliveries);
	}

	/** The same with another end. */
	Plan until(long newMillis, long newDeliveries) {
		return new Plan(this.window, this.burst, this.rate, this.size, this.kind, newMillis, newDeliveries);
	}

}
