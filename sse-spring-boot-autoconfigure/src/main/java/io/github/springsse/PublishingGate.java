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
 * Holds back what is published until it is true, such as until a transaction has
 * committed. Called by the thread that publishes.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PublishingGate {

	/** Holds nothing back. */
	PublishingGate OPEN = (publication) -> false;

	/**
	 * Take a publication to send it later, or never, in the order in which publications
	 * are taken.
	 * @param publication an event, the end of a topic, or a source
	 * @return {@code false} if the publication was not taken, and is to be sent at once
	 */
	boolean holdBack(Publication publication);

	/**
	 * An event, the end of a topic, or a source, that is about to be published. To be
	 * used by one thread at a time.
	 */
	interface Publication {

		/**
		 * Return the topic.
		 * @return the topic
		 */
		String topic();

		/**
		 * Return the event.
		 * @return the event, or {@code null} if the topic ends, or a source begins
		 */
		@Nullable SseEvent event();

		/**
		 * Write the data of the event as text, as it is now. Does nothing if that was
		 * done before.
		 * @throws InvalidSseDataException if that is no data
		 * @throws RuntimeException if the data cannot be written
		 */
		void write();

		/**
		 * Append to the log, after {@link #write()} if that was not done; begin to
		 * publish a source.
		 * @throws EventLogUnavailableException if the log is shared and could not be
		 * reached
		 * @throws RuntimeException if nothing was published for another reason
		 */
		void send();

		/**
		 * Give up what was taken and will not be sent, such as after a rollback. It must
		 * not block, and fail. Does nothing by default.
		 */
		default void discard() {
		}

	}

}
