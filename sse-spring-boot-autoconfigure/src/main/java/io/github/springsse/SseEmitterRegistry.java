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

package io.github.springsse;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The open streams of this node. Thread-safe; no method waits for a client.
 *
 * @since 0.1.0
 */
public interface SseEmitterRegistry {

	/**
	 * Create a stream for topics that are known only at run time. A controller method
	 * must return it, directly or as the value of a {@code CompletableFuture} or a
	 * similar type. A {@code RouterFunction} returns
	 * {@code SseServerResponse.of(stream)}. The stream is opened then, and receives every
	 * event published since this call. Until then, the stream is not in the registry.
	 * <p>
	 * If a value of the request becomes part of a topic, {@linkplain Topic#encodeSegment
	 * encode} or check it: the value {@code **} would subscribe to every topic.
	 * @param topics the topics or patterns, at least one
	 * @return the stream
	 * @throws InvalidTopicException if one of the topics is not well formed. The
	 * exception is not mapped to an error of the client, so check topics that clients
	 * choose before this call
	 */
	SseStream subscribe(String... topics);

	/**
	 * Create a stream with a snapshot, as {@link #subscribe(String...)} does.
	 * @param topics the topics or patterns, at least one
	 * @param snapshot returns the same values as a method with {@link SseTopic};
	 * {@code null} for none. It is called when the stream is opened, by the request
	 * thread, and only for a new client or one whose missed events are no longer kept. It
	 * must not contain an access check: a client that sends an id of the log receives
	 * events without it
	 * @return the stream
	 * @throws InvalidTopicException if one of the topics is not well formed
	 */
	SseStream subscribe(Collection<String> topics, @Nullable Supplier<?> snapshot);

	/**
	 * Return the number of open streams.
	 * @return the number of streams
	 */
	int count();

	/**
	 * Return the number of open streams that an event on the topic would reach. Inspects
	 * each stream, so the cost grows with the number of streams.
	 * @param topic the topic
	 * @return the number of streams
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	int count(String topic);

	/**
	 * Return the open streams.
	 * @return an unmodifiable copy
	 */
	Collection<SseStream> streams();

	/**
	 * Return the open streams that an event on the topic would reach.
	 * @param topic the topic
	 * @return an unmodifiable copy
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	Collection<SseStream> streamsOfTopic(String topic);

	/**
	 * Return the open streams of a user.
	 * @param user the name of the user
	 * @return an unmodifiable copy
	 */
	Collection<SseStream> streamsOfUser(String user);

	/**
	 * Find an open stream.
	 * @param id the id of the stream
	 * @return the stream, if it is open
	 */
	Optional<SseStream> find(String id);

	/**
	 * Close a stream after the events that were published before. The client will
	 * reconnect.
	 * @param id the id of the stream
	 * @return whether there was such a stream
	 */
	boolean disconnect(String id);

	/**
	 * Close every stream that an event on the topic would reach.
	 * @param topic the topic
	 * @return the number of streams closed
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	int disconnectTopic(String topic);

	/**
	 * Close every stream of a user.
	 * @param user the name of the user
	 * @return the number of streams closed
	 */
	int disconnectUser(String user);

}
