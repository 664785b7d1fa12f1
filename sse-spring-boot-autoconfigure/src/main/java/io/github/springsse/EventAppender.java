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

/**
 * The write side of an event log, used by {@link SseTemplate} and
 * {@link SseClusterTemplate}. {@link io.github.springsse.log.EventLog} extends it.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public interface EventAppender {

	/**
	 * Append an event.
	 * @param topic the topic
	 * @param event the event
	 * @param data the data of the event, as sent to clients
	 * @return the id of the event as sent to clients, {@code null} if the event is
	 * buffered until the log is reachable
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	@Nullable String appendEvent(Topic topic, SseEvent event, String data);

	/**
	 * Append the end of a topic.
	 * @param topic the topic
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void appendEnd(Topic topic);

	/**
	 * Append a command that makes every node disconnect the streams of a topic.
	 * @param topic the topic
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void appendDisconnectTopic(Topic topic);

	/**
	 * Append a command that makes every node disconnect the streams of a user.
	 * @param user the name of the user
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void appendDisconnectUser(String user);

}
