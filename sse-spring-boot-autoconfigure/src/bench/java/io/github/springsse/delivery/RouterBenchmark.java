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

package io.github.springsse.delivery;

import java.util.function.Consumer;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Cost of finding the one stream of a topic, by the number of others.
 */
@State(Scope.Thread)
public class RouterBenchmark {

	private static final int TOPICS = 1 << 16;

	/** How many streams there are, each with a topic or pattern of its own. */
	@Param({ "1", "1000", "10000", "100000" })
	public int streams;

	private final Router<String> topics = new Router<>();

	private final Router<String> patterns = new Router<>();

	private final Topic[] published = new Topic[TOPICS];

	private final TopicPattern another = TopicPattern.of("branches/another/loans");

	private int next;

	private int found;

	private final Consumer<String> action = (stream) -> this.found++;

	/** Subscribe all streams. */
	@Setup
	public void subscribe() {
		for (int i = 0; i < this.streams; i++) {
			this.topics.subscribe(TopicPattern.of("branches/b" + i + "/loans"), "stream");
			this.patterns.subscribe(TopicPattern.of("*/b" + i + "/**"), "stream");
		}
		for (int i = 0; i < TOPICS; i++) {
			this.published[i] = Topic.of("branches/b" + i * 31L % this.streams + "/loans");
		}
	}

	private Topic nextTopic() {
		return this.published[this.next++ & (TOPICS - 1)];
	}

	// Streams with topics
	@Benchmark
	public int routeToTopic() {
		this.topics.route(nextTopic(), this.action);
		return this.found;
	}

	// Streams with patterns
	@Benchmark
	public int routeToPattern() {
		this.patterns.route(nextTopic(), this.action);
		return this.found;
	}

	// A stream that comes and goes
	@Benchmark
	public void subscribeAndUnsubscribe() {
		this.topics.unsubscribe(this.topics.subscribe(this.another, "stream"));
	}

}
