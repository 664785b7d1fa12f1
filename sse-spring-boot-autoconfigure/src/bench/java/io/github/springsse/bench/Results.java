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

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * All measurements.
 *
 * @param servers the servers
 * @param measurements the figures of all shapes, servers and rounds
 */
record Results(List<Server> servers, List<Measurement> measurements) {

	private Stream<Measurement> of(Server server, Shape shape) {
		return this.measurements.stream().filter((measurement) -> measurement.is(server, shape));
	}

	/** The shapes that a metric was measured with. */
	List<Shape> shapes(Metric metric) {
		return Arrays.stream(Shape.values())
			.filter((shape) -> this.servers.stream()
				.anyMatch((server) -> of(server, shape).anyMatch((measurement) -> measurement.has(metric))))
			.toList();
	}

	Optional<Spread> spread(Server server, Shape shape, Metric metric) {
		return Spread.of(of(server, shape).mapToDouble((measurement) -> measurement.get(metric)));
	}

	/**
	 * Divide the figures of a server by those of another in the same rounds.
	 */
	Optional<Spread> ratio(Server server, Server other, Shape shape, Metric metric) {
		return Spread.of(of(server, shape)
			.flatMapToDouble((measurement) -> of(other, shape).filter((base) -> base.round() == measurement.round())
				.mapToDouble((base) -> measurement.get(metric) / base.get(metric))));
	}

	/** Why a server has no figures, if it failed. */
	Optional<String> failure(Server server, Shape shape) {
		return of(server, shape).map(Measurement::failure).filter(Objects::nonNull).findFirst();
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
