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

import io.github.springsse.log.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * An entry of the stream: an entry of the log, or a message between nodes.
 *
 * @param kind the kind
 * @param token identifies repeated entries, {@code null} if the entry cannot be repeated
 * @param entry the entry of the log, {@code null} for a message between nodes
 * @param text the text of a message between nodes, otherwise empty
 */
record Message(Kind kind, @Nullable Token token, @Nullable LogEntry entry, String text) {

	static Message of(LogEntry entry, @Nullable Token token) {
		Kind kind = switch (entry.kind()) {
			case EVENT -> Kind.EVENT;
			case PIECE -> Kind.PIECE;
			case BEGIN -> Kind.BEGIN;
			case END -> Kind.END;
			case DISCONNECT_TOPIC -> Kind.DISCONNECT_TOPIC;
			case DISCONNECT_USER -> Kind.DISCONNECT_USER;
			case CANCEL -> Kind.CANCEL;
		};
		return new Message(kind, token, entry, "");
	}

	static Message of(Kind kind, String text) {
		return new Message(kind, null, null, text);
	}

	/**
	 * The kinds of entries, and the letters by which the stream identifies them.
	 */
	enum Kind {

		/** An event. */
		EVENT('e', LogEntry.Kind.EVENT),

		/** A piece of a text. */
		PIECE('p', LogEntry.Kind.PIECE),

		/** The beginning of the elements of a source. */
		BEGIN('b', LogEntry.Kind.BEGIN),

		/** The end of a topic. */
		END('x', LogEntry.Kind.END),

		/** The command to close the streams of a topic. */
		DISCONNECT_TOPIC('t', LogEntry.Kind.DISCONNECT_TOPIC),

		/** The command to close the streams of a user. */
		DISCONNECT_USER('u', LogEntry.Kind.DISCONNECT_USER),

		/** The command to cancel the source of a topic. */
		CANCEL('c', LogEntry.Kind.CANCEL),

		/** A generation of the log begins; the text is its name. */
		LIFE('l', null),

		/** Entries were lost; the text is the id of the last lost entry that is known. */
		LOST('g', null);

		private final char letter;

		private final LogEntry.@Nullable Kind entryKind;

		Kind(char letter, LogEntry.@Nullable Kind entryKind) {
			this.letter = letter;
			this.entryKind = entryKind;
		}

		char letter() {
			return this.letter;
		}

		LogEntry.@Nullable Kind entryKind() {
			return this.entryKind;
		}

		static @Nullable Kind of(String text) {
			for (Kind kind : values()) {
				if (text.length() == 1 && text.charAt(0) == kind.letter) {
					return kind;
				}
			}
			return null;
		}

	}

}
