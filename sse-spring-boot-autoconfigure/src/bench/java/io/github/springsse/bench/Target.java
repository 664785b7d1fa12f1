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

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which events go to which stream. Event <em>n</em> goes to topic <em>n % topics</em>.
 */
record Target(Kind kind, int topics) {

	static final Target EVENTS = new Target(Kind.EVENTS, 1);

	/** What a stream is requested with. */
	String path(int stream, int streams) {
		return switch (this.kind) {
			case EVENTS -> "/events";
			case PATTERN -> "/topics?topic=all" + this.topics + "/*";
			case TOPICS -> IntStream.iterate(stream, (topic) -> topic < this.topics, (topic) -> topic + streams)
				.mapToObj((topic) -> "t" + topic)
				.collect(Collectors.joining(",", "/topics?topic=", ""));
		};
	}

	/** The topic of an event. */
	String topic(long number) {
		return switch (this.kind) {
			case EVENTS -> "ticks";
			case PATTERN -> "all" + this.topics + "/" + number % this.topics;
			case TOPICS -> "t" + number % this.topics;
		};
	}

	/** The number of streams that receive an event. */
	int receivers(int streams) {
		return (this.kind == Kind.TOPICS) ? 1 : streams;
	}

	/** The first event from a number on that a stream receives. */
	long next(int stream, int streams, long from) {
		if (this.kind != Kind.TOPICS) {
			return from;
		}
		long topic = from % this.topics;
		long ahead = Math.floorMod(stream - topic, streams);
		return (topic + ahead < this.topics) ? from + ahead : from + this.topics - topic + stream;
	}

	/**
	 * Every stream receives all events, of one topic or by a pattern that matches many;
	 * or topic <em>t</em> belongs to stream <em>t % streams</em>.
	 */
	enum Kind {

		EVENTS, PATTERN, TOPICS

	}

}
