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

import org.springframework.util.unit.DataSize;

/**
 * Limits of published events, checked before an event reaches the log and so every node.
 *
 * @param eventSize the maximum size of the data of an event, in bytes of UTF-8
 * @param topicLength the maximum length of a topic, in characters
 */
record PublishLimits(long eventSize, int topicLength) {

	static final PublishLimits DEFAULT = new PublishLimits(DataSize.ofMegabytes(16).toBytes(), TopicSyntax.MAX_LENGTH);

	void checkTopic(Topic topic) {
		String name = topic.toString();
		if (name.length() > this.topicLength) {
			throw new InvalidTopicException("topic", name, this.topicLength,
					"more than " + this.topicLength + " characters (sse.limits.topic-length)");
		}
	}

	void checkData(String topic, String data) {
		if (data.length() > this.eventSize
				|| (data.length() > this.eventSize / 3 && sizeInUtf8(data) > this.eventSize)) {
			throw new InvalidSseDataException(
					"The data of an event on topic '" + topic + "' is larger than " + DataSize.ofBytes(this.eventSize)
							+ " (sse.limits.event-size)",
					"Publish less data, such as a URL from which clients load the rest, or increase sse.limits.event-size");
		}
	}

	static long sizeInUtf8(String text) {
		long result = text.length();
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			// NOTE: the two characters of a surrogate pair take four bytes
			result += (c < 0x80) ? 0 : (c < 0x800 || Character.isSurrogate(c)) ? 1 : 2;
		}
		return result;
	}

}
