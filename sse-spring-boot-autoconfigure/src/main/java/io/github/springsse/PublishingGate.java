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

/**
 * Holds publications back until a condition is met, such as the commit of a transaction.
 * Called by the publishing thread.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishingGate {

	/** A gate that holds nothing back. */
	PublishingGate OPEN = (publication) -> false;

	/**
	 * Accept a publication to send it later or never. Accepted publications are sent in
	 * the order in which they were accepted.
	 * @param publication an event, the end of a topic, or a source
	 * @return {@code false} if the publication was not accepted, and the caller must send
	 * it at once
	 */
	boolean holdBack(Publication publication);

	/**
	 * A pending publication: an event, the end of a topic, or a source. Used by one
	 * thread at a time.
	 */
	interface Publication {

		/**
		 * Return the topic.
		 * @return the topic
		 */
		String topic();

		/**
		 * Return the event.
		 * @return the event, {@code null} for the end of a topic or a source
		 */
		@Nullable SseEvent event();

		/**
		 * Write the data of the event as text, in its current state. Does nothing if the
		 * data is already written.
		 * @throws InvalidSseDataException if the value cannot be the data of an event
		 * @throws RuntimeException if the data cannot be written
		 */
		void write();

		/**
		 * Append the event or the end to the log, after {@link #write()} if it was not
		 * called; or start the source.
		 * @throws EventLogUnavailableException if the log is shared and could not be
		 * reached
		 * @throws RuntimeException if nothing was published, for another reason
		 */
		void send();

		/**
		 * Discard an accepted publication that will not be sent, for example after a
		 * rollback. Must neither block nor throw an exception. Does nothing by default.
		 */
		default void discard() {
		}

	}

}
