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
 * The ordered record of what was published, and the one source of order: appending gives
 * an event its id. A log belongs to one node, or is shared by many.
 * <p>
 * <em>Threads:</em> {@link #append} is called by any thread, many at once.
 *
 * @since 0.1.0
 */
public interface EventLog extends EventAppender {

	/**
	 * Append an entry. When this returns an id the entry is in the log, and every
	 * follower gets it, or has got it already.
	 * @param entry the entry
	 * @return the id of the entry, greater than every id before it; {@code null} if the
	 * log could not be reached and the entry waits for it, in the order of the calls
	 * @throws EventLogUnavailableException if the log could not be reached for as long as
	 * it is configured to wait; whether the entry was appended is then not known
	 * @throws SseException if the entry was not appended for another reason
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
	 * Tell whether {@link #append} would return at once for an event, as long as nobody
	 * else appends, so that it may be called by a thread that must not wait. Called by
	 * any number of threads at a time, and must not block.
	 * @return {@code false} if it may wait, as by default
	 */
	default boolean hasRoom() {
		return false;
	}

	/**
	 * Return the id of the newest entry that is known to this node: every entry that is
	 * handed to a follower from now on, and was not handed over before, is after it.
	 * @return the id, also before there is any entry
	 */
	EventId head();

	/**
	 * Write an id as clients get it: in the {@code id:} field of an event, in the data of
	 * a gap, and as what {@link SseOperations#publish} returns. The text has characters
	 * of {@code [A-Za-z0-9._-]} alone, so it needs no quoting in a header or a URL.
	 * {@link #parse} makes the same id of it, on every node that shares the log, for as
	 * long as the log is in this life; and every call returns the same text for an id.
	 * Clients can do nothing with it but send it back, so it need not tell them anything.
	 * <p>
	 * Called by any number of threads at a time, some of which hold locks of the log, for
	 * each event: it must not wait.
	 * @param id the id of an entry, one that {@link #head} returned, or one that is less
	 * by one in its sequence
	 * @return the text
	 */
	String format(EventId id);

	/**
	 * Read an id that a client has sent, as {@link #format} has written it. A log that is
	 * shared may have to look whether another node has got further than this one, so this
	 * may take as long as asking it.
	 * @param text what the client has sent, which may be anything
	 * @return the id, or {@code null} if this log has not given it in this life
	 */
	@Nullable EventId parse(String text);

	/**
	 * Hand the entries after a cursor to a follower: those that the log still has, then
	 * every new one. If the log can be reached, the follower has got what there was
	 * before when this returns; else it gets it when it can be reached.
	 * @param cursor an id that {@link #head} returned, or {@link EventId#MIN} for
	 * everything that is kept, as history
	 * @param follower gets the entries
	 * @return ends it
	 */
	Subscription follow(EventId cursor, Follower follower);

	/**
	 * Return how much of a shared log a starting node can read. Idle clients get a
	 * position before their last event id leaves this range.
	 * @return what is kept; {@code null}, as by default, if a node that starts reads
	 * nothing
	 */
	default @Nullable Retention retention() {
		return null;
	}

	/**
	 * What a log keeps, at least.
	 *
	 * @param entries the number of entries
	 * @param age the time for which they are kept
	 */
	record Retention(long entries, Duration age) {

	}

	/**
	 * Gets the entries of a log. All methods are called in the order of the log, by one
	 * thread at a time, which may be one that appends: they must be quick, and must not
	 * append. {@link #awaitRoom} is the exception.
	 */
	@FunctionalInterface
	interface Follower {

		/**
		 * Wait until this follower has room for another entry, so that entries are
		 * appended no faster than followers take them. A log calls this before it hands
		 * over an entry, by any number of threads at a time, and without a lock that is
		 * needed to append or to hand over: what makes room may have to append. There may
		 * be no room any more when the entry is handed over, which must not wait.
		 * @param entry the entry that will be handed over
		 */
		default void awaitRoom(LogEntry entry) {
		}

		/**
		 * Tell whether {@link #awaitRoom} would return at once for an event. Whoever
		 * overrides that overrides this. Called by any number of threads at a time, and
		 * must not block.
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
		 * Called for each entry of before {@link #onStart}, which is to be remembered and
		 * to be delivered to nobody.
		 * @param id the id of the entry
		 * @param entry the entry
		 * @param age how long ago it was appended
		 */
		default void onHistory(EventId id, LogEntry entry, Duration age) {
		}

		/**
		 * Called once, when everything that is kept was handed over by
		 * {@link #onHistory}. If the log could not be reached before, that may be long
		 * after {@link EventLog#follow} returned.
		 * @param head the newest of it: every entry from now on is after it
		 */
		default void onStart(EventId head) {
		}

		/**
		 * Called when entries may be missing: those after the last one that was handed
		 * over, up to and including a given one, and perhaps some that only other nodes
		 * were handed.
		 * @param until the last entry that may be missing; every entry from now on is
		 * after it
		 * @param loss what has happened to them
		 */
		default void onGap(EventId until, Loss loss) {
		}

	}

	/**
	 * What a follower has with a log, until it is closed.
	 */
	@FunctionalInterface
	interface Subscription extends AutoCloseable {

		/**
		 * Have the follower get nothing more. When this returns, it is not being handed
		 * anything either, unless by the current thread, or by one that takes longer for
		 * it than this waits. Closing it again has no effect.
		 */
		@Override
		void close();

	}

	/**
	 * Why entries are missing.
	 */
	enum Loss {

		/** The log no longer had them. */
		EVICTED,

		/** They were in another life of the log. */
		RESTARTED

	}

}
