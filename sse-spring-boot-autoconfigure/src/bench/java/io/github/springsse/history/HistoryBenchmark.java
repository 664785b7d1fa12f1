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

package io.github.springsse.history;

import java.time.Duration;
import java.util.List;
import java.util.Map;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it costs to read what a stream has missed, 1000 events at a time, as delivery
 * does. Each topic has one event.
 */
@State(Scope.Thread)
public class HistoryBenchmark {

	private static final int AT_ONCE = 1000;

	/** The number of topics. */
	@Param({ "10000", "100000" })
	int topics;

	private TopicHistories histories;

	private EventId end;

	/** Publish an event to each topic. */
	@Setup
	public void publish() {
		TopicPolicies policies = new TopicPolicies(
				new TopicPolicy(1000, Long.MAX_VALUE, Duration.ofHours(1), OverflowPolicy.RESUME), Map.of());
		this.histories = new TopicHistories(new EventId(1, 0), policies, Long.MAX_VALUE, Integer.MAX_VALUE,
				new ResumeLimits(Integer.MAX_VALUE, Integer.MAX_VALUE), AnswerLimits.DEFAULT, Long.MAX_VALUE,
				EventId::toString, System::nanoTime);
		for (int i = 1; i <= this.topics; i++) {
			this.histories.add(new EventId(1, i), LogEntry.event(Topic.of("t/" + i), SseEvent.of("x"), "x"),
					new Frame(new byte[100]), System.nanoTime());
		}
		this.end = new EventId(1, this.topics);
	}

	// A stream of all topics that has missed everything
	@Benchmark
	public int everything() {
		return read(new EventId(1, 0), TopicPattern.of("**"));
	}

	// A stream of all topics that has missed the last ten events
	@Benchmark
	public int tenEvents() {
		return read(new EventId(1, this.topics - 10), TopicPattern.of("**"));
	}

	// A stream of a pattern that matches one of all topics
	@Benchmark
	public int oneOfAll() {
		return read(new EventId(1, 0), TopicPattern.of("*/1"));
	}

	private int read(EventId cursor, TopicPattern pattern) {
		EventId position = cursor;
		int events = 0;
		while (this.end.isAfter(position)) {
			Missed missed = this.histories.between(position, this.end, List.of(pattern), AT_ONCE);
			events += missed.events().size();
			position = missed.cursor();
		}
		return events;
	}

}
