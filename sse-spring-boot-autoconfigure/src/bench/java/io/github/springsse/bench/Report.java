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
 * Results as tables of Markdown: ratios to some of the servers first, then a table of
 * each metric.
 */
final class Report {

	private static final String NOTHING = "–";

	private final Results results;

	private final StringBuilder text = new StringBuilder("Median of rounds [minimum–maximum].\n\n");

	private Report(Results results) {
		this.results = results;
	}

	/**
	 * Write results.
	 * @param bases the titles of the servers that others are compared with
	 */
	static String of(Results results, String... bases) {
		Report report = new Report(results);
		for (String base : bases) {
			if (results.servers().contains(base)) {
				report.ratios(base);
			}
		}
		for (Metric metric : Metric.values()) {
			List<String> shapes = results.shapes(metric);
			if (!shapes.isEmpty()) {
				report.header(metric.title());
				shapes.forEach((shape) -> report.row(shape, (server) -> report.cell(server, shape, metric)));
				report.text.append('\n');
			}
		}
		return report.text.toString();
	}

	private void ratios(String base) {
		header("Times " + base);
		for (Metric metric : Metric.values()) {
			for (String shape : this.results.shapes(metric)) {
				if (metric.compared() && this.results.spread(base, shape, metric).isPresent()) {
					row(metric.title() + ": " + shape, (server) -> ratio(server, base, shape, metric));
				}
			}
		}
		this.text.append('\n');
	}

	private String ratio(String server, String base, String shape, Metric metric) {
		return server.equals(base) ? "1"
				: this.results.ratio(server, base, shape, metric)
					.map((ratio) -> ratio.toString("%.2f"))
					.orElseGet(() -> this.results.failure(server, shape).orElse(NOTHING));
	}

	private String cell(String server, String shape, Metric metric) {
		String value = this.results.spread(server, shape, metric)
			.map((spread) -> spread.toString(metric.format()))
			.orElse("");
		String cell = (value + " " + this.results.failure(server, shape).orElse("")).trim();
		return cell.isEmpty() ? NOTHING : cell;
	}

	private void header(String title) {
		row(title, Function.identity());
		row("---", (server) -> "---");
	}

	private void row(String title, Function<String, String> cell) {
		StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
		row.add(title);
		this.results.servers().forEach((server) -> row.add(cell.apply(server)));
		this.text.append(row);
	}

}
