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

import java.util.Locale;

import io.github.springsse.bench.Results.Spread;

/**
 * The most important results as bars in SVG, a panel for each shape.
 */
final class Chart {

	private static final int WIDTH = 760;

	private static final int LABELS = 190;

	private static final int BAR = 16;

	private final Results results;

	private final StringBuilder svg = new StringBuilder();

	private int y;

	Chart(Results results) {
		this.results = results;
	}

	String toSvg() {
		panel(Metric.RATE, Shape.ONE_AT_A_TIME.title);
		panel(Metric.RATE, Shape.BURSTS.title);
		panel(Metric.RATE, Shape.MORE_STREAMS.title);
		panel(Metric.P99_MILLIS, Shape.RATE.title);
		panel(Metric.HEAP_KB, Shape.IDLE.title);
		return """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
				<rect width="100%%" height="100%%" fill="white"/>
				""".formatted(WIDTH, this.y) + this.svg + "</svg>\n";
	}

	private void panel(Metric metric, String shape) {
		if (!this.results.shapes(metric).contains(shape)) {
			return;
		}
		double most = this.results.servers()
			.stream()
			.flatMap((server) -> this.results.spread(server, shape, metric).stream())
			.mapToDouble(Spread::max)
			.max()
			.orElse(1);
		text(8, 22, "font-weight=\"bold\"", metric.title + ": " + shape);
		this.y += 34;
		for (String server : this.results.servers()) {
			this.results.spread(server, shape, metric)
				.ifPresent((spread) -> bar(server, spread, metric, (WIDTH - LABELS - 140) / most));
		}
		this.y += 18;
	}

	private void bar(String server, Spread spread, Metric metric, double scale) {
		text(LABELS - 8, BAR - 4, "text-anchor=\"end\"", server.replace("`", ""));
		line("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", LABELS, this.y,
				scale * spread.median(), BAR, server.startsWith("starter") ? "#5a9e3a" : "#8a94a6");
		line("<path d=\"M%.1f %d H%.1f\" stroke=\"black\"/>", LABELS + scale * spread.min(), this.y + BAR / 2,
				LABELS + scale * spread.max());
		text(LABELS + (int) (scale * spread.max()) + 6, BAR - 4, "", spread.toString(metric.format));
		this.y += BAR + 4;
	}

	private void text(int x, int below, String attributes, String text) {
		line("<text x=\"%d\" y=\"%d\" %s>%s</text>", x, this.y + below, attributes, text);
	}

	private void line(String format, Object... arguments) {
		this.svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

}
