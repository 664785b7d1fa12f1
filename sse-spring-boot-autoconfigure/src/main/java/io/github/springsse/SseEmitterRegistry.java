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
	 * Create a stream for topics that are known only at run time. A controller method is
	 * to return it, or a {@code CompletableFuture} or the like that has it later, and a
	 * {@code RouterFunction} is to return {@code SseServerResponse.of(stream)}; it is
	 * opened then and gets every event published since this call. Until then it is not in
	 * the registry.
	 * <p>
	 * A value of a request that becomes part of a topic is to be
	 * {@linkplain Topic#encodeSegment encoded}, or checked: as {@code **} it would
	 * subscribe to every topic.
	 * @param topics the topics or patterns, one at least
	 * @return the stream
	 * @throws InvalidTopicException if one of the topics is not well formed. Nothing
	 * makes an error of the client of it: what clients choose is to be checked before
	 */
	SseStream subscribe(String... topics);

	/**
	 * Create a stream as {@link #subscribe(String...)} does, with a snapshot.
	 * @param topics the topics or patterns, one at least
	 * @param snapshot returns what a method with {@link SseTopic} would return. It is
	 * asked when the stream is opened, by the thread of the request, and only for a
	 * client that is new, or has missed something that is gone: a check of access must
	 * not be in it, since a client that sends an id of the log gets events without;
	 * {@code null} for none
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
	 * Return the number of open streams that an event on the topic would reach. It looks
	 * at each stream, so its cost grows with their number.
	 * @param topic the topic
	 * @return the number of streams
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	int count(String topic);

	/**
	 * Return the open streams.
	 * @return a snapshot, unmodifiable
	 */
	Collection<SseStream> streams();

	/**
	 * Return the open streams that an event on the topic would reach.
	 * @param topic the topic
	 * @return a snapshot, unmodifiable
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	Collection<SseStream> streamsOfTopic(String topic);

	/**
	 * Return the open streams of a user.
	 * @param user the name of the user
	 * @return a snapshot, unmodifiable
	 */
	Collection<SseStream> streamsOfUser(String user);

	/**
	 * Find an open stream.
	 * @param id the id of the stream
	 * @return the stream, if it is open
	 */
	Optional<SseStream> find(String id);

	/**
	 * Close a stream, after what was published before. Its client will reconnect.
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
