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

import java.util.Set;

import io.github.springsse.bench.Scenario.Attack;
import io.github.springsse.bench.Scenario.BesideSilent;
import io.github.springsse.bench.Scenario.Idle;
import io.github.springsse.bench.Scenario.Resuming;
import io.github.springsse.bench.Scenario.Traffic;
import io.github.springsse.bench.Scenario.Turnover;
import io.github.springsse.bench.Server.Ability;

/**
 * The scenarios that servers are measured with.
 */
enum Shape {

	ONE_AT_A_TIME("one event at a time", Traffic.of(1000, Plan.unlimited(1, 1, 100))),

	BURSTS("bursts of 16", Traffic.of(1000, Plan.unlimited(16, 16, 100))),

	WINDOW("16 events in flight", Traffic.of(1000, Plan.unlimited(16, 1, 100)), Trait.ON_REQUEST),

	MORE_STREAMS("5000 streams, one event at a time", Traffic.of(5000, Plan.unlimited(1, 1, 100))),

	TEN_STREAMS("10 streams, one event at a time", Traffic.of(10, Plan.unlimited(1, 1, 100)), Trait.ONCE),

	LARGE("2-KB events, one at a time", Traffic.of(1000, Plan.unlimited(1, 1, 2048))),

	RATE("30 events a second", Traffic.of(1000, Plan.ofRate(30, 100))),

	RATE_AFTER_CROWD("30 events a second, 5000 clients have just left",
			new Traffic(1000, "events", 5000, Plan.ofRate(30, 100))),

	SILENT_50("4-KB events, 50 more clients never read", new BesideSilent(50, 1000, Plan.unlimited(1, 1, 4096))),

	SILENT_500("4-KB events, 500 more clients never read", new BesideSilent(500, 1000, Plan.unlimited(1, 1, 4096)),
			Trait.ONCE),

	RESUME("5000 clients resume, 100 events behind", Ability.TOPICS_AND_RESUME, new Resuming(5000, 100, "events")),

	TOPICS_1000("1000 topics of a stream each", Ability.TOPICS_AND_RESUME, topics(1000, "topics:1000")),

	TOPICS_19000("19,000 topics of a stream each", Ability.TOPICS_AND_RESUME, topics(19_000, "topics:19000"),
			Trait.ONCE),

	TOPICS_100000("100,000 topics, 19,000 streams", Ability.TOPICS_AND_RESUME, topics(19_000, "topics:100000"),
			Trait.ONCE),

	PATTERNS("10,000 patterns of a stream each", Ability.ALL, topics(10_000, "patterns"), Trait.ONCE),

	IDLE("19,000 idle streams", new Idle(19_000), Trait.ONCE, Trait.FRESH),

	ATTACK("4-KB events, 1000 clients never read", Ability.ALL,
			new Attack(1000, 100, Plan.unlimited(16, 16, 4096).scaled(3)), Trait.ONCE, Trait.FRESH),

	TURNOVER("1,000,000 streams opened and closed", Ability.ALL, new Turnover(1000), Trait.ONCE, Trait.FRESH,
			Trait.ON_REQUEST);

	private final String title;

	private final Ability needed;

	private final Scenario scenario;

	private final Set<Trait> traits;

	Shape(String title, Scenario scenario, Trait... traits) {
		this(title, Ability.EVENTS, scenario, traits);
	}

	Shape(String title, Ability needed, Scenario scenario, Trait... traits) {
		this.title = title;
		this.needed = needed;
		this.scenario = scenario;
		this.traits = Set.of(traits);
	}

	private static Traffic topics(int streams, String target) {
		return new Traffic(streams, target, 0, Plan.unlimited(2048, 64, 100));
	}

	String title() {
		return this.title;
	}

	Scenario scenario() {
		return this.scenario;
	}

	/** What a server must be able to do. */
	Ability needed() {
		return this.needed;
	}

	boolean isDefault() {
		return !is(Trait.ON_REQUEST);
	}

	boolean is(Trait trait) {
		return this.traits.contains(trait);
	}

	/** Whether a server is warmed up with it. */
	boolean warmsUp() {
		return this.traits.isEmpty() && this != MORE_STREAMS && this.scenario instanceof Traffic traffic
				&& !traffic.plan().hasRate();
	}

	/**
	 * How it is measured.
	 */
	enum Trait {

		/** Not by default. */
		ON_REQUEST,

		/** Once, after all rounds. */
		ONCE,

		/** On a server that has just been started. */
		FRESH

	}

}
