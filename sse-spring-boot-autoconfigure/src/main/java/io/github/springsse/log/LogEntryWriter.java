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

package io.github.springsse.log;

import io.github.springsse.EventDataWriter;
import io.github.springsse.InvalidSseDataException;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.Topic;

import org.springframework.util.unit.DataSize;

/**
 * Writes events as log entries. Immutable; thread-safe if its encoder is.
 *
 * @since 0.1.0
 */
public final class LogEntryWriter {

	private final EventDataWriter data;

	/**
	 * Create a writer.
	 * @param encoder writes data that is not a {@code String}
	 * @param maxEventSize the maximum size of the data of an event, in UTF-8
	 */
	public LogEntryWriter(SsePayloadEncoder encoder, DataSize maxEventSize) {
		this.data = new EventDataWriter(encoder, maxEventSize);
	}

	/**
	 * Write an event.
	 * @param topic the topic
	 * @param event the event
	 * @return the entry
	 * @throws InvalidSseDataException if the data cannot be sent, or is too large
	 * @throws RuntimeException if the encoder cannot write it
	 */
	public LogEntry event(Topic topic, SseEvent event) {
		return LogEntry.event(topic, event, this.data.write(topic, event));
	}

	/**
	 * Write a piece of a text.
	 * @param topic the topic
	 * @param text the piece
	 * @return the entry
	 * @throws InvalidSseDataException if the piece is too large
	 */
	public LogEntry piece(Topic topic, String text) {
		this.data.check(topic, text);
		return LogEntry.piece(topic, text);
	}

	/**
	 * Return the maximum size of the data of an event.
	 * @return the number of bytes in UTF-8
	 */
	public long maxEventBytes() {
		return this.data.maxEventBytes();
	}

}
