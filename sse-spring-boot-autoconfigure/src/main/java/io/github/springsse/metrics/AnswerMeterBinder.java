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

import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.answer.AnswerStatistics;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters of the sources of streamed answers. Reading them has no cost for the
 * publication.
 */
public final class AnswerMeterBinder implements MeterBinder {

	private final AnswerEngine engine;

	/**
	 * Create a binder.
	 * @param engine provides the counters
	 */
	public AnswerMeterBinder(AnswerEngine engine) {
		this.engine = engine;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		AnswerStatistics statistics = this.engine.statistics();
		Gauge.builder("sse.answers.running", this.engine, AnswerEngine::running)
			.description("Running sources on this node")
			.register(registry);
		for (SseAnswerOutcome outcome : SseAnswerOutcome.values()) {
			FunctionTimer
				.builder("sse.answers.duration", statistics, (counts) -> counts.ended(outcome),
						(counts) -> counts.nanos(outcome), TimeUnit.NANOSECONDS)
				.description("Duration of the sources that ended on this node, by outcome")
				.tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
				.register(registry);
		}
		FunctionCounter.builder("sse.answers.pieces", statistics, AnswerStatistics::pieces)
			.description("Pieces of text that sources produced, before they are joined")
			.register(registry);
	}

}
