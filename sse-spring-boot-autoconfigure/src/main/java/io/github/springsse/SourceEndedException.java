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
 * Thrown where a source is to be published to a topic that has ended, and
 * {@link SsePublishOptions#startAgain} says that it is not started again.
 *
 * @since 0.1.0
 */
public class SourceEndedException extends IllegalStateException {

	private final String topic;

	private final @Nullable EventId end;

	/**
	 * Create an exception.
	 * @param topic the topic
	 * @param end the entry that has ended it, {@code null} if this node has read it
	 */
	public SourceEndedException(Topic topic, @Nullable EventId end) {
		super("Topic '" + topic + "' has ended, and its source is not started again. Subscribe to the topic, use "
				+ "another one, or allow it with SsePublishOptions.startAgain(true)");
		this.topic = topic.toString();
		this.end = end;
	}

	/**
	 * Return the topic.
	 * @return the topic
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * Return the entry that has ended the topic.
	 * @return the id, {@code null} if this node has read it
	 */
	public @Nullable EventId getEnd() {
		return this.end;
	}

}
