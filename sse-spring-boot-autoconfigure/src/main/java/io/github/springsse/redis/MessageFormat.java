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

package io.github.springsse.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.springsse.SseException;
import io.github.springsse.Topic;
import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Format of a {@link Message} as fields of an entry of the stream. All values are UTF-8;
 * a field without a value is omitted.
 *
 * <table>
 * <caption>Fields of version 1</caption>
 * <tr>
 * <td>{@code v}</td>
 * <td>the version, {@code 1}</td>
 * </tr>
 * <tr>
 * <td>{@code k}</td>
 * <td>the kind, a {@linkplain Message.Kind#letter() letter}</td>
 * </tr>
 * <tr>
 * <td>{@code n}</td>
 * <td>the {@link Token}</td>
 * </tr>
 * <tr>
 * <td>{@code t}</td>
 * <td>the topic</td>
 * </tr>
 * <tr>
 * <td>{@code e}</td>
 * <td>the name of the event</td>
 * </tr>
 * <tr>
 * <td>{@code y}</td>
 * <td>the key of the event</td>
 * </tr>
 * <tr>
 * <td>{@code x}</td>
 * <td>the id of the one client stream that does not receive the event</td>
 * </tr>
 * <tr>
 * <td>{@code d}</td>
 * <td>the data, the user, or the text</td>
 * </tr>
 * </table>
 *
 * A reader ignores unknown fields, and skips entries of an unknown version or kind. So a
 * change that older readers would misunderstand needs a new version or kind.
 */
final class MessageFormat {

	static final String VERSION = "1";

	/** The heap size of a map with its table. */
	private static final int MAP = 56 + 80;

	/**
	 * The heap size of a field: its entry in the map, its name, and its array without the
	 * bytes.
	 */
	private static final int FIELD = 40 + 24 + 20;

	private MessageFormat() {
	}

	static Map<byte[], byte[]> write(Message message) {
		// NOTE: arrays as keys are compared by identity, and never looked up
		Map<byte[], byte[]> fields = new LinkedHashMap<>();
		put(fields, 'v', VERSION);
		put(fields, 'k', String.valueOf(message.kind().letter()));
		if (message.token() != null) {
			put(fields, 'n', message.token().toString());
		}
		LogEntry entry = message.entry();
		if (entry != null) {
			put(fields, 't', entry.topic().toString());
			put(fields, 'e', entry.event());
			put(fields, 'y', entry.key());
			put(fields, 'x', entry.exceptStream());
		}
		put(fields, 'd', (entry != null) ? entry.data() : message.text());
		return fields;
	}

	/**
	 * Return the approximate heap size of a message on a 64-bit virtual machine.
	 */
	static int size(Map<byte[], byte[]> fields) {
		return MAP + fields.values().stream().mapToInt((value) -> value.length + FIELD).sum();
	}

	private static void put(Map<byte[], byte[]> fields, char name, @Nullable String value) {
		if (value != null) {
			fields.put(new byte[] { (byte) name }, value.getBytes(StandardCharsets.UTF_8));
		}
	}

	/**
	 * Read an entry of the stream.
	 * @return the message
	 * @throws UnknownMessageException if its version or kind is unknown, or it is no
	 * entry of this library
	 */
	static Message read(Map<byte[], byte[]> fields) {
		@Nullable String[] values = new String[128];
		fields.forEach((name, value) -> {
			if (name.length == 1 && name[0] >= 0) {
				values[name[0]] = new String(value, StandardCharsets.UTF_8);
			}
		});
		String version = values['v'];
		if (!VERSION.equals(version)) {
			throw new UnknownMessageException("is of version " + version + ", and this node supports " + VERSION);
		}
		String letter = values['k'];
		Message.Kind kind = (letter != null) ? Message.Kind.of(letter) : null;
		if (kind == null) {
			throw new UnknownMessageException("is of kind " + letter + ", which this node does not know");
		}
		String data = (values['d'] != null) ? values['d'] : "";
		Token token = (values['n'] != null) ? Token.parse(values['n']) : null;
		LogEntry.Kind entryKind = kind.entryKind();
		if (entryKind == null) {
			return new Message(kind, token, null, data);
		}
		return new Message(kind, token,
				new LogEntry(entryKind, topic(values['t']), values['e'], values['y'], data, values['x']), "");
	}

	private static Topic topic(@Nullable String text) {
		try {
			return Topic.of((text != null) ? text : "");
		}
		catch (SseException ex) {
			throw new UnknownMessageException("has an invalid topic: " + ex.getMessage());
		}
	}

	/**
	 * Thrown for an entry that this node cannot read.
	 */
	static final class UnknownMessageException extends RuntimeException {

		UnknownMessageException(String message) {
			super(message);
		}

	}

}
