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

	RATE("Thousand deliveries a second", "%.0f", true), KEPT("Part of the rate kept", "%.2f"),
	SERVER_MICROS("Microseconds of processor time of the server for a delivery or response", "%.2f", true),
	MEDIAN_MILLIS("Milliseconds until delivered, 50 %", "%.2f", true),
	P99_MILLIS("Milliseconds until delivered, 99 %", "%.2f", true),
	PUBLISHING_MICROS("Microseconds until a caller that publishes can go on, median", "%.1f"),
	WIRE_BYTES("Bytes on the wire for a delivery", "%.0f", true),
	READER_MILLIS("Milliseconds of each reader of a finished answer", "%.2f"),
	HEAP_KB("KB of live heap for a stream", "%.2f"), HEAP_BEFORE_MB("MB of live heap before", "%.1f"),
	HEAP_AFTER_MB("MB of live heap after", "%.1f"), OPEN("Clients with a stream without an event", "%.0f"),
	AWAY("Clients that wait until they reconnect", "%.0f"), UNANSWERED("Clients without a response", "%.0f"),
	GAVE_UP("Clients that have received a status other than 200", "%.0f"),
	SERVED("Clients that have received an event", "%.0f"),
	LAST_SERVED_MILLIS("Milliseconds until the last of them", "%.0f"),
	TOLD("How often clients were told to reconnect", "%.0f"),
	TOLD_MILLIS("Sum of the milliseconds that clients were told", "%.0f"), REFUSALS("Refusals a second", "%.0f"),
	DELAY_SECONDS("Seconds until a refused client is told to reconnect", "%.1f"),
	FAILED("Failed connections of clients", "%.0f"), SERVER_BUSY("Processors used by the server", "%.2f"),
	RUNS("Runs of the method", "%.0f"), HEAP_GROWTH_MB("MB of live heap above that before", "%.1f"),
	STOP_MILLIS("Milliseconds from SIGTERM to the end of the process", "%.0f"),
	START_MILLIS("Milliseconds from the start of the process until it listens", "%.0f"),
	RETURNED_MILLIS("Milliseconds from SIGTERM until the last client has an event again", "%.0f", true),
	MISSED("Events that clients have missed", "%.0f"), SLOWEST_MILLIS("Milliseconds of the slowest event", "%.0f"),
	SERVER_SECONDS("Seconds of processor time of the new process until then", "%.2f"),
	REQUEST_MILLIS("Milliseconds of an ordinary request, 50 %", "%.2f"),
	REQUEST_P99_MILLIS("Milliseconds of an ordinary request, 99 %", "%.2f"),
	REQUEST_MAX_MILLIS("Milliseconds of an ordinary request, slowest", "%.2f"),
	REQUESTS_FAILED("Ordinary requests that failed", "%.0f"), REQUESTS("Condition: ordinary requests", "%.0f"),
	CLIENT("Condition: processors used by the client", "%.2f"),
	OTHERS("Condition: processors used by other programs", "%.2f");

	final String title;

	final String format;

	/** Whether ratios of it are shown. */
	final boolean compared;

	Metric(String title, String format) {
		this(title, format, false);
	}

	Metric(String title, String format, boolean compared) {
		this.title = title;
		this.format = format;
		this.compared = compared;
	}

}
