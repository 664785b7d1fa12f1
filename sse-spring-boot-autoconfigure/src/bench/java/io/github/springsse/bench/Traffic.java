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
 * Events for streams that all are read.
 *
 * @param streams how many streams there are
 * @param target what they are
 * @param crowd how many more streams there were until just before
 * @param plan what is published
 */
record Traffic(int streams, String target, int crowd, Plan plan) implements Scenario {

	private static final int CROWDS = 8;

	private static final long MOST_WARM_UP_MILLIS = 30_000;

	static final String ALL_EVENTS = "events";

	/** One topic, and nothing else happens. */
	static Traffic of(int streams, Plan plan) {
		return new Traffic(streams, ALL_EVENTS, 0, plan);
	}

	Traffic afterCrowd(int size) {
		return new Traffic(this.streams, this.target, size, this.plan);
	}

	/** Whether there are as many events a second as a server can deliver. */
	boolean isFlatOut() {
		return this.plan.rate() == 0;
	}

	@Override
	public void play(Stage stage, Figures figures) throws IOException {
		stage.open(this.streams, this.target);
		if (this.crowd > 0) {
			stage.gather(this.crowd);
			stage.disperse();
		}
		Outcome outcome = stage.run(this.plan.scaled(stage.options().time()), figures);
		if (isFlatOut()) {
			figures.putRate(outcome);
		}
		else {
			figures.putLatencies(outcome);
		}
		stage.leave();
	}

	/** Whether others leave before it. */
	boolean hasCrowd() {
		return this.crowd > 0;
	}

	/**
	 * Have crowds come and leave until that is warm too: the code that opens and closes
	 * connections runs once for each, and a compiler wants to see it ten thousand times.
	 */
	void warmUpCrowd(Stage stage) throws IOException {
		for (int i = 0; i < CROWDS; i++) {
			stage.open(this.streams, this.target);
			stage.gather(this.crowd);
			stage.disperse();
			stage.run(this.plan.scaled(stage.options().time() / CROWDS), new Figures());
			stage.leave();
		}
	}

	/**
	 * The same traffic until there were enough deliveries, but not for ever.
	 */
	void warmUp(Stage stage, long deliveries) throws IOException {
		stage.open(this.streams, this.target);
		stage.run(this.plan.until(MOST_WARM_UP_MILLIS, deliveries), new Figures());
		stage.leave();
	}

}
