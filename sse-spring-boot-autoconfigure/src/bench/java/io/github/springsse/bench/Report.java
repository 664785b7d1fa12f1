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

import java.util.List;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * The results as tables of Markdown: ratios to some of the servers first, then a table of
 * each metric.
 */
final class Report {

	private static final String NOTHING = "–";

	private final Results results;

	private final StringBuilder text = new StringBuilder();

	Report(Results results) {
		this.results = results;
	}

	String toMarkdown() {
		this.text.append("Median of rounds [minimum–maximum].\n\n");
		for (Server base : List.of(Server.PLAIN, Server.NCHAN, Server.EPOLL)) {
			if (this.results.servers().contains(base)) {
				ratios(base);
			}
		}
		for (Metric metric : Metric.values()) {
			List<Shape> shapes = this.results.shapes(metric);
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
		for (Metric metric : Metric.values()) {
			for (Shape shape : this.results.shapes(metric)) {
				if (metric.compared() && this.results.spread(base, shape, metric).isPresent()) {
					row(metric.title() + ": " + shape.title(), (server) -> ratio(server, base, shape, metric));
				}
			}
		}
		this.text.append('\n');
	}

	private String ratio(Server server, Server base, Shape shape, Metric metric) {
		return (server == base) ? "1"
				: this.results.ratio(server, base, shape, metric)
					.map((ratio) -> ratio.toString("%.2f"))
					.orElseGet(() -> this.results.failure(server, shape).orElse(NOTHING));
	}

	private String cell(Server server, Shape shape, Metric metric) {
		String value = this.results.spread(server, shape, metric)
			.map((spread) -> spread.toString(metric.format()))
			.orElse("");
		String cell = (value + " " + this.results.failure(server, shape).orElse("")).trim();
		return cell.isEmpty() ? NOTHING : cell;
	}

	private void header(String title) {
		row(title, Server::title);
		row("---", (server) -> "---");
	}

	private void row(String title, Function<Server, String> cell) {
		StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
		row.add(title);
		this.results.servers().forEach((server) -> row.add(cell.apply(server)));
		this.text.append(row);
	}

}
