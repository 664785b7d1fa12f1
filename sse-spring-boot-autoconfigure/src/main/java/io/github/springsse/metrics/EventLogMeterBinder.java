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

package io.github.springsse.metrics;

import java.util.concurrent.TimeUnit;

import io.github.springsse.log.EventLogStatus;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of an event log outside of this process. Reading them does not wait for the log.
 */
public final class EventLogMeterBinder implements MeterBinder {

	private final EventLogStatus status;

	/**
	 * Create a binder.
	 * @param status the status of the log
	 */
	public EventLogMeterBinder(EventLogStatus status) {
		this.status = status;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		TimeGauge
			.builder("sse.event.log.unreachable", this.status, TimeUnit.NANOSECONDS,
					(current) -> current.unreachableFor().toNanos())
			.description("Time for which the event log has been unreachable, zero if it is reachable")
			.register(registry);
		TimeGauge.builder("sse.event.log.lag", this.status, TimeUnit.NANOSECONDS, (current) -> current.lag().toNanos())
			.description("Time by which this node is behind the latest entry of the event log")
			.register(registry);
		Gauge.builder("sse.event.log.buffered", this.status, EventLogStatus::buffered)
			.description("Entries buffered until the event log is reachable")
			.register(registry);
		FunctionCounter.builder("sse.event.log.losses", this.status, EventLogStatus::losses)
			.description("Number of times that entries of the event log were missing")
			.register(registry);
	}

}
