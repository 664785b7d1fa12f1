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

import io.github.springsse.bench.LibraryEvents.Kind;
import io.github.springsse.bench.Scenario.Traffic;
import io.github.springsse.bench.Server.Ability;

/**
 * The scenarios that servers are measured with.
 */
enum Shape {

	ONE_AT_A_TIME("one event at a time", Traffic.of(1000, Plan.unlimited(1, 1, 100))),
	BURSTS("bursts of 16", Traffic.of(1000, Plan.unlimited(16, 16, 100))),
	MORE_STREAMS("5000 streams, one event at a time", Traffic.of(5000, Plan.unlimited(1, 1, 100))),
	LARGE("2-KB events, one at a time", Traffic.of(1000, Plan.unlimited(1, 1, 2048))),
	RATE("30 events a second", Traffic.of(1000, Plan.ofRate(30, 100))),
	RATE_AFTER_CROWD("30 events a second, 5000 clients have just left",
			new Traffic(1000, Target.EVENTS, 5000, Plan.ofRate(30, 100))),
	SILENT_50("4-KB events, 50 more clients never read", Scenario.besideSilent(50, 1000, Plan.unlimited(1, 1, 4096))),
	SILENT_500("4-KB events, 500 more clients never read", Scenario.besideSilent(500, 1000, Plan.unlimited(1, 1, 4096)),
			Trait.ONCE),
	RESUME("5000 clients resume, 100 events behind", Ability.TOPICS_AND_RESUME,
			Scenario.resuming(5000, 100, Target.EVENTS)),
	TOPICS_1000("1000 topics of a stream each", Ability.TOPICS_AND_RESUME, topics(1000, 1000)),
	TOPICS_19000("19,000 topics of a stream each", Ability.TOPICS_AND_RESUME, topics(19_000, 19_000), Trait.ONCE),
	TOPICS_100000("100,000 topics, 19,000 streams", Ability.TOPICS_AND_RESUME, topics(19_000, 100_000), Trait.ONCE),
	RESUME_TOPIC("1000 clients resume, 10,000 events of one topic behind", Ability.LARGE_HISTORY,
			Scenario.resuming(1000, 10_000, Target.pattern(1)), Trait.ON_REQUEST),
	RESUME_PATTERN("1000 clients resume, 10,000 events of as many topics behind", Ability.LARGE_HISTORY,
			Scenario.resuming(1000, 10_000, Target.pattern(10_000)), Trait.ON_REQUEST),
	BESIDE_IDLE("20 events a second beside 100 streams of a pattern", Ability.LARGE_HISTORY,
			Scenario.besideResuming(100, 0), Trait.ON_REQUEST),
	BESIDE_RESUME("20 events a second beside 100 clients that resume from 90,000 topics", Ability.LARGE_HISTORY,
			Scenario.besideResuming(100, 90_000), Trait.ON_REQUEST),
	LOANS("150 bytes of JSON with the same fields", Ability.TOPICS_AND_RESUME, Traffic.of(1000, Plan.of(Kind.LOAN)),
			Trait.ON_REQUEST),
	BRANCHES("2 KB of JSON that resemble each other", Ability.TOPICS_AND_RESUME, Traffic.of(1000, Plan.of(Kind.BRANCH)),
			Trait.ON_REQUEST),
	REVIEWS("2 KB of random words", Ability.TOPICS_AND_RESUME, Traffic.of(1000, Plan.of(Kind.REVIEW)),
			Trait.ON_REQUEST),
	ANSWERS("500 streamed answers, 50 pieces a second each", Ability.ANSWERS, Answers.streamed(500), Trait.ON_REQUEST),
	RELOAD("reload of 5000 pieces, 2000 readers", Ability.ALL, Answers.reload(2000), Trait.ON_REQUEST),
	RELOAD_PIECEWISE("reload of 5000 pieces, 100 readers", Ability.ANSWERS, Answers.reload(100), Trait.ON_REQUEST),
	ANSWER_MEMORY("500 running answers", Ability.ANSWERS, Answers.memory(500), Trait.ON_REQUEST, Trait.ONCE),
	IDLE_TOPICS("500 idle topics", Ability.ALL, Answers.idle(500), Trait.ON_REQUEST, Trait.ONCE),
	IDLE("19,000 idle streams", Scenario.idle(19_000), Trait.ONCE, Trait.FRESH),
	ATTACK("4-KB events, 1000 clients never read", Ability.ALL,
			Scenario.attack(1000, 100, Plan.unlimited(16, 16, 4096).scaled(3)), Trait.ONCE, Trait.FRESH),
	TURNOVER("1,000,000 streams opened and closed", Ability.ALL, Scenario.turnover(1000, 1000), Trait.ONCE, Trait.FRESH,
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

	private static Traffic topics(int streams, int topics) {
		return new Traffic(streams, Target.topics(topics), 0, Plan.unlimited(2048, 64, 100));
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

	boolean is(Trait trait) {
		return this.traits.contains(trait);
	}

	/** Whether a server is warmed up with it. */
	boolean warmsUp() {
		return !is(Trait.ONCE) && this != MORE_STREAMS && this.scenario instanceof Traffic traffic
				&& !traffic.plan().isSteady();
	}

	/** How it is measured. */
	enum Trait {

		/** Not by default. */
		ON_REQUEST,

		/** Once, after all rounds. */
		ONCE,

		/** On a server that has just been started. */
		FRESH

	}

}
