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

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * All measurements of a program.
 */
final class Results {

	private final List<Measurement> measurements = new ArrayList<>();

	/**
	 * Add a measurement, whose figures are yet to come.
	 * @param server the title of the server
	 * @param shape the title of what is done to it
	 */
	Measurement add(String server, String shape, int round) {
		Measurement measurement = new Measurement(server, shape, round);
		this.measurements.add(measurement);
		return measurement;
	}

	void clear() {
		this.measurements.clear();
	}

	/** The titles of the servers, in the order in which they were measured. */
	List<String> servers() {
		return this.measurements.stream().map((measurement) -> measurement.server).distinct().toList();
	}

	/** The titles of the shapes that a metric was measured with. */
	List<String> shapes(Metric metric) {
		return this.measurements.stream()
			.filter((measurement) -> measurement.figures.containsKey(metric))
			.map((measurement) -> measurement.shape)
			.distinct()
			.toList();
	}

	private Stream<Measurement> of(String server, String shape) {
		return this.measurements.stream()
			.filter((measurement) -> measurement.server.equals(server) && measurement.shape.equals(shape));
	}

	Optional<Spread> spread(String server, String shape, Metric metric) {
		return Spread.of(of(server, shape).mapToDouble((measurement) -> measurement.get(metric)));
	}

	/** Divide the figures of a server by those of another in the same rounds. */
	Optional<Spread> ratio(String server, String other, String shape, Metric metric) {
		return Spread.of(of(server, shape)
			.flatMapToDouble((measurement) -> of(other, shape).filter((base) -> base.round == measurement.round)
				.mapToDouble((base) -> measurement.get(metric) / base.get(metric))));
	}

	/** Why a server has no figures, if it failed. */
	Optional<String> failure(String server, String shape) {
		return of(server, shape).map((measurement) -> measurement.failure)
			.filter((failure) -> !failure.isEmpty())
			.findFirst();
	}

	/** All rounds as text, a line each. */
	List<String> lines() {
		return this.measurements.stream().map(Measurement::toString).toList();
	}

	/** The figures of one server in one round. */
	static final class Measurement {

		private final String server;

		private final String shape;

		private final int round;

		private final Map<Metric, Double> figures = new EnumMap<>(Metric.class);

		private String failure = "";

		Measurement(String server, String shape, int round) {
			this.server = server;
			this.shape = shape;
			this.round = round;
		}

		/** Add a figure, unless it is NaN, which means that it is unknown. */
		void put(Metric metric, double value) {
			if (!Double.isNaN(value)) {
				this.figures.put(metric, value);
			}
		}

		private double get(Metric metric) {
			return this.figures.getOrDefault(metric, Double.NaN);
		}

		/** Tell why figures are missing. */
		void fail(String reason) {
			this.failure = reason;
		}

		@Override
		public String toString() {
			return "round %d: %s, %s: %s %s".formatted(this.round, this.server, this.shape, this.figures, this.failure);
		}

	}

	/**
	 * The same figure of several rounds.
	 *
	 * @param median the median
	 * @param min the minimum
	 * @param max the maximum
	 * @param count the number of rounds
	 */
	record Spread(double median, double min, double max, int count) {

		private static Optional<Spread> of(DoubleStream values) {
			double[] sorted = values.filter(Double::isFinite).sorted().toArray();
			if (sorted.length == 0) {
				return Optional.empty();
			}
			int middle = sorted.length / 2;
			double median = (sorted.length % 2 == 1) ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
			return Optional.of(new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length));
		}

		/**
		 * Write it.
		 * @param format the format of each number
		 */
		String toString(String format) {
			String three = (this.count == 1) ? format : format + " [" + format + "–" + format + "]";
			return String.format(Locale.ROOT, three, this.median, this.min, this.max);
		}

	}

}
