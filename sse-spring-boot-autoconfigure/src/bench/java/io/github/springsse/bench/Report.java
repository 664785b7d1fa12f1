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
import java.util.StringJoiner;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * The results as tables.
 */
final class Report {

	private static final String NOTHING = "–";

	private final Results results;

	private final List<Server> servers;

	private final StringBuilder text = new StringBuilder();

	Report(Results results) {
		this.results = results;
		this.servers = results.servers();
	}

	String toMarkdown() {
		this.text.append(this.results.machine().toText()).append("Median of rounds [least–most].\n\n");
		for (String name : Servers.BASES) {
			this.servers.stream().filter((server) -> server.name().equals(name)).forEach(this::ratios);
		}
		for (Metric metric : Metric.values()) {
			List<Shape> shapes = shapes(metric);
			if (!shapes.isEmpty()) {
				header(metric.title());
				shapes.forEach((shape) -> row(shape.title(), (server) -> cell(server, shape, metric)));
				this.text.append('\n');
			}
		}
		return this.text.toString();
	}

	private void ratios(Server base) {
		header("Times " + base.title());
		BiFunction<Metric, Shape, Function<Server, String>> cells = (metric, shape) -> (
				server) -> (server == base) ? "1" : this.results.ratio(server, base, shape, metric)
					.map((ratio) -> ratio.toString("%.2f"))
					.orElseGet(() -> this.results.failure(server, shape).orElse(NOTHING));
		for (Metric metric : Metric.values()) {
			if (metric.compared()) {
				shapes(metric).stream()
					.filter((shape) -> this.results.spread(base, shape, metric).isPresent())
					.forEach((shape) -> row(metric.title() + ": " + shape.title(), cells.apply(metric, shape)));
			}
		}
		this.text.append('\n');
	}

	private List<Shape> shapes(Metric metric) {
		return Arrays.stream(Shape.values()).filter((shape) -> this.results.has(metric, shape)).toList();
	}

	private String cell(Server server, Shape shape, Metric metric) {
		String value = this.results.spread(server, shape, metric)
			.map((spread) -> spread.toString(metric.format()))
			.orElse("");
		String failure = this.results.failure(server, shape).orElse("");
		String cell = (value + " " + failure).trim();
		return cell.isEmpty() ? NOTHING : cell;
	}

	private void header(String title) {
		row(title, Server::title);
		row("---", (server) -> "---");
	}

	private void row(String title, Function<Server, String> cell) {
		StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
		row.add(title);
		this.servers.forEach((server) -> row.add(cell.apply(server)));
		this.text.append(row);
	}

}
