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
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The {@link SseEmitterRegistry} of the open streams of {@link Delivery}. Thread-safe.
 */
public final class StreamRegistry implements SseEmitterRegistry {

	private final Delivery delivery;

	/**
	 * Create a registry.
	 * @param delivery creates and lists the streams
	 */
	public StreamRegistry(Delivery delivery) {
		this.delivery = delivery;
	}

	@Override
	public SseStream subscribe(String... topics) {
		return subscribe(List.of(topics), null);
	}

	@Override
	public SseStream subscribe(Collection<String> topics, @Nullable Supplier<?> snapshot) {
		Assert.notEmpty(topics, "'topics' must not be empty");
		List<TopicPattern> patterns = topics.stream().map(TopicPattern::of).toList();
		DeliveredStream stream = this.delivery.newStream(patterns, this.delivery.position());
		stream.setSnapshot(snapshot);
		return stream;
	}

	@Override
	public int count() {
		return this.delivery.streams().size();
	}

	@Override
	public int count(String topic) {
		return streamsOfTopic(topic).size();
	}

	@Override
	public Collection<SseStream> streams() {
		return List.copyOf(this.delivery.streams().all());
	}

	@Override
	public Collection<SseStream> streamsOfTopic(String topic) {
		return List.copyOf(matching(subscribedTo(topic)));
	}

	@Override
	public Collection<SseStream> streamsOfUser(String user) {
		return List.copyOf(matching(of(user)));
	}

	@Override
	public Optional<SseStream> find(String id) {
		return Optional.ofNullable(this.delivery.streams().find(id));
	}

	@Override
	public boolean disconnect(String id) {
		DeliveredStream stream = this.delivery.streams().find(id);
		if (stream == null) {
			return false;
		}
		stream.complete();
		return true;
	}

	@Override
	public int disconnectTopic(String topic) {
		return close(subscribedTo(topic));
	}

	@Override
	public int disconnectUser(String user) {
		return close(of(user));
	}

	private int close(Predicate<DeliveredStream> which) {
		List<DeliveredStream> found = matching(which);
		found.forEach(DeliveredStream::complete);
		return found.size();
	}

	private List<DeliveredStream> matching(Predicate<DeliveredStream> which) {
		return this.delivery.streams().all().stream().filter(which).toList();
	}

	private static Predicate<DeliveredStream> of(String user) {
		Assert.notNull(user, "'user' must not be null");
		return (stream) -> user.equals(stream.getUser());
	}

	private static Predicate<DeliveredStream> subscribedTo(String topic) {
		Topic concrete = Topic.of(topic);
		return (stream) -> stream.getPatterns().stream().anyMatch((pattern) -> pattern.matches(concrete));
	}

}
