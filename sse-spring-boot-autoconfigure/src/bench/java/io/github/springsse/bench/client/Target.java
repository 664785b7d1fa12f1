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

package io.github.springsse.bench.client;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which events go where. Events with topics take one after the other, and so do topics
 * with streams: event {@code n} goes to topic {@code n % topics}, which is one of the
 * topics of stream {@code n % topics % streams} alone.
 *
 * @param kind what streams subscribe to
 * @param topics how many topics there are
 * @param streams how many streams there are
 */
record Target(Kind kind, int topics, int streams) {

	/** The streams of patterns do not know the first segment of the topics. */
	private static final int FIRST_SEGMENTS = 10;

	static Target parse(String text, int streams) {
		String[] parts = text.split(":");
		Kind kind = Kind.valueOf(parts[0].toUpperCase());
		return new Target(kind, (kind == Kind.TOPICS) ? Integer.parseInt(parts[1]) : streams, streams);
	}

	boolean hasTopics() {
		return this.kind != Kind.EVENTS;
	}

	/** What a stream is asked for with. */
	String path(int stream) {
		return switch (this.kind) {
			case EVENTS -> "/events";
			case TOPICS -> "/topics?topic=" + IntStream.iterate(stream, (i) -> i < this.topics, (i) -> i + this.streams)
				.mapToObj((i) -> "t" + i)
				.collect(Collectors.joining(","));
			case PATTERNS -> "/topics?topic=*/t" + stream;
		};
	}

	/** The topic of an event. */
	String topic(long number) {
		String topic = "t" + number % this.topics;
		return (this.kind == Kind.PATTERNS) ? number % FIRST_SEGMENTS + "/" + topic : topic;
	}

	/** How many streams get an event. */
	int receivers() {
		return hasTopics() ? 1 : this.streams;
	}

	/** The first event from a number on that a stream gets. */
	long next(int stream, long from) {
		if (!hasTopics()) {
			return from;
		}
		long topic = from % this.topics;
		long ahead = Math.floorMod(stream - topic, this.streams);
		return (topic + ahead < this.topics) ? from + ahead : from + this.topics - topic + stream;
	}

	/**
	 * What streams subscribe to.
	 */
	enum Kind {

		/** Each to all events. */
		EVENTS,

		/** Each to topics of its own. */
		TOPICS,

		/** Each to a pattern of its own. */
		PATTERNS

	}

}
