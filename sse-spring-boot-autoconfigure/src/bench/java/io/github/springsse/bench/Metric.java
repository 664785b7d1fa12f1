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

	RATE("Thousand deliveries a second", "%.0f", true),

	KEPT("Part of the rate kept", "%.2f", false),

	SERVER_MICROS("Microseconds of processor time of the server for a delivery", "%.2f", true),

	MEDIAN_MILLIS("Milliseconds until delivered, 50 %", "%.1f", true),

	P99_MILLIS("Milliseconds until delivered, 99 %", "%.1f", true),

	MAX_MILLIS("Milliseconds until delivered, slowest", "%.1f", false),

	PUBLISHING_MICROS("Microseconds until a caller that publishes can go on, median", "%.1f", false),

	OPEN_SECONDS("Seconds until all streams are open", "%.1f", true),

	HEAP_KB("KB of live heap for a stream", "%.1f", false),

	RESIDENT_KB("KB of resident memory for a stream", "%.1f", false),

	HEAP_BEFORE_MB("MB of live heap before", "%.1f", false),

	HEAP_AFTER_MB("MB of live heap after", "%.1f", false),

	HEAP_BOUND_MB("MB that the settings let waiting events take", "%.0f", false),

	CLIENT("Condition: processors used by the client", "%.2f", false),

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
