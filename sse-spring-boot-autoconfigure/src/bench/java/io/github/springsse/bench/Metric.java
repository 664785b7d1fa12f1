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

/**
 * What is measured. Each has a table.
 */
enum Metric {

	/** Deliveries. */
	RATE("Thousand deliveries a second", "%.0f", true),

	/** Deliveries, as a part of those without what disturbs. */
	KEPT("Part of the rate kept", "%.2f", false),

	/** Cost of a delivery. */
	SERVER_MICROS("Microseconds of processor time of the server for a delivery", "%.2f", true),

	/** Half of all latencies. */
	MEDIAN_MILLIS("Milliseconds until delivered, 50 %", "%.1f", true),

	/** Nearly all latencies. */
	P99_MILLIS("Milliseconds until delivered, 99 %", "%.1f", true),

	/** The worst latency. */
	MAX_MILLIS("Milliseconds until delivered, slowest", "%.1f", false),

	/** For how long the thread that publishes is kept. */
	PUBLISHING_MICROS("Microseconds until a caller that publishes can go on, median", "%.1f", false),

	/** For how long that thread works. */
	PUBLISHING_PROCESSOR_MICROS("Microseconds of processor time that publishing takes the caller, median", "%.1f",
			false),

	/** Opening. */
	OPEN_SECONDS("Seconds until all streams are open", "%.1f", true),

	/** Live heap. */
	HEAP_KB("KB of live heap for a stream", "%.1f", false),

	/** Memory of the process. */
	RESIDENT_KB("KB of resident memory for a stream", "%.1f", false),

	/** Live heap of all before. */
	HEAP_BEFORE_MB("MB of live heap before", "%.1f", false),

	/** Live heap of all after. */
	HEAP_AFTER_MB("MB of live heap after", "%.1f", false),

	/** Live heap of all at most. */
	HEAP_BOUND_MB("MB that the settings let waiting events take", "%.0f", false),

	/** A client that is busy all the time is what was measured. */
	CLIENT("Condition: processors used by the client", "%.2f", false),

	/** So is a machine that is busy with other things. */
	OTHERS("Condition: processors used by other programs", "%.2f", false);

	private final String title;

	private final String format;

	private final boolean compared;

	Metric(String title, String format, boolean compared) {
		this.title = title;
		this.format = format;
		this.compared = compared;
	}

	String title() {
		return this.title;
	}

	String format() {
		return this.format;
	}

	/** Whether ratios of it are shown. */
	boolean compared() {
		return this.compared;
	}

}
