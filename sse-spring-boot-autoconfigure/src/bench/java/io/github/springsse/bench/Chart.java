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
import java.util.Locale;

/**
 * What matters most as bars, a panel for each shape.
 */
final class Chart {

	private static final List<Panel> PANELS = List.of(new Panel(Metric.RATE, Shape.ONE_AT_A_TIME),
			new Panel(Metric.RATE, Shape.BURSTS), new Panel(Metric.RATE, Shape.MORE_STREAMS),
			new Panel(Metric.P99_MILLIS, Shape.RATE), new Panel(Metric.HEAP_KB, Shape.IDLE));

	private static final int WIDTH = 760;

	private static final int LABELS = 190;

	private static final int BAR = 16;

	private static final int HEAD = 34;

	private static final int GAP = 18;

	private static final int VALUES = 140;

	private static final String OWN = "#5a9e3a";

	private static final String PEER = "#8a94a6";

	private final Results results;

	private final StringBuilder svg = new StringBuilder();

	Chart(Results results) {
		this.results = results;
	}

	String toSvg() {
		int y = 0;
		for (Panel panel : PANELS) {
			if (this.results.has(panel.metric(), panel.shape())) {
				y = panel(panel.metric(), panel.shape(), y);
			}
		}
		return """
				<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" font-size="12">
				<rect width="100%%" height="100%%" fill="white"/>
				""".formatted(WIDTH, y) + this.svg + "</svg>\n";
	}

	private int panel(Metric metric, Shape shape, int top) {
		List<Server> servers = this.results.servers()
			.stream()
			.filter((server) -> this.results.spread(server, shape, metric).isPresent()
					|| this.results.failure(server, shape).isPresent())
			.toList();
		double most = servers.stream()
			.flatMap((server) -> this.results.spread(server, shape, metric).stream())
			.mapToDouble(Spread::max)
			.max()
			.orElse(1);
		text(8, top + HEAD - 12, "font-weight=\"bold\"", metric.title() + ": " + shape.title());
		int y = top + HEAD;
		for (Server server : servers) {
			text(LABELS - 8, y + BAR - 4, "text-anchor=\"end\"", server.title().replace("`", ""));
			int at = y;
			this.results.spread(server, shape, metric)
				.ifPresentOrElse(
						(spread) -> bar(server, spread.toString(metric.format()), spread, at,
								(WIDTH - LABELS - VALUES) / most),
						() -> text(LABELS + 4, at + BAR - 4, "fill=\"#a00\"",
								this.results.failure(server, shape).orElse("")));
			y += BAR + 4;
		}
		return y + GAP;
	}

	private void bar(Server server, String value, Spread spread, int y, double scale) {
		String color = server.features().contains(Feature.PATTERNS) ? OWN : PEER;
		line("<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", LABELS, y, scale * spread.median(),
				BAR, color);
		line("<path d=\"M%.1f %d H%.1f\" stroke=\"black\"/>", LABELS + scale * spread.min(), y + BAR / 2,
				LABELS + scale * spread.max());
		text(LABELS + (int) (scale * spread.max()) + 6, y + BAR - 4, "", value);
	}

	private void text(int x, int y, String attributes, String text) {
		line("<text x=\"%d\" y=\"%d\" %s>%s</text>", x, y, attributes, text);
	}

	private void line(String format, Object... arguments) {
		this.svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
	}

	private record Panel(Metric metric, Shape shape) {

	}

}
