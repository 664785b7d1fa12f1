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
 * Thrown when a topic or a pattern is not well formed. The message states the fault and
 * its position.
 *
 * @since 0.1.0
 */
public class InvalidTopicException extends SseException {

	private final String topic;

	private final int position;

	private final String fault;

	InvalidTopicException(String kind, String topic, int position, String fault) {
		super("Invalid " + kind + " '" + printable(topic) + "': " + fault + " at position " + position, null);
		this.topic = topic;
		this.position = position;
		this.fault = fault;
	}

	/**
	 * Return the rejected text.
	 * @return the text, unchanged
	 */
	public String getTopic() {
		return this.topic;
	}

	/**
	 * Return the position of the fault.
	 * @return the index of the first invalid character, counted from 0
	 */
	public int getPosition() {
		return this.position;
	}

	String fault() {
		return this.fault;
	}

	private static String printable(String topic) {
		StringBuilder result = new StringBuilder();
		for (int i = 0; i < Math.min(topic.length(), 100); i++) {
			char c = topic.charAt(i);
			result.append((Character.isISOControl(c) || Character.isSurrogate(c)) ? '\uFFFD' : c);
		}
		return (topic.length() > 100) ? result.append("...").toString() : result.toString();
	}

}
