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

import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

import io.github.springsse.bench.client.Outcome;

/**
 * What a scenario has found.
 */
final class Figures {

	private static final double MILLION = 1e6;

	private final Map<Metric, Double> values = new EnumMap<>(Metric.class);

	void put(Metric metric, double value) {
		this.values.put(metric, value);
	}

	void put(Metric metric, OptionalDouble value) {
		value.ifPresent((known) -> put(metric, known));
	}

	/** Forget what means nothing. */
	void remove(Metric metric) {
		this.values.remove(metric);
	}

	void putRate(Outcome outcome) {
		put(Metric.RATE, rate(outcome));
	}

	void putLatencies(Outcome outcome) {
		put(Metric.MEDIAN_MILLIS, outcome.medianNanos() / MILLION);
		put(Metric.P99_MILLIS, outcome.p99Nanos() / MILLION);
		put(Metric.MAX_MILLIS, outcome.maxNanos() / MILLION);
	}

	static double rate(Outcome outcome) {
		return MILLION * outcome.deliveries() / outcome.nanos();
	}

	Map<Metric, Double> values() {
		return this.values;
	}

}
