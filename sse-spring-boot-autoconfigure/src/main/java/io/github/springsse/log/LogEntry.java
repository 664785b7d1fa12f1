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

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * An entry of an {@link EventLog}: an event whose data is already written as text, the
 * start or the end of a topic, or a command to all nodes.
 *
 * @param kind the kind of the entry
 * @param topic the topic; without meaning for a command that does not concern a topic
 * @param event the name of the event, {@code null} for the default type
 * @param key the key of the event, {@code null} if there is none
 * @param data the data of an event as it will be sent; for a command, the name of the
 * user whose streams are closed; for an end, its attributes; otherwise empty
 * @param exceptStream the id of the stream that does not receive the event, {@code null}
 * if there is none
 * @since 0.1.0
 */
public record LogEntry(Kind kind, Topic topic, @Nullable String event, @Nullable String key, String data,
		@Nullable String exceptStream) {

	/** The data of an end after which responses are cut. */
	private static final String CUT = "cut";

	/** The data of the end of an interrupted source that may be started again. */
	private static final String INTERRUPTED = "interrupted";

	private static final Topic NO_TOPIC = Topic.of("sse");

	/**
	 * Create the entry for an event.
	 * @param topic the topic
	 * @param event the event
	 * @param data the data as it will be sent
	 * @return the entry
	 */
	public static LogEntry event(Topic topic, SseEvent event, String data) {
		return new LogEntry(Kind.EVENT, topic, event.getName(), event.getKey(), data, event.getExceptStream());
	}

	/**
	 * Create the entry that ends a topic.
	 * @param topic the topic
	 * @return the entry
	 */
	public static LogEntry end(Topic topic) {
		return new LogEntry(Kind.END, topic, null, null, "", null);
	}

	/**
	 * Create the entry that ends a topic.
	 * @param topic the topic
	 * @param cut whether responses are cut, as after a failure, instead of ended normally
	 * @return the entry
	 */
	public static LogEntry end(Topic topic, boolean cut) {
		return new LogEntry(Kind.END, topic, null, null, cut ? CUT : "", null);
	}

	/**
	 * Create the entry that ends a topic whose source was interrupted and may be started
	 * again.
	 * @param topic the topic
	 * @return the entry
	 */
	public static LogEntry interruptedEnd(Topic topic) {
		return new LogEntry(Kind.END, topic, null, null, INTERRUPTED, null);
	}

	/**
	 * Create the entry that starts the elements of a source. Earlier entries of the topic
	 * do not belong to this source.
	 * @param topic the topic
	 * @return the entry
	 */
	public static LogEntry begin(Topic topic) {
		return new LogEntry(Kind.BEGIN, topic, null, null, "", null);
	}

	/**
	 * Create the entry for a piece of a text.
	 * @param topic the topic
	 * @param text the piece
	 * @return the entry
	 */
	public static LogEntry piece(Topic topic, String text) {
		return new LogEntry(Kind.PIECE, topic, null, null, text, null);
	}

	/**
	 * Create the command to cancel the source of a topic.
	 * @param topic the topic
	 * @return the entry
	 */
	public static LogEntry cancel(Topic topic) {
		return new LogEntry(Kind.CANCEL, topic, null, null, "", null);
	}

	/**
	 * Create the command to close every stream that an event on a topic would reach.
	 * @param topic the topic
	 * @return the entry
	 */
	public static LogEntry disconnectTopic(Topic topic) {
		return new LogEntry(Kind.DISCONNECT_TOPIC, topic, null, null, "", null);
	}

	/**
	 * Create the command to close every stream of a user.
	 * @param user the name of the user
	 * @return the entry
	 */
	public static LogEntry disconnectUser(String user) {
		return new LogEntry(Kind.DISCONNECT_USER, NO_TOPIC, null, null, user, null);
	}

	/**
	 * Return whether this is a command. Each node executes a command once and does not
	 * keep it.
	 * @return whether it is a command
	 */
	public boolean isCommand() {
		return this.kind == Kind.DISCONNECT_TOPIC || this.kind == Kind.DISCONNECT_USER || this.kind == Kind.CANCEL;
	}

	/**
	 * Return whether this is the end of a topic after which responses are cut.
	 * @return whether responses are cut
	 */
	public boolean isCut() {
		return this.kind == Kind.END && CUT.equals(this.data);
	}

	/**
	 * Return whether this is the end of a topic whose source was interrupted and may be
	 * started again.
	 * @return whether the source may be started again
	 */
	public boolean isInterrupted() {
		return this.kind == Kind.END && INTERRUPTED.equals(this.data);
	}

	/**
	 * The kinds of entries.
	 */
	public enum Kind {

		/** An event. */
		EVENT,

		/**
		 * An event of the default type whose data is a piece of a text. It may be joined
		 * with adjacent pieces.
		 */
		PIECE,

		/** The start of the elements of a source. */
		BEGIN,

		/** The end of a topic. */
		END,

		/** A command: close every stream that an event on the topic would reach. */
		DISCONNECT_TOPIC,

		/** A command: close every stream of a user. */
		DISCONNECT_USER,

		/** A command: cancel the source of the topic. */
		CANCEL

	}

}
