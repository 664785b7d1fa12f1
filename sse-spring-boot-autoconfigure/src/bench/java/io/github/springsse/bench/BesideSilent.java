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

import io.github.springsse.bench.client.Outcome;
import io.github.springsse.bench.client.Plan;

/**
 * Clients that never read, beside those that do. The sockets of the silent are full when
 * it begins.
 *
 * @param silent how many never read
 * @param streams how many do
 * @param plan what is published
 */
record BesideSilent(int silent, int streams, Plan plan) implements Scenario {

	/** Less than the sockets of a client that never reads hold. */
	static final int EVENTS_TO_FILL = 650;

	/** Part of the time. */
	private static final double WARM_UP = 0.5;

	@Override
	public void play(Stage stage, Figures figures) throws IOException {
		Plan scaled = this.plan.scaled(stage.options().time());
		stage.open(this.streams, Traffic.ALL_EVENTS);
		stage.run(scaled.scaled(WARM_UP), figures);
		double alone = Figures.rate(stage.run(scaled, figures));
		stage.leave();
		stage.openSilent(this.silent, EVENTS_TO_FILL, scaled.size());
		stage.open(this.streams, Traffic.ALL_EVENTS);
		Outcome outcome = stage.run(scaled, figures);
		figures.putRate(outcome);
		figures.put(Metric.KEPT, Figures.rate(outcome) / alone);
		stage.leave();
	}

}
