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
 * What other nodes have said that they have, as it was read at one time: the streams by
 * what they are subscribed to, so that a topic is compared with each subscription once,
 * however many users have it, and each pattern is parsed once, also if it is read again.
 * Thread-safe.
 */
final class PresenceReading {

	private static final String USER = "\n\n";

	private final Map<String, Group> groups = new HashMap<>();

	private final Function<String, TopicPattern> parser;

	/**
	 * Create a reading of nothing.
	 * @param parser parses patterns
	 */
	PresenceReading(Function<String, TopicPattern> parser) {
		this.parser = parser;
	}

	/**
	 * Create a reading, which takes patterns from one before.
	 * @param nodes the fields of each node
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
	 * Write a field: the topics line by line and, if there is one, an empty line and the
	 * user.
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

		/** Streams of each user, of which {@code null} stands for those without. */
		private final Map<@Nullable String, Integer> users = new LinkedHashMap<>();

		/** Parsed when they are first compared with a topic, by whichever thread. */
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
