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

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All that was measured.
 *
 * @param machine where
 * @param servers what
 * @param options what was asked for
 * @param measurements everything
 */
record Results(Machine machine, List<Server> servers, Options options, List<Measurement> measurements) {

	void write(Path file) {
		JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT)
			.build()
			.writeValue(file, new Document(this.machine, this.measurements));
	}

	private Stream<Measurement> of(Server server, Shape shape) {
		return this.measurements.stream()
			.filter((measurement) -> measurement.server().equals(server.name()) && measurement.shape() == shape);
	}

	boolean has(Metric metric, Shape shape) {
		return this.measurements.stream()
			.anyMatch((measurement) -> measurement.shape() == shape && measurement.figures().containsKey(metric));
	}

	Optional<Spread> spread(Server server, Shape shape, Metric metric) {
		return Spread.of(of(server, shape).map(Measurement::figures)
			.filter((figures) -> figures.containsKey(metric))
			.mapToDouble((figures) -> figures.get(metric)));
	}

	/**
	 * Compare a server with another, round by round.
	 */
	Optional<Spread> ratio(Server server, Server other, Shape shape, Metric metric) {
		return Spread.of(of(server, shape)
			.flatMapToDouble((measurement) -> of(other, shape)
				.filter((otherMeasurement) -> otherMeasurement.round() == measurement.round())
				.flatMapToDouble((otherMeasurement) -> ratio(measurement, otherMeasurement, metric))));
	}

	private static DoubleStream ratio(Measurement one, Measurement other, Metric metric) {
		Double numerator = one.figures().get(metric);
		Double denominator = other.figures().get(metric);
		return (numerator != null && denominator != null && denominator > 0)
				? DoubleStream.of(numerator / denominator) : DoubleStream.empty();
	}

	/** Why a server has no figures, if it failed. */
	Optional<String> failure(Server server, Shape shape) {
		return of(server, shape).flatMap((measurement) -> Stream.ofNullable(measurement.failure())).findFirst();
	}

	private record Document(Machine machine, List<Measurement> measurements) {

	}

}
