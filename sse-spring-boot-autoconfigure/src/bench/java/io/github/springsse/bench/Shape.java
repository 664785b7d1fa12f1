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

import io.github.springsse.bench.LibraryEvents.Kind;
import io.github.springsse.bench.Scenario.Traffic;
import io.github.springsse.bench.Server.Ability;

/**
 * The scenarios that servers are measured with.
 */
enum Shape {

	ONE_AT_A_TIME("one event at a time", Ability.EVENTS, Traffic.of(1000, Plan.unlimited(1, 1, 100))),
	BURSTS("bursts of 16", Ability.EVENTS, Traffic.of(1000, Plan.unlimited(16, 16, 100))),
	MORE_STREAMS("5000 streams, one event at a time", Ability.EVENTS, Traffic.of(5000, Plan.unlimited(1, 1, 100))),
	LARGE("2-KB events, one at a time", Ability.EVENTS, Traffic.of(1000, Plan.unlimited(1, 1, 2048))),
	RATE("30 events a second", Ability.EVENTS, Traffic.of(1000, Plan.ofRate(30, 100))),
	RATE_AFTER_CROWD("30 events a second, 5000 clients have just left", Ability.EVENTS,
			new Traffic(1000, Target.EVENTS, 5000, Plan.ofRate(30, 100))),
	FIRST_SECONDS("30 events a second, the first ten seconds after the start", Ability.EVENTS,
			Traffic.of(1000, Plan.ofRate(30, 100).scaled(4)), When.FRESH),
	SILENT_50("4-KB events, 50 more clients never read", Ability.EVENTS,
			Scenario.besideSilent(50, 1000, Plan.unlimited(1, 1, 4096))),
	SILENT_500("4-KB events, 500 more clients never read", Ability.EVENTS,
			Scenario.besideSilent(500, 1000, Plan.unlimited(1, 1, 4096)), When.ONCE),
	RESUME("5000 clients resume, 100 events behind", Ability.TOPICS, Scenario.resuming(5000, 100, Target.EVENTS)),
	TOPICS_1000("1000 topics of a stream each", Ability.TOPICS, topics(1000, 1000)),
	TOPICS_19000("19,000 topics of a stream each", Ability.TOPICS, topics(19_000, 19_000), When.ONCE),
	TOPICS_100000("100,000 topics, 19,000 streams", Ability.TOPICS, topics(19_000, 100_000), When.ONCE),
	RESUME_TOPIC("1000 clients resume, 10,000 events of one topic behind", Ability.LARGE_HISTORY,
			Scenario.resuming(1000, 10_000, new Target(Target.Kind.PATTERN, 1))),
	RESUME_PATTERN("1000 clients resume, 10,000 events of as many topics behind", Ability.LARGE_HISTORY,
			Scenario.resuming(1000, 10_000, new Target(Target.Kind.PATTERN, 10_000))),
	BESIDE_IDLE("20 events a second beside 100 streams of a pattern", Ability.LARGE_HISTORY,
			Scenario.besideResuming(100, 0)),
	BESIDE_RESUME("20 events a second beside 100 clients that resume from 90,000 topics", Ability.LARGE_HISTORY,
			Scenario.besideResuming(100, 90_000)),
	LOANS("150 bytes of JSON with the same fields", Ability.TOPICS, Traffic.of(1000, Plan.of(Kind.LOAN))),
	BRANCHES("2 KB of JSON that resemble each other", Ability.TOPICS, Traffic.of(1000, Plan.of(Kind.BRANCH))),
	REVIEWS("2 KB of random words", Ability.TOPICS, Traffic.of(1000, Plan.of(Kind.REVIEW))),
	ANSWERS("500 streamed answers, 50 pieces a second each", Ability.JAVA, Answers.streamed(500)),
	RELOAD("reload of 5000 pieces, 2000 readers", Ability.STARTER, Answers.reload(2000)),
	RELOAD_PIECEWISE("reload of 5000 pieces, 100 readers", Ability.JAVA, Answers.reload(100)),
	ANSWER_MEMORY("500 running answers", Ability.JAVA, Answers.memory(500), When.ONCE),
	IDLE_TOPICS("500 idle topics", Ability.STARTER, Answers.idle(500), When.ONCE),
	SMALL_RESPONSES("ordinary responses of 1 KB", Ability.JAVA, Scenario.ordinary("/item", 20_000)),
	LARGE_RESPONSES("ordinary responses of 50 MB", Ability.JAVA, Scenario.ordinary("/large", 40)),
	IDLE_TLS("600 idle streams with TLS", Ability.TLS, Scenario.idleTls(600), When.FRESH),
	IDLE("19,000 idle streams", Ability.EVENTS, Scenario.idle(19_000), When.FRESH),
	ATTACK("4-KB events, 1000 clients never read", Ability.STARTER,
			Scenario.attack(1000, 100, Plan.unlimited(16, 16, 4096).scaled(3)), When.FRESH),
	TURNOVER("1,000,000 streams opened and closed", Ability.STARTER, Scenario.turnover(1000, 1000), When.FRESH);

	final String title;

	/** What a server must be able to do. */
	final Ability needed;

	final Scenario scenario;

	final When when;

	Shape(String title, Ability needed, Scenario scenario) {
		this(title, needed, scenario, When.EACH_ROUND);
	}

	Shape(String title, Ability needed, Scenario scenario, When when) {
		this.title = title;
		this.needed = needed;
		this.scenario = scenario;
		this.when = when;
	}

	private static Traffic topics(int streams, int topics) {
		return new Traffic(streams, new Target(Target.Kind.TOPICS, topics), 0, Plan.unlimited(2048, 64, 100));
	}

	/** When it is measured: once is after all rounds, on a fresh server at the end. */
	enum When {

		EACH_ROUND, ONCE, FRESH

	}

}
