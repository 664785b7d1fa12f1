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

import org.jspecify.annotations.Nullable;

/**
 * The figures of one shape on one server in one round.
 */
final class Measurement {

	private final Server server;

	private final Shape shape;

	private final int round;

	private final Map<Metric, Double> figures = new EnumMap<>(Metric.class);

	private @Nullable String failure;

	Measurement(Server server, Shape shape, int round) {
		this.server = server;
		this.shape = shape;
		this.round = round;
	}

	/**
	 * Add a figure, unless it is NaN, which means that it is unknown.
	 */
	void put(Metric metric, double value) {
		if (!Double.isNaN(value)) {
			this.figures.put(metric, value);
		}
	}

	/** Remove a figure that means nothing in a scenario. */
	void remove(Metric metric) {
		this.figures.remove(metric);
	}

	void fail(String reason) {
		this.failure = reason;
	}

	boolean is(Server ofServer, Shape ofShape) {
		return this.server == ofServer && this.shape == ofShape;
	}

	int round() {
		return this.round;
	}

	boolean has(Metric metric) {
		return this.figures.containsKey(metric);
	}

	/** A figure, or NaN. */
	double get(Metric metric) {
		return this.figures.getOrDefault(metric, Double.NaN);
	}

	/** Why figures are missing. */
	@Nullable String failure() {
		return this.failure;
	}

	/** As one line of text, of a log. */
	@Override
	public String toString() {
		return "round %d: %s, %s: %s %s".formatted(this.round, this.server.id(), this.shape.title(), this.figures,
				(this.failure != null) ? this.failure : "");
	}

}
