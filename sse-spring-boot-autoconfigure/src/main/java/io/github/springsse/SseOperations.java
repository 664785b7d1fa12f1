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

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Publishes events. To be injected where events arise; {@link SseTemplate} implements it.
 * <p>
 * Any thread may publish. Publishing never waits for a client. It waits only while the
 * delivery threads of this node have a long backlog themselves or, where the log is
 * shared by several nodes, for its answer, up to a configured time. So publish nothing
 * while holding a lock that delivery threads need: a logging appender that publishes must
 * not be one that locks, as it would hold up a delivery thread that logs.
 * <p>
 * In a Spring transaction, what is published is held back until the transaction has
 * committed, and then sent in the order of the calls; if it rolls back, it is never sent.
 * The data of an event is written as text just before the commit, after JPA has written
 * its changes: an object that is changed after the call is sent as it is committed, with
 * its new version and times, and lazy collections can be read. Publish a copy, such as a
 * record, where the object is to be sent as it is at the call. What cannot be written
 * fails the transaction before its commit. What fails after the commit, as when a shared
 * log cannot be reached, does not reach the caller, as the transaction has not failed: it
 * is logged, counted, and given to the {@link PublishFailureHandler}.
 * <p>
 * Elsewhere, and with {@link #immediately()}, which does not wait for transactions, data
 * is written and the event sent at the call. An event is also held back while a shared
 * log cannot be reached, if that is configured.
 *
 * @since 0.1.0
 */
public interface SseOperations {

	/**
	 * Publish data as an event without a name. It is written as what it is: a declared
	 * type is not known here, so elements of a list have no {@code @JsonTypeInfo} of
	 * their supertype; {@link SseEvent#withHints} gives one, as methods with
	 * {@link SsePublish} and {@link SseTopic} do.
	 * @param topic the topic
	 * @param data the data; an object is written as JSON, a {@code String} as it is
	 * @return the id of the event as clients get it, or {@code null} if it is held back
	 * @throws InvalidSseDataException if that is no data, such as a future, an
	 * {@link java.util.Optional} or a list of events
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	@Nullable String publish(String topic, Object data);

	/**
	 * Publish an event.
	 * @param topic the topic
	 * @param event the event
	 * @return the id of the event as clients get it, or {@code null} if it is held back
	 * @throws InvalidSseDataException if what it has is no data
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	@Nullable String publish(String topic, SseEvent event);

	/**
	 * Publish to the streams of one user: those of a method with
	 * <code>@SseTopic("users/{user}/...")</code>. The name may have any characters: in
	 * the topic it is {@linkplain Topic#encodeSegment encoded}.
	 * @param user the name of the user
	 * @param topic the topic below <code>users/{user}</code>
	 * @param data the data, or an {@link SseEvent}
	 * @return the id of the event as clients get it, or {@code null} if it is held back
	 * @throws InvalidSseDataException if that is no data
	 * @throws InvalidTopicException if the topic is not well formed, or the name of the
	 * user is empty
	 */
	default @Nullable String publishToUser(String user, String topic, Object data) {
		Assert.notNull(user, "'user' must not be null");
		Assert.notNull(topic, "'topic' must not be null");
		return publish("users/" + Topic.encodeSegment(user) + "/" + topic, data);
	}

	/**
	 * End a topic: nothing comes after what was published before. Streams whose topics
	 * have all ended get what is left, and are closed; a client that reconnects then,
	 * having seen the end, is told to stop. Publishing to the topic begins it again. A
	 * source that publishes to it, on any node, is cancelled when its node reads the end.
	 * @param topic the topic
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	void complete(String topic);

	/**
	 * Publish the elements of a source, each as an event of a topic, with
	 * {@linkplain SsePublishOptions#DEFAULT default options}.
	 * @param topic the topic
	 * @param source the source
	 * @return the publication
	 * @see #publishAll(String, Object, SsePublishOptions)
	 */
	default SsePublication publishAll(String topic, Object source) {
		return publishAll(topic, source, SsePublishOptions.DEFAULT);
	}

	/**
	 * Publish the elements of a source, each as an event of a topic, as they come: an
	 * {@link SseEvent} as it is, anything else as {@link #publish(String, Object)} does.
	 * A {@code String} is a piece of a text: a client that is behind gets several as one
	 * event, so what is not to be joined, such as JSON, is to be given as an object or an
	 * {@code SseEvent}. When the source ends, the topic ends. When it fails, an event
	 * {@code failed} comes before the end. What the topic had before, if it had ended, is
	 * left behind.
	 * <p>
	 * This returns at once. The source is subscribed to by another thread, with the
	 * security and observation context of this one, after the commit where there is a
	 * transaction. It is asked for no more elements than the log takes. A {@code Stream}
	 * or {@code Iterable} is read by a thread that may block.
	 * @param topic the topic
	 * @param source a {@code Flux}, {@code Flow.Publisher}, or another type with many
	 * values that Spring's {@code ReactiveAdapterRegistry} knows; a {@code Stream}, which
	 * is closed; or an {@code Iterable}
	 * @param options how to publish it
	 * @return the publication
	 * @throws InvalidSseDataException if that is no source
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws SourceBusyException if the topic has a source that has not ended, here or
	 * on another node
	 * @throws IllegalStateException if the application is shutting down
	 * @throws SourceEndedException if a source of the topic has ended, and the options
	 * say that none is started again
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 * @see SseAnswerEndedEvent
	 */
	SsePublication publishAll(String topic, Object source, SsePublishOptions options);

	/**
	 * Cancel the source of a topic, on whichever node it is, and end the topic. Without a
	 * source, nothing happens.
	 * @param topic the topic
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	void cancel(String topic);

	/**
	 * Return operations that do not wait for transactions.
	 * @return operations whose effect is immediate
	 */
	SseOperations immediately();

}
