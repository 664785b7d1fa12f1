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

import java.util.List;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SourceEndedException;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * Gives one source at a time the right to publish to a topic, among all that share an
 * {@link EventLog}. A log that several nodes share implements this beside
 * {@code EventLog}.
 *
 * @since 0.1.0
 */
public interface SourceLeases {

	/**
	 * Take the right to publish to a topic.
	 * @param topic the topic
	 * @param claim how it is taken
	 * @return the lease, {@code null} if another source has it
	 * @throws SourceEndedException if it is for a first source alone, and the log knows
	 * that one has ended
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	@Nullable Lease acquire(Topic topic, Claim claim);

	/**
	 * Take the right to publish to a topic, whatever the topic had before.
	 * @param topic the topic
	 * @return the lease, {@code null} if another source has it
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	default @Nullable Lease acquire(Topic topic) {
		return acquire(topic, Claim.ANY);
	}

	/**
	 * Tell whether a source has the right to publish to a topic, here or elsewhere.
	 * @param topic the topic
	 * @return whether there is a lease
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	boolean isLeased(Topic topic);

	/**
	 * Return the newest entry that sources have appended to a topic, as far as the log
	 * knows, so that a node can tell whether it has read it.
	 * @param topic the topic
	 * @return the id of the entry, {@code null} if none is known, or if every node reads
	 * entries before they are appended
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	default @Nullable EventId newest(Topic topic) {
		return null;
	}

	/**
	 * Set what is appended to a topic whose source ended with its node, if the claim does
	 * not say. It is called by any thread, and must not block.
	 * @param ending returns the entries that end a topic
	 */
	void setEnding(Ending ending);

	/**
	 * The right of one source to publish to a topic, until it is closed or lost.
	 * Thread-safe.
	 */
	interface Lease extends AutoCloseable {

		/**
		 * Return where the log was when the right was taken: a command or an end after
		 * this id is for the source that has it, and one before is not.
		 * @return the id
		 */
		EventId since();

		/**
		 * Append an entry, if the right is still there: the log checks that in the same
		 * step, so nothing is written by a node that was paused while another one has
		 * taken over.
		 * @param entry the entry
		 * @return its id, or {@code null} if the entry waits for the log
		 * @throws LeaseLostException if the right was lost: nothing was appended
		 * @throws EventLogUnavailableException if the log could not be reached
		 */
		@Nullable EventId append(LogEntry entry);

		/**
		 * Tell whether {@link #append} would return at once for an event, as
		 * {@link EventLog#hasRoom} does.
		 * @return {@code false} if it may wait, as by default
		 */
		default boolean hasRoom() {
			return false;
		}

		/**
		 * Give the right back. Closing it again has no effect.
		 */
		@Override
		void close();

	}

	/**
	 * How a lease is taken.
	 *
	 * @param startsAgain whether it is taken also where a source of the topic has ended
	 * @param ending what is appended if the source ends with its node, empty for what
	 * {@link SourceLeases#setEnding} says
	 * @param lost called when the lease is found to be lost, by any thread; it must not
	 * block
	 */
	record Claim(boolean startsAgain, List<LogEntry> ending, Runnable lost) {

		/** Whatever the topic had before. */
		public static final Claim ANY = new Claim(true, List.of(), () -> {
		});

	}

	/**
	 * What ends a topic in place of its source.
	 */
	@FunctionalInterface
	interface Ending {

		/**
		 * Return the entries to append.
		 * @param topic the topic
		 * @return the entries, the last of which ends the topic
		 */
		List<LogEntry> of(Topic topic);

		/**
		 * Called when the entries were appended. It must not block.
		 * @param topic the topic
		 */
		default void appended(Topic topic) {
		}

	}

}
