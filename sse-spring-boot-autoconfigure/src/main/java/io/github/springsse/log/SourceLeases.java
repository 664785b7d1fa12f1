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
 * Leases of topics: the exclusive right of one source at a time to publish to a topic,
 * among all nodes that share an {@link EventLog}. A shared log implements this interface
 * in addition to {@code EventLog}.
 *
 * @since 0.1.0
 */
public interface SourceLeases {

	/**
	 * Acquire the lease of a topic.
	 * @param topic the topic
	 * @param claim the conditions of the lease
	 * @return the lease, {@code null} if another source has it
	 * @throws SourceEndedException if the claim requires that no source has ended, and
	 * the log knows that one has
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	@Nullable Lease acquire(Topic topic, Claim claim);

	/**
	 * Acquire the lease of a topic, whatever its earlier entries.
	 * @param topic the topic
	 * @return the lease, {@code null} if another source has it
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	default @Nullable Lease acquire(Topic topic) {
		return acquire(topic, Claim.ANY);
	}

	/**
	 * Return whether a source has the lease of a topic, on this node or another.
	 * @param topic the topic
	 * @return whether there is a lease
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	boolean isLeased(Topic topic);

	/**
	 * Return the latest entry that sources appended to a topic, if the log knows it. A
	 * node uses it to determine whether it has read that entry.
	 * @param topic the topic
	 * @return the id of the entry, {@code null} if it is unknown, or if every node reads
	 * entries before they are appended
	 * @throws EventLogUnavailableException if the log could not be reached
	 */
	default @Nullable EventId newest(Topic topic) {
		return null;
	}

	/**
	 * Set the entries that are appended to a topic whose source ended with its node, for
	 * claims without such entries. The object is called by any thread and must not block.
	 * @param ending returns the entries that end a topic
	 */
	void setEnding(Ending ending);

	/**
	 * The exclusive right of one source to publish to a topic, until it is closed or
	 * lost. Thread-safe.
	 */
	interface Lease extends AutoCloseable {

		/**
		 * Return the position of the log when the lease was acquired. Commands and ends
		 * after this id concern the source of this lease, earlier ones do not.
		 * @return the id
		 */
		EventId since();

		/**
		 * Append an entry if this lease is still valid. The log checks that in the same
		 * step, so a node that was paused cannot write after another one has taken over.
		 * @param entry the entry
		 * @return the id of the entry, {@code null} if the entry is buffered
		 * @throws LeaseLostException if the lease was lost; nothing was appended
		 * @throws EventLogUnavailableException if the log could not be reached
		 */
		@Nullable EventId append(LogEntry entry);

		/**
		 * Return whether {@link #append} would return at once for an event, as
		 * {@link EventLog#hasRoom} does.
		 * @return {@code false}, the default, if {@code append} may wait
		 */
		default boolean hasRoom() {
			return false;
		}

		/**
		 * Release the lease. Closing again has no effect.
		 */
		@Override
		void close();

	}

	/**
	 * The conditions of a lease.
	 *
	 * @param startsAgain whether to acquire it even if a source of the topic has ended
	 * @param ending the entries to append if the source ends with its node, empty for
	 * those of {@link SourceLeases#setEnding}
	 * @param lost called when the loss of the lease is detected, by any thread; it must
	 * not block
	 */
	record Claim(boolean startsAgain, List<LogEntry> ending, Runnable lost) {

		/** Acquires a lease whatever the earlier entries of the topic. */
		public static final Claim ANY = new Claim(true, List.of(), () -> {
		});

	}

	/**
	 * Ends a topic whose node died.
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
		 * Called after the entries were appended. Must not block.
		 * @param topic the topic
		 */
		default void appended(Topic topic) {
		}

	}

}
