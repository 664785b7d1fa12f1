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

package io.github.springsse.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import io.github.springsse.PresenceDirectory.Subscribers;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.jspecify.annotations.Nullable;

/**
 * The streams of other nodes, as read from Redis at one time. They are grouped by their
 * subscriptions, so that a topic is compared with each subscription once, for any number
 * of users. Each pattern is parsed once; the next reading reuses it. Thread-safe.
 */
final class PresenceReading {

	private static final String USER = "\n\n";

	private final Map<String, Group> groups = new HashMap<>();

	private final Function<String, TopicPattern> parser;

	/**
	 * Create an empty reading.
	 * @param parser parses patterns
	 */
	PresenceReading(Function<String, TopicPattern> parser) {
		this.parser = parser;
	}

	/**
	 * Create a reading.
	 * @param nodes the fields of each node
	 * @param before the last reading, whose parsed patterns are reused
	 */
	PresenceReading(List<Map<byte[], byte[]>> nodes, PresenceReading before) {
		this.parser = before.parser;
		for (Map<byte[], byte[]> fields : nodes) {
			fields.forEach((field, count) -> add(new String(field, StandardCharsets.UTF_8),
					Integer.parseInt(new String(count, StandardCharsets.US_ASCII)), before));
		}
	}

	private void add(String field, int streams, PresenceReading before) {
		int end = field.indexOf(USER);
		String topics = (end < 0) ? field : field.substring(0, end);
		String user = (end < 0) ? null : field.substring(end + USER.length());
		this.groups.computeIfAbsent(topics, (key) -> new Group(key, before.groups.get(key))).users.merge(user, streams,
				Integer::sum);
	}

	/**
	 * Return the name of the field of a group: the topics, one on each line, and then an
	 * empty line and the user, if there is one.
	 */
	static String field(Subscribers group) {
		String topics = String.join("\n", group.topics());
		return (group.user() != null) ? topics + USER + group.user() : topics;
	}

	/**
	 * All streams.
	 */
	Collection<Subscribers> all() {
		List<Subscribers> result = new ArrayList<>();
		this.groups.values().forEach((group) -> group.addTo(result));
		return result;
	}

	/**
	 * The streams that an event on a topic would reach.
	 */
	Collection<Subscribers> of(Topic topic) {
		List<Subscribers> result = new ArrayList<>();
		for (Group group : this.groups.values()) {
			if (group.isReachedBy(topic)) {
				group.addTo(result);
			}
		}
		return result;
	}

	/**
	 * Streams with the same subscriptions.
	 */
	private final class Group {

		private final List<String> topics;

		/**
		 * The number of streams of each user; {@code null} stands for streams without a
		 * user.
		 */
		private final Map<@Nullable String, Integer> users = new LinkedHashMap<>();

		/** Parsed by the first thread that compares them with a topic. */
		private volatile @Nullable List<TopicPattern> patterns;

		Group(String topics, @Nullable Group before) {
			this.topics = List.of(topics.split("\n"));
			this.patterns = (before != null) ? before.patterns : null;
		}

		boolean isReachedBy(Topic topic) {
			List<TopicPattern> parsed = this.patterns;
			if (parsed == null) {
				parsed = this.topics.stream().map(PresenceReading.this.parser).toList();
				this.patterns = parsed;
			}
			return parsed.stream().anyMatch((pattern) -> pattern.matches(topic));
		}

		void addTo(List<Subscribers> result) {
			this.users.forEach((user, streams) -> result.add(new Subscribers(this.topics, user, streams)));
		}

	}

}
