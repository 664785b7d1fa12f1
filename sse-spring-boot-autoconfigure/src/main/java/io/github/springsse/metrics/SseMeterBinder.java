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

import java.util.Locale;
import java.util.concurrent.TimeUnit;

import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.delivery.DeliveryStatistics;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.history.TopicHistories;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the counters of delivery. Reading them has no cost for delivery.
 */
public final class SseMeterBinder implements MeterBinder {

	private final Delivery delivery;

	/**
	 * Create a binder.
	 * @param delivery provides the counters
	 */
	public SseMeterBinder(Delivery delivery) {
		this.delivery = delivery;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		DeliveryStatistics statistics = this.delivery.statistics();
		Gauge.builder("sse.streams.open", this.delivery, Delivery::streamCount)
			.description("Open streams")
			.register(registry);
		Gauge.builder("sse.streams.limit", this.delivery, Delivery::maxStreams)
			.description("Maximum number of open streams")
			.register(registry);
		Gauge.builder("sse.topics.subscribed", this.delivery, Delivery::topicCount)
			.description("Different topics and patterns with subscribed streams")
			.register(registry);
		FunctionCounter.builder("sse.streams.opened", statistics, DeliveryStatistics::opened)
			.description("Streams opened")
			.register(registry);
		for (CloseReason reason : CloseReason.values()) {
			FunctionCounter.builder("sse.streams.closed", statistics, (counts) -> counts.closed(reason))
				.description("Streams closed, by reason")
				.tag("reason", reason.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		for (RefusalReason reason : RefusalReason.values()) {
			FunctionCounter.builder("sse.streams.refused", statistics, (counts) -> counts.refused(reason))
				.description("Streams not opened, by reason")
				.tag("reason", reason.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		FunctionCounter.builder("sse.events.published", statistics, DeliveryStatistics::published)
			.description("Events that reached this node")
			.register(registry);
		FunctionCounter.builder("sse.events.delivered", statistics, DeliveryStatistics::delivered)
			.description("Events written, counted for each stream")
			.register(registry);
		FunctionCounter.builder("sse.events.dropped", statistics, DeliveryStatistics::dropped)
			.description("Queued events that did not reach a client, counted for each stream")
			.register(registry);
		Gauge.builder("sse.delivery.backlog", this.delivery, Delivery::backlog)
			.description("Events that wait for the busiest delivery thread")
			.register(registry);
		Gauge.builder("sse.stream.queue.events", this.delivery, Delivery::queuedFrames)
			.description("Events and other frames in send queues, over all streams")
			.register(registry);
		Gauge.builder("sse.stream.queue.size", this.delivery, Delivery::queuedBytes)
			.description("Size of the frames in send queues, over all streams")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		FunctionCounter.builder("sse.gaps.told", statistics, DeliveryStatistics::gaps)
			.description("Gaps reported to clients")
			.register(registry);
		Gauge.builder("sse.replay.events", this.delivery.histories(), TopicHistories::events)
			.description("Events in the history")
			.register(registry);
		Gauge.builder("sse.replay.size", this.delivery.histories(), TopicHistories::bytes)
			.description("Heap size of the history")
			.baseUnit(BaseUnits.BYTES)
			.register(registry);
		Gauge.builder("sse.replay.topics", this.delivery.histories(), TopicHistories::topics)
			.description("Topics in the history")
			.register(registry);
		FunctionCounter.builder("sse.heartbeats.sent", statistics, DeliveryStatistics::heartbeats)
			.description("Heartbeats sent to idle streams")
			.register(registry);
		FunctionTimer
			.builder("sse.delivery", statistics, DeliveryStatistics::fanOuts, DeliveryStatistics::fanOutNanos,
					TimeUnit.NANOSECONDS)
			.description("Time from the arrival of an event at this node to the last write to a stream that was ready")
			.register(registry);
	}

}
