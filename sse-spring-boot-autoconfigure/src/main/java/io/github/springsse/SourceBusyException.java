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
 * Thrown when a source is published to a topic whose current source has not ended.
 *
 * @since 0.1.0
 */
public class SourceBusyException extends IllegalStateException {

	private final String topic;

	/**
	 * Create an exception.
	 * @param topic the topic
	 */
	public SourceBusyException(Topic topic) {
		super("Topic '" + topic + "' has a source that has not ended, on this node or on another one. "
				+ "Subscribe to the topic, cancel that source first, or use another topic");
		this.topic = topic.toString();
	}

	/**
	 * Return the topic.
	 * @return the topic
	 */
	public String getTopic() {
		return this.topic;
	}

}
