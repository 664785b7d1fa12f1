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

import io.github.springsse.bench.client.Plan;

/**
 * Many clients that never read, while others get large events as fast as they can.
 *
 * @param silent how many never read
 * @param streams how many do
 * @param plan what is published
 */
record Attack(int silent, int streams, Plan plan) implements Scenario {

	@Override
	public void play(Stage stage, Figures figures) throws IOException {
		Turnover.putHeap(figures, Metric.HEAP_BEFORE_MB, stage);
		stage.openSilent(this.silent, BesideSilent.EVENTS_TO_FILL, this.plan.size());
		stage.open(this.streams, Traffic.ALL_EVENTS);
		stage.run(this.plan.scaled(stage.options().time()), figures);
		figures.remove(Metric.SERVER_MICROS);
		Turnover.putHeap(figures, Metric.HEAP_AFTER_MB, stage);
		figures.put(Metric.HEAP_BOUND_MB, stage.bound());
		stage.leave();
	}

}
