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

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.springsse.PresenceDirectory;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The table of open streams by id, with the number of streams for each topic or pattern.
 * Each loop adds and removes its own streams; any thread may read.
 */
final class StreamTable implements PresenceDirectory {

	private final Map<String, DeliveredStream> streams = new ConcurrentHashMap<>();

	private final Map<String, Integer> topics = new ConcurrentHashMap<>();

	void add(DeliveredStream stream) {
		this.streams.put(stream.getId(), stream);
		stream.getTopics().forEach((topic) -> this.topics.merge(topic, 1, Integer::sum));
	}

	void remove(DeliveredStream stream) {
		if (this.streams.remove(stream.getId(), stream)) {
			stream.getTopics()
				.forEach(
						(topic) -> this.topics.computeIfPresent(topic, (key, count) -> (count > 1) ? count - 1 : null));
		}
	}

	@Override
	public Collection<Subscribers> subscribers() {
		return subscribers(this.streams.values().stream());
	}

	@Override
	public Collection<Subscribers> subscribers(Topic topic) {
		return subscribers(this.streams.values()
			.stream()
			.filter((stream) -> stream.getPatterns().stream().anyMatch((pattern) -> pattern.matches(topic))));
	}

	private static Collection<Subscribers> subscribers(Stream<DeliveredStream> streams) {
		Map<Subscribers, Integer> groups = new HashMap<>();
		streams.forEach(
				(stream) -> groups.merge(new Subscribers(stream.getTopics(), stream.getUser(), 1), 1, Integer::sum));
		return groups.entrySet()
			.stream()
			.map((group) -> new Subscribers(group.getKey().topics(), group.getKey().user(), group.getValue()))
			.toList();
	}

	@Nullable DeliveredStream find(String id) {
		return this.streams.get(id);
	}

	Collection<DeliveredStream> all() {
		return List.copyOf(this.streams.values());
	}

	int size() {
		return this.streams.size();
	}

	int topics() {
		return this.topics.size();
	}

}
