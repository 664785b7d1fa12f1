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
import java.util.StringJoiner;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * All measurements of a program, and tables of them.
 */
final class Results {

	private final List<Measurement> measurements = new ArrayList<>();

	/** Add a measurement without figures. Rounds below 1 are not counted. */
	Measurement add(String server, String shape, int round) {
		Measurement measurement = new Measurement(server, shape, round, new EnumMap<>(Metric.class), new ArrayList<>());
		if (round > 0) {
			this.measurements.add(measurement);
		}
		return measurement;
	}

	List<String> servers() {
		return this.measurements.stream().map(Measurement::server).distinct().toList();
	}

	List<String> shapes(Metric metric) {
		return this.measurements.stream()
			.filter((measurement) -> measurement.figures.containsKey(metric))
			.map(Measurement::shape)
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

	/** All rounds as text, a line each. */
	List<String> lines() {
		return this.measurements.stream().map(Measurement::toString).toList();
	}

	/** Write tables of Markdown: ratios to some servers, then a table of each metric. */
	String report(List<String> bases) {
		StringBuilder text = new StringBuilder("Median of rounds [minimum–maximum].\n");
		for (String base : bases) {
			header(text, "Times " + base);
			for (Metric metric : Metric.values()) {
				for (String shape : shapes(metric)) {
					if (metric.compared && spread(base, shape, metric).isPresent()) {
						row(text, metric.title + ": " + shape, (server) -> ratio(server, base, shape, metric));
					}
				}
			}
		}
		for (Metric metric : Metric.values()) {
			if (!shapes(metric).isEmpty()) {
				header(text, metric.title);
				shapes(metric).forEach((shape) -> row(text, shape, (server) -> cell(server, shape, metric)));
			}
		}
		return text.toString();
	}

	/** Divide the figures of a server by those of another in the same rounds. */
	private String ratio(String server, String other, String shape, Metric metric) {
		return Spread
			.of(of(server, shape)
				.flatMapToDouble((measurement) -> of(other, shape).filter((base) -> base.round == measurement.round)
					.mapToDouble((base) -> measurement.get(metric) / base.get(metric))))
			.map((ratio) -> ratio.toString("%.2f"))
			.orElseGet(() -> failure(server, shape));
	}

	private String cell(String server, String shape, Metric metric) {
		String value = spread(server, shape, metric).map((spread) -> spread.toString(metric.format)).orElse("");
		return (value + " " + failure(server, shape)).trim();
	}

	/** Why a server has no figures, or nothing. */
	private String failure(String server, String shape) {
		return of(server, shape).flatMap((measurement) -> measurement.failures.stream()).findFirst().orElse("");
	}

	private void header(StringBuilder text, String title) {
		text.append('\n');
		row(text, title, Function.identity());
		row(text, "---", (server) -> "---");
	}

	private void row(StringBuilder text, String title, Function<String, String> cell) {
		StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
		row.add(title);
		servers().stream().map(cell).forEach((content) -> row.add(content.isEmpty() ? "–" : content));
		text.append(row);
	}

	/** The figures of one server in one round, or why they are missing. */
	record Measurement(String server, String shape, int round, Map<Metric, Double> figures, List<String> failures) {

		/** Add a figure, unless it is NaN, which means that it is unknown. */
		void put(Metric metric, double value) {
			if (!Double.isNaN(value)) {
				this.figures.put(metric, value);
			}
		}

		private double get(Metric metric) {
			return this.figures.getOrDefault(metric, Double.NaN);
		}

	}

	/** The same figure of several rounds. */
	record Spread(double median, double min, double max, int rounds) {

		private static Optional<Spread> of(DoubleStream values) {
			double[] sorted = values.filter(Double::isFinite).sorted().toArray();
			if (sorted.length == 0) {
				return Optional.empty();
			}
			double median = (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
			return Optional.of(new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length));
		}

		String toString(String format) {
			String three = (this.rounds == 1) ? format : format + " [" + format + "–" + format + "]";
			return String.format(Locale.ROOT, three, this.median, this.min, this.max);
		}

	}

}
