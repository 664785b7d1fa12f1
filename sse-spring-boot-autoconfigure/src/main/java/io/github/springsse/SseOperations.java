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
 * Publishes events. Inject it wherever the application creates events.
 * {@link SseTemplate} is the standard implementation.
 * <p>
 * Any thread may publish. Publishing never waits for a client. It waits only while the
 * delivery threads of this node have a long backlog and, with a log that several nodes
 * share, for the answer of the log, up to a configured time. Do not publish while holding
 * a lock that delivery threads need. For example, a logging appender that publishes must
 * not lock, because it would block a delivery thread that logs.
 * <p>
 * In a Spring transaction, events are held back until the commit and then sent in the
 * order of the calls. After a rollback, they are never sent. The data of an event is
 * written as text just before the commit, after JPA has flushed its changes. An object
 * that changes after the call is therefore sent in its committed state, with its new
 * version and timestamps, and lazy collections can be read. To send the state at the time
 * of the call, publish a copy, such as a record. If the data cannot be written, the
 * transaction fails before its commit. A failure after the commit, for example of a
 * shared log that is unreachable, does not reach the caller, because the transaction has
 * succeeded. It is logged, counted, and passed to the {@link PublishFailureHandler}.
 * <p>
 * Without a transaction, and with {@link #immediately()}, which ignores transactions, the
 * call writes the data and sends the event. If configured, an event is also held back
 * while a shared log is unreachable.
 *
 * @since 0.1.0
 */
public interface SseOperations {

	/**
	 * Publish data as an event without a name. It is written with its runtime type,
	 * because the declared type is unknown. Elements of a list therefore lack the
	 * {@code @JsonTypeInfo} of their supertype. {@link SseEvent#withHints} adds the
	 * declared type. Methods with {@link SsePublish} and {@link SseTopic} do so
	 * themselves.
	 * @param topic the topic
	 * @param data the data; an object is written as JSON, a {@code String} unchanged
	 * @return the id of the event as sent to clients, {@code null} if the event is held
	 * back
	 * @throws InvalidSseDataException if the value cannot be the data of an event, such
	 * as a future, an {@link java.util.Optional} or a list of events
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	@Nullable String publish(String topic, Object data);

	/**
	 * Publish an event.
	 * @param topic the topic
	 * @param event the event
	 * @return the id of the event as sent to clients, {@code null} if the event is held
	 * back
	 * @throws InvalidSseDataException if the value in the event cannot be the data of an
	 * event
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	@Nullable String publish(String topic, SseEvent event);

	/**
	 * Publish to the streams of one user, which are those of a method with
	 * <code>@SseTopic("users/{user}/...")</code>. The name may contain any characters,
	 * because it is {@linkplain Topic#encodeSegment encoded} in the topic.
	 * @param user the name of the user
	 * @param topic the topic below <code>users/{user}</code>
	 * @param data the data, or an {@link SseEvent}
	 * @return the id of the event as sent to clients, {@code null} if the event is held
	 * back
	 * @throws InvalidSseDataException if the value cannot be the data of an event
	 * @throws InvalidTopicException if the topic is not well formed, or the name of the
	 * user is empty
	 */
	default @Nullable String publishToUser(String user, String topic, Object data) {
		Assert.notNull(user, "'user' must not be null");
		Assert.notNull(topic, "'topic' must not be null");
		return publish("users/" + Topic.encodeSegment(user) + "/" + topic, data);
	}

	/**
	 * End a topic after everything that was published before. A stream whose topics have
	 * all ended receives the remaining events and is closed. A client that received the
	 * end and reconnects is answered with status 204, so that it stops. Publishing to the
	 * topic starts it again. A source that publishes to the topic, on any node, is
	 * cancelled when its node reads the end.
	 * @param topic the topic
	 * @throws InvalidTopicException if the topic is not well formed
	 */
	void complete(String topic);

	/**
	 * Publish each element of a source as an event of a topic, with
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
	 * Publish each element of a source as an event of a topic, as soon as it arrives. An
	 * {@link SseEvent} is published unchanged, any other element as
	 * {@link #publish(String, Object)} does. A {@code String} is a piece of a text, and a
	 * slow client receives several pieces as one event. To prevent the joining, for
	 * example of JSON, use objects or {@code SseEvent}. The topic ends with the source.
	 * If the source fails, an event {@code failed} precedes the end. If the topic had
	 * ended, clients no longer receive its earlier events.
	 * <p>
	 * Returns at once. Another thread subscribes to the source, with the security and
	 * observation context of the caller, in a transaction after its commit. It requests
	 * no more elements than the log accepts. A {@code Stream} or {@code Iterable} is read
	 * by a thread that may block.
	 * @param topic the topic
	 * @param source a {@code Flux}, a {@code Flow.Publisher}, or another multi-value type
	 * that Spring's {@code ReactiveAdapterRegistry} supports; a {@code Stream}, which is
	 * closed; or an {@code Iterable}
	 * @param options how to publish it
	 * @return the publication
	 * @throws InvalidSseDataException if the object is not a source
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws SourceBusyException if the topic has a source that has not ended, on this
	 * node or another
	 * @throws IllegalStateException if the application is shutting down
	 * @throws SourceEndedException if a source of the topic has ended, and the options do
	 * not allow another one
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 * @see SseAnswerEndedEvent
	 */
	SsePublication publishAll(String topic, Object source, SsePublishOptions options);

	/**
	 * Cancel the source of a topic, on whichever node it runs, and end the topic. Does
	 * nothing if the topic has no source.
	 * @param topic the topic
	 * @throws InvalidTopicException if the topic is not well formed
	 * @throws EventLogUnavailableException if the log is shared and could not be reached
	 */
	void cancel(String topic);

	/**
	 * Return operations that ignore transactions.
	 * @return operations that take effect immediately
	 */
	SseOperations immediately();

}
