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
 * An event to publish: data, and optionally a name and a key. The
 * {@link io.github.springsse.log.EventLog} assigns the id. Immutable.
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
	 * Create an event without a name, for the {@code onmessage} handler of the browser.
	 * @param data the data; an object is written as JSON, a {@code String} unchanged
	 * @return the event
	 */
	public static SseEvent of(Object data) {
		return new SseEvent(null, data, null, null, SsePayloadHints.NONE);
	}

	/**
	 * Create an event with a name, for {@code addEventListener(name, ...)}.
	 * @param name the name, at most 512 characters
	 * @param data the data; an object is written as JSON, a {@code String} unchanged
	 * @return the event
	 * @throws IllegalArgumentException if the name is empty or too long, or contains CR,
	 * LF or NUL, which could forge other fields
	 */
	public static SseEvent of(String name, Object data) {
		Assert.hasLength(name, "'name' must not be empty");
		checkLength("name", name, "move the variable parts into the data");
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
	 * Return a copy of this event with a key. The key identifies the subject of the
	 * event, such as the id of a book. Older events of the same key may be left out where
	 * only the latest matters ({@link OverflowPolicy#LATEST}). All events without a key
	 * share one key.
	 * @param key the key, at most 512 characters
	 * @return a new event
	 * @throws IllegalArgumentException if the key is too long
	 */
	public SseEvent withKey(String key) {
		Assert.notNull(key, "'key' must not be null");
		checkLength("key", key, "use the id of the subject of the event, or a hash of it");
		return new SseEvent(this.name, this.data, key, this.exceptStream, this.hints);
	}

	/**
	 * Return a copy of this event that one stream does not receive. Usually this is the
	 * stream of the client that caused the event and already knows of it.
	 * @param streamId the {@linkplain SseStream#getId() id} of that stream. The id of an
	 * unknown stream excludes no stream; an id of more than 512 characters is ignored
	 * @return a new event
	 */
	public SseEvent exceptStream(String streamId) {
		Assert.notNull(streamId, "'streamId' must not be null");
		return new SseEvent(this.name, this.data, this.key, (streamId.length() <= MAX_LENGTH) ? streamId : null,
				this.hints);
	}

	/**
	 * Return a copy of this event with hints for writing its data, such as the declared
	 * type or a view. Events from annotated methods have the hints of their method.
	 * @param hints the hints
	 * @return a new event
	 */
	public SseEvent withHints(SsePayloadHints hints) {
		Assert.notNull(hints, "'hints' must not be null");
		return new SseEvent(this.name, this.data, this.key, this.exceptStream, hints);
	}

	/**
	 * Check the length of a text that is kept with each event.
	 */
	private static void checkLength(String what, String value, String action) {
		Assert.isTrue(value.length() <= MAX_LENGTH, () -> "'" + what + "' must not have more than " + MAX_LENGTH
				+ " characters, and has " + value.length() + ": " + action);
	}

	/**
	 * Return the name.
	 * @return the name, {@code null} for an event of the default type {@code message}
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
	 * @return the key, {@code null} if there is none
	 */
	public @Nullable String getKey() {
		return this.key;
	}

	/**
	 * Return the id of the stream that does not receive this event.
	 * @return the id of the stream, {@code null} if there is none
	 */
	public @Nullable String getExceptStream() {
		return this.exceptStream;
	}

	/**
	 * Return the hints for writing the data.
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
