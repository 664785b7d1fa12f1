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

/**
 * Publishes the elements of sources, for {@link SseOperations#publishAll}. Thread-safe.
 *
 * @since 0.1.0
 */
public interface SourcePublisher {

	/**
	 * Start to publish the elements of a source. If {@code gate} waits for a transaction,
	 * the source starts after the commit.
	 * @param topic the topic
	 * @param source the source
	 * @param options how to publish it
	 * @param gate holds the start back
	 * @return the publication
	 * @throws InvalidSseDataException if the object is not a source
	 * @throws SourceBusyException if the topic already has a source, on this node or
	 * another
	 * @throws SourceEndedException if a source of the topic has ended, and the options do
	 * not allow another one
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	SsePublication publish(Topic topic, Object source, SsePublishOptions options, PublishingGate gate);

	/**
	 * Cancel the source of a topic, on whichever node it runs. Does nothing if the topic
	 * has no source.
	 * @param topic the topic
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	void cancel(Topic topic);

}
