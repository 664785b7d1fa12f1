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

import java.util.EnumSet;
import java.util.Set;

import io.github.springsse.bench.client.Plan;

/**
 * What is done to the servers.
 */
enum Shape {

	ONE_AT_A_TIME("one event at a time", Traffic.of(1000, Plan.flatOut(1, 1, 100))),

	BURSTS("bursts of 16", Traffic.of(1000, Plan.flatOut(16, 16, 100))),

	WINDOW("16 events on their way", Traffic.of(1000, Plan.flatOut(16, 1, 100)), Trait.ON_REQUEST),

	MORE_STREAMS("5000 streams, one event at a time", Traffic.of(5000, Plan.flatOut(1, 1, 100))),

	TEN_STREAMS("10 streams, one event at a time", Traffic.of(10, Plan.flatOut(1, 1, 100)), Trait.ONCE),

	LARGE("2-KB events, one at a time", Traffic.of(1000, Plan.flatOut(1, 1, 2048))),

	RATE("30 events a second", Traffic.of(1000, Plan.ofRate(30, 100))),

	RATE_AFTER_CROWD("30 events a second, 5000 clients have just left",
			Traffic.of(1000, Plan.ofRate(30, 100)).afterCrowd(5000)),

	SILENT_50("4-KB events, 50 more clients never read", new BesideSilent(50, 1000, Plan.flatOut(1, 1, 4096))),

	SILENT_500("4-KB events, 500 more clients never read", new BesideSilent(500, 1000, Plan.flatOut(1, 1, 4096)),
			Trait.ONCE),

	RESUME("5000 clients resume, 100 events behind", new Resuming(5000, 100), Feature.RESUME),

	TOPICS_1000("1000 topics of a stream each", new Traffic(1000, "topics:1000", 0, Plan.flatOut(2048, 64, 100)),
			Feature.TOPICS),

	TOPICS_19000("19,000 topics of a stream each", new Traffic(19_000, "topics:19000", 0, Plan.flatOut(2048, 64, 100)),
			Feature.TOPICS, Trait.ONCE),

	TOPICS_100000("100,000 topics, 19,000 streams",
			new Traffic(19_000, "topics:100000", 0, Plan.flatOut(2048, 64, 100)), Feature.TOPICS, Trait.ONCE),

	PATTERNS("10,000 patterns of a stream each", new Traffic(10_000, "patterns", 0, Plan.flatOut(2048, 64, 100)),
			Feature.PATTERNS, Trait.ONCE),

	IDLE("19,000 idle streams", new Footprint(19_000), Trait.ONCE, Trait.FRESH),

	ATTACK("4-KB events, 1000 clients never read", new Attack(1000, 100, Plan.flatOut(16, 16, 4096).scaled(3)),
			Feature.BOUND, Trait.ONCE, Trait.FRESH),

	TURNOVER("streams opened and closed", new Turnover(), Feature.BOUND, Trait.ONCE, Trait.FRESH, Trait.ON_REQUEST);

	private final String title;

	private final Scenario scenario;

	private final Set<Feature> features = EnumSet.noneOf(Feature.class);

	private final Set<Trait> traits = EnumSet.noneOf(Trait.class);

	Shape(String title, Scenario scenario, Trait... traits) {
		this.title = title;
		this.scenario = scenario;
		this.traits.addAll(Set.of(traits));
	}

	Shape(String title, Scenario scenario, Feature feature, Trait... traits) {
		this(title, scenario, traits);
		this.features.add(feature);
	}

	String title() {
		return this.title;
	}

	Scenario scenario() {
		return this.scenario;
	}

	/** What a server needs for it. */
	Set<Feature> features() {
		return this.features;
	}

	boolean is(Trait trait) {
		return this.traits.contains(trait);
	}

	/** Whether a server is warmed up with it. */
	boolean warmsUp() {
		return !is(Trait.ONCE) && !is(Trait.ON_REQUEST) && this != MORE_STREAMS
				&& this.scenario instanceof Traffic traffic && traffic.isFlatOut();
	}

	/**
	 * How it is done.
	 */
	enum Trait {

		/** Only if it is asked for. */
		ON_REQUEST,

		/** Once, after all rounds. */
		ONCE,

		/** On a server that has just been started. */
		FRESH

	}

}
