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

import java.io.IOException;
import java.util.OptionalDouble;

/**
 * Streams that are opened and closed, a thousand at a time: what of them stays.
 */
final class Turnover implements Scenario {

	private static final int BEFORE = 100_000;

	@Override
	public void play(Stage stage, Figures figures) throws IOException {
		stage.turnOver(stage.options().scaled(BEFORE));
		putHeap(figures, Metric.HEAP_BEFORE_MB, stage);
		stage.turnOver(stage.options().turnover());
		putHeap(figures, Metric.HEAP_AFTER_MB, stage);
	}

	static void putHeap(Figures figures, Metric metric, Stage stage) throws IOException {
		OptionalDouble heap = stage.heap();
		if (heap.isPresent()) {
			figures.put(metric, heap.getAsDouble() / Stage.MB);
		}
	}

}
