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

import java.time.Duration;

import io.github.springsse.EventAppender;
import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseEvent;
import io.github.springsse.SseException;
import io.github.springsse.SseOperations;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The ordered record of everything that is published. It is the only source of order:
 * appending an event assigns its id. A log belongs to one node or is shared by several.
 * <p>
 * <em>Threads:</em> any number of threads may call {@link #append} at a time.
 *
 * @since 0.1.0
 */
public interface EventLog extends EventAppender {

	/**
	 * Append an entry. When this method returns an id, the entry is in the log, and every
	 * follower has received it or will receive it.
	 * @param entry the entry
	 * @return the id of the entry, greater than every id before it; {@code null} if the
	 * log is unreachable and the entry is buffered, in the order of the calls
	 * @throws EventLogUnavailableException if the log was unreachable for the configured
	 * time; it is then unknown whether the entry was appended
	 * @throws SseException if the entry was not appended, for another reason
	 */
	@Nullable EventId append(LogEntry entry);

	@Override
	default @Nullable String appendEvent(Topic topic, SseEvent event, String data) {
		EventId id = append(LogEntry.event(topic, event, data));
		return (id != null) ? format(id) : null;
	}

	@Override
	default void appendEnd(Topic topic) {
		append(LogEntry.end(topic));
	}

	@Override
	default void appendDisconnectTopic(Topic topic) {
		append(LogEntry.disconnectTopic(topic));
	}

	@Override
	default void appendDisconnectUser(String user) {
		append(LogEntry.disconnectUser(user));
	}

	/**
	 * Return whether {@link #append} would return at once for an event if no other thread
	 * appends. Threads that must not wait use this method. It is called by any number of
	 * threads at a time and must not block.
	 * @return {@code false}, the default, if {@code append} may wait
	 */
	default boolean hasRoom() {
		return false;
	}

	/**
	 * Return the id of the latest entry that is known to this node. Every entry that a
	 * follower receives from now on and has not received before is after this id.
	 * @return the id, even if there is no entry yet
	 */
	EventId head();

	/**
	 * Convert an id to the text that clients receive: in the {@code id:} field of an
	 * event, in the data of a gap, and as the result of {@link SseOperations#publish}.
	 * The text contains only characters of {@code [A-Za-z0-9._-]}, so it needs no quoting
	 * in a header or a URL. {@link #parse} converts it to the same id, on every node that
	 * shares the log, until the generation of the log ends. All calls return the same
	 * text for an id. Clients can only send the text back, so its content need not have a
	 * meaning for them.
	 * <p>
	 * Called for each event, by any number of threads at a time, some of which hold locks
	 * of the log. It must not wait.
	 * @param id the id of an entry, a result of {@link #head}, or such an id with its
	 * sequence reduced by one
	 * @return the text
	 */
	String format(EventId id);

	/**
	 * Parse an id that a client sent, in the format of {@link #format}. A shared log may
	 * have to check whether another node is ahead of this one, so this method may take as
	 * long as a query of the log.
	 * @param text the text of the client, which may be anything
	 * @return the id, {@code null} if this log has not assigned it in its current
	 * generation
	 */
	@Nullable EventId parse(String text);

	/**
	 * Pass the entries after a cursor to a follower: first the kept entries, then every
	 * new one. If the log is reachable, the follower has received the kept entries when
	 * this method returns. Otherwise it receives them when the log becomes reachable.
	 * @param cursor a result of {@link #head}, or {@link EventId#MIN} for all kept
	 * entries, as history
	 * @param follower receives the entries
	 * @return the subscription, to end it
	 */
	Subscription follow(EventId cursor, Follower follower);

	/**
	 * Return how much of a shared log a starting node can read. Idle clients receive a
	 * position before their last event id leaves this range.
	 * @return the retention; {@code null}, the default, if a starting node reads nothing
	 */
	default @Nullable Retention retention() {
		return null;
	}

	/**
	 * The minimum that a log keeps.
	 *
	 * @param entries the number of entries
	 * @param age the time for which they are kept
	 */
	record Retention(long entries, Duration age) {

	}

	/**
	 * Receives the entries of a log. All methods are called in the order of the log, by
	 * one thread at a time, which may be an appending thread. They must be fast and must
	 * not append. {@link #awaitRoom} is the exception.
	 */
	@FunctionalInterface
	interface Follower {

		/**
		 * Wait until this follower has room for another entry, so that entries are
		 * appended no faster than followers accept them. A log calls this method before
		 * it passes an entry on, from any number of threads at a time. It holds no lock
		 * that is needed to append or to pass entries on, because the thread that makes
		 * room may have to append. The room may be used up when the entry is passed on,
		 * which must not wait.
		 * @param entry the entry that will be passed on
		 */
		default void awaitRoom(LogEntry entry) {
		}

		/**
		 * Return whether {@link #awaitRoom} would return at once for an event. An
		 * implementation that overrides {@code awaitRoom} must override this method too.
		 * Called by any number of threads at a time, and must not block.
		 * @return whether there is room
		 */
		default boolean hasRoom() {
			return true;
		}

		/**
		 * Called for each entry.
		 * @param id the id of the entry
		 * @param entry the entry
		 */
		void onEntry(EventId id, LogEntry entry);

		/**
		 * Called for each kept entry, before {@link #onStart}. The entry is to be stored,
		 * but not delivered.
		 * @param id the id of the entry
		 * @param entry the entry
		 * @param age the time since it was appended
		 */
		default void onHistory(EventId id, LogEntry entry, Duration age) {
		}

		/**
		 * Called once, after {@link #onHistory} was called for all kept entries. If the
		 * log was unreachable, this may be long after {@link EventLog#follow} returned.
		 * @param head the latest kept entry; every further entry is after it
		 */
		default void onStart(EventId head) {
		}

		/**
		 * Called when entries may be missing: those after the last received entry, up to
		 * and including the given one, and possibly some that only other nodes received.
		 * @param until the last entry that may be missing; every further entry is after
		 * it
		 * @param loss why the entries are missing
		 */
		default void onGap(EventId until, Loss loss) {
		}

	}

	/**
	 * The registration of a follower, until it is closed.
	 */
	@FunctionalInterface
	interface Subscription extends AutoCloseable {

		/**
		 * End the subscription. When this method returns, the follower receives no
		 * further entries, and no call of it is in progress. An exception is a call by
		 * the current thread, or one that takes longer than this method waits. Closing
		 * again has no effect.
		 */
		@Override
		void close();

	}

	/**
	 * The reasons for missing entries.
	 */
	enum Loss {

		/** The log no longer keeps them. */
		EVICTED,

		/** They belong to another generation of the log. */
		RESTARTED

	}

}
