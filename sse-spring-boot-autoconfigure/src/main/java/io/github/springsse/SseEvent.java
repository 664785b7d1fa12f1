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
 * An event to publish: data, and optionally a name and a key. The id is given by the
 * {@link io.github.springsse.log.EventLog}. Immutable.
 *
 * @since 0.1.0
 */
public final class SseEvent {

	private static final int MAX_LENGTH = 512;

	private final @Nullable String name;

	private final Object data;

	private final @Nullable String key;

	private final @Nullable String exceptStream;

	private final SsePayloadHints hints;

	private SseEvent(@Nullable String name, Object data, @Nullable String key, @Nullable String exceptStream,
			SsePayloadHints hints) {
		Assert.notNull(data, "'data' must not be null");
		this.name = name;
		this.data = data;
		this.key = key;
		this.exceptStream = exceptStream;
		this.hints = hints;
	}

	/**
	 * Create an event without a name: the browser's {@code onmessage} gets it.
	 * @param data the data; an object is written as JSON, a {@code String} as it is
	 * @return the event
	 */
	public static SseEvent of(Object data) {
		return new SseEvent(null, data, null, null, SsePayloadHints.NONE);
	}

	/**
	 * Create an event with a name: {@code addEventListener(name, ...)} gets it.
	 * @param name the name, of 512 characters at most
	 * @param data the data; an object is written as JSON, a {@code String} as it is
	 * @return the event
	 * @throws IllegalArgumentException if the name is empty, too long, or has a CR, LF or
	 * NUL, which would let it forge other fields
	 */
	public static SseEvent of(String name, Object data) {
		Assert.hasLength(name, "'name' must not be empty");
		checkLength("name", name, "put what varies into the data");
		for (int i = 0; i < name.length(); i++) {
			char c = name.charAt(i);
			if (c == '\r' || c == '\n' || c == '\0') {
				throw new IllegalArgumentException(
						"'name' must not have CR, LF or NUL: U+%04X at position %d".formatted((int) c, i));
			}
		}
		return new SseEvent(name, data, null, null, SsePayloadHints.NONE);
	}

	/**
	 * Return this event with a key: what it is news of, such as the id of a book. Where
	 * only the newest event of each key matters, older ones may be left out. Events
	 * without a key count as one key.
	 * @param key the key, of 512 characters at most
	 * @return a new event
	 * @throws IllegalArgumentException if the key is too long
	 */
	public SseEvent withKey(String key) {
		Assert.notNull(key, "'key' must not be null");
		checkLength("key", key, "use an id of what the event is news of, or a hash of it");
		return new SseEvent(this.name, this.data, key, this.exceptStream, this.hints);
	}

	/**
	 * Return this event for all but one of the streams that are subscribed to its topic:
	 * the one of the client that caused it, and has seen it already.
	 * @param streamId the id of that stream, as {@link SseStream#getId()} returns it. An
	 * id that no stream has leaves out none, and is not kept where it has more than 512
	 * characters
	 * @return a new event
	 */
	public SseEvent exceptStream(String streamId) {
		Assert.notNull(streamId, "'streamId' must not be null");
		return new SseEvent(this.name, this.data, this.key, (streamId.length() <= MAX_LENGTH) ? streamId : null,
				this.hints);
	}

	/**
	 * Return this event with hints of how its data is to be written, such as by a type
	 * that a value does not know, and with a view. What methods return has those that the
	 * method declares.
	 * @param hints the hints
	 * @return a new event
	 */
	public SseEvent withHints(SsePayloadHints hints) {
		Assert.notNull(hints, "'hints' must not be null");
		return new SseEvent(this.name, this.data, this.key, this.exceptStream, hints);
	}

	/**
	 * Check the length of what is kept with each event.
	 */
	private static void checkLength(String what, String value, String action) {
		Assert.isTrue(value.length() <= MAX_LENGTH, () -> "'" + what + "' must not have more than " + MAX_LENGTH
				+ " characters, and has " + value.length() + ": " + action);
	}

	/**
	 * Return the name.
	 * @return the name, or {@code null} for an event of the default type
	 */
	public @Nullable String getName() {
		return this.name;
	}

	/**
	 * Return the data.
	 * @return the data
	 */
	public Object getData() {
		return this.data;
	}

	/**
	 * Return the key.
	 * @return the key, if there is one
	 */
	public @Nullable String getKey() {
		return this.key;
	}

	/**
	 * Return the stream that does not get this event.
	 * @return the id of the stream, if there is one
	 */
	public @Nullable String getExceptStream() {
		return this.exceptStream;
	}

	/**
	 * Return how the data is to be written.
	 * @return the hints, {@link SsePayloadHints#NONE} if there are none
	 */
	public SsePayloadHints getHints() {
		return this.hints;
	}

	@Override
	public String toString() {
		return "SseEvent[name=" + this.name + ", key=" + this.key + ", data=" + this.data + "]";
	}

}
