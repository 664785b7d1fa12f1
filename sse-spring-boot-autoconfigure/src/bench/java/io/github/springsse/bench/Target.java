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

/**
 * Which events go to which stream. All streams receive all events, of one topic or by a
 * pattern over many topics; or each topic belongs to one stream alone.
 *
 * @param kind the kind
 * @param topics the number of topics; event <em>n</em> goes to topic <em>n % topics</em>
 */
record Target(Kind kind, int topics) {

	/** Every stream receives all events, of one topic. */
	static final Target EVENTS = new Target(Kind.EVENTS, 1);

	/** Every stream receives all events, by one pattern that matches many topics. */
	static Target pattern(int topics) {
		return new Target(Kind.PATTERN, topics);
	}

	/** Topic <em>t</em> belongs to stream <em>t % streams</em>. */
	static Target topics(int topics) {
		return new Target(Kind.TOPICS, topics);
	}

	/** What a stream is requested with. */
	String path(int stream, int streams) {
		return switch (this.kind) {
			case EVENTS -> "/events";
			case PATTERN -> "/topics?topic=all" + this.topics + "/*";
			case TOPICS -> {
				StringBuilder path = new StringBuilder("/topics?topic=t" + stream);
				for (int topic = stream + streams; topic < this.topics; topic += streams) {
					path.append(",t").append(topic);
				}
				yield path.toString();
			}
		};
	}

	/** The topic of an event, or nothing for the topic of all streams. */
	String topic(long number) {
		return switch (this.kind) {
			case EVENTS -> "";
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

	/** Kinds of targets. */
	enum Kind {

		EVENTS, PATTERN, TOPICS

	}

}
