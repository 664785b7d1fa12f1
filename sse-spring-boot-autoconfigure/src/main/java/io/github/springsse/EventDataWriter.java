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

import org.springframework.util.Assert;
import org.springframework.util.unit.DataSize;

/**
 * Writes the data of events as text, and rejects data that cannot be sent or is too
 * large. Immutable; thread-safe if its encoder is.
 *
 * @since 0.1.0
 */
public final class EventDataWriter {

	private final SsePayloadEncoder encoder;

	private final PublishLimits limits;

	/**
	 * Create a writer.
	 * @param encoder writes data that is not a {@code String}
	 * @param maxEventSize the maximum size of the data of an event, in UTF-8
	 */
	public EventDataWriter(SsePayloadEncoder encoder, DataSize maxEventSize) {
		this(encoder, new PublishLimits(maxEventSize.toBytes(), PublishLimits.DEFAULT.topicLength()));
		Assert.isTrue(maxEventSize.toBytes() > 0, "'maxEventSize' must be positive");
	}

	EventDataWriter(SsePayloadEncoder encoder, PublishLimits limits) {
		this.encoder = encoder;
		this.limits = limits;
	}

	/**
	 * Write the data of an event.
	 * @param topic the topic
	 * @param event the event
	 * @return the text
	 * @throws InvalidSseDataException if the data cannot be sent, or is too large
	 * @throws RuntimeException if the encoder cannot write it
	 */
	public String write(Topic topic, SseEvent event) {
		Object data = event.getData();
		SseData.check(data, SseData.Place.PUBLISH);
		String text = (data instanceof String string) ? string : this.encoder.encode(data, event.getHints());
		check(topic, text);
		return text;
	}

	/**
	 * Check the size of a text.
	 * @param topic the topic
	 * @param text the text
	 * @throws InvalidSseDataException if the text is too large
	 */
	public void check(Topic topic, String text) {
		this.limits.checkData(topic.toString(), text);
	}

	/**
	 * Return the maximum size of the data of an event.
	 * @return the number of bytes in UTF-8
	 */
	public long maxEventBytes() {
		return this.limits.eventSize();
	}

	/**
	 * Return the size of a text.
	 * @param text the text
	 * @return the number of bytes in UTF-8
	 */
	public static long sizeInUtf8(String text) {
		return PublishLimits.sizeInUtf8(text);
	}

}
