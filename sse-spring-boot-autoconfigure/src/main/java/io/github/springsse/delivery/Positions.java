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

package io.github.springsse.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.LongSupplier;

import io.github.springsse.codec.Frame;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import org.jspecify.annotations.Nullable;

/**
 * Creates heartbeats, and the positions that advance the last event id of a client before
 * it becomes too old to resume from. Owned by the thread of a loop.
 * <p>
 * The last event id of a client can become too old although the client missed nothing.
 * First, this node forgets topics beyond its limits, and then does not know whether a
 * forgotten topic had events. Second, a starting node reads only the entries that a
 * shared log has kept, and cannot resume from an older id. Both are predicted for two
 * intervals ahead, so that a stream receives a position in time.
 */
final class Positions {

	/** The number of intervals to look ahead. */
	private static final int AHEAD = 2;

	/** The number of times per interval that the horizon is updated. */
	private static final int LOOKS = 8;

	/** The number of moments to record while a log keeps an entry. */
	private static final int PARTS = 32;

	/** The moment before the first entry. */
	private static final Moment NO_MOMENT = new Moment(0, EventId.MIN, 0, 0, 0);

	private final Heartbeat heartbeat;

	private final TopicHistories histories;

	/** The entries that a starting node finds, {@code null} if it finds none. */
	private final EventLog.@Nullable Retention retention;

	/** The number of entries that this node has seen. */
	private final LongSupplier entries;

	private final long interval;

	/** Past moments, the oldest first. */
	private final Deque<Moment> moments = new ArrayDeque<>();

	private final long momentsApart;

	/** Ids before this one are too old, or will be soon. */
	private EventId horizon = EventId.MIN;

	private @Nullable Long lookedAt;

	private @Nullable EventId position;

	private @Nullable Frame frame;

	/**
	 * Create positions.
	 * @param heartbeat the form of heartbeats
	 * @param interval the maximum silence of a stream, in nanoseconds
	 * @param histories the kept events
	 * @param retention the entries that a starting node finds
	 * @param entries the number of entries that this node has seen
	 * @param position the last event that is not routed
	 * @param now the current time in nanoseconds
	 */
	Positions(Heartbeat heartbeat, long interval, TopicHistories histories, EventLog.@Nullable Retention retention,
			LongSupplier entries, EventId position, long now) {
		this.heartbeat = heartbeat;
		this.interval = interval;
		this.histories = histories;
		this.retention = retention;
		this.entries = entries;
		this.momentsApart = (retention != null) ? Math.max(interval, retention.age().toNanos() / PARTS) : interval;
		this.moments.add(moment(position, now));
	}

	/**
	 * Return the heartbeat of a stream. It never moves the last event id back.
	 * @param state the stream, which is up to date
	 * @param position the last event that was routed
	 */
	Frame heartbeat(StreamState state, EventId position, long now) {
		boolean needed = isNeeded(state, position, now);
		if (state.stream().isDataOnly() || (this.heartbeat == Heartbeat.COMMENT && !needed)) {
			return Heartbeat.COMMENT_FRAME;
		}
		return frame(state, position);
	}

	/**
	 * Whether the last event id of a client is about to become too old.
	 * @param state the stream
	 * @param position the last event that was routed
	 */
	boolean isNeeded(StreamState state, EventId position, long now) {
		if (this.interval == Long.MAX_VALUE) {
			return false;
		}
		look(position, now);
		return state.isLastIdBefore(this.horizon);
	}

	/**
	 * Return the frame that advances the last event id of a client. It never moves the id
	 * back.
	 * @param state the stream, which is up to date
	 * @param position the last event that was routed
	 */
	Frame frame(StreamState state, EventId position) {
		EventId moved = state.moveLastId(position);
		if (!moved.equals(position)) {
			return this.heartbeat.positionFrame(state.stream().format(moved));
		}
		if (this.frame == null || !position.equals(this.position)) {
			this.position = position;
			this.frame = this.heartbeat.positionFrame(state.stream().format(position));
		}
		return this.frame;
	}

	/**
	 * Begin again at a position: earlier moments belong to another log.
	 */
	void restart(EventId position, long now) {
		this.moments.clear();
		this.moments.add(moment(position, now));
		this.lookedAt = null;
	}

	private void look(EventId position, long now) {
		if (this.lookedAt != null && now - this.lookedAt < this.interval / LOOKS) {
			return;
		}
		this.lookedAt = now;
		Moment current = moment(position, now);
		Moment before = anIntervalBefore(now);
		EventId forgotten = this.histories.forgottenAfter(AHEAD * (current.topicsAdded - before.topicsAdded),
				AHEAD * (current.topicBytesAdded - before.topicBytesAdded));
		EventId unread = unreadByANewNode(current, current.entries - before.entries);
		this.horizon = unread.isAfter(forgotten) ? unread : forgotten;
		Moment newest = this.moments.peekLast();
		if (newest == null || now - newest.time >= this.momentsApart) {
			this.moments.add(current);
		}
	}

	private Moment moment(EventId position, long now) {
		return new Moment(now, position, this.entries.getAsLong(), this.histories.topicsAdded(),
				this.histories.topicBytesAdded());
	}

	/**
	 * Return the newest moment that is at least an interval ago, or else the oldest
	 * moment.
	 */
	private Moment anIntervalBefore(long now) {
		Moment result = NO_MOMENT;
		Iterator<Moment> fromNewest = this.moments.descendingIterator();
		while (fromNewest.hasNext()) {
			result = fromNewest.next();
			if (now - result.time >= this.interval) {
				break;
			}
		}
		return result;
	}

	/**
	 * Return the oldest position that a node would certainly find if it started in two
	 * intervals, assuming that only half of the retention of the log is kept. Removes the
	 * moments before that position.
	 * @param recent the number of entries in the last interval or a longer time
	 */
	private EventId unreadByANewNode(Moment current, long recent) {
		if (this.retention == null) {
			while (this.moments.size() > AHEAD) {
				this.moments.removeFirst();
			}
			return EventId.MIN;
		}
		long age = this.retention.age().toNanos();
		long oldest = Math.max(0, Math.min(age / 2, age - AHEAD * this.interval));
		long kept = this.retention.entries();
		long most = Math.max(0, Math.min(kept / 2, kept - AHEAD * recent));
		Moment moment = this.moments.peekFirst();
		while (moment != null && (current.time - moment.time > oldest || current.entries - moment.entries > most)) {
			this.moments.removeFirst();
			moment = this.moments.peekFirst();
		}
		return (moment != null) ? moment.position : current.position;
	}

	/**
	 * The state of the log at a time.
	 *
	 * @param time the time in nanoseconds
	 * @param position the last event that was routed
	 * @param entries the number of entries that this node had seen
	 * @param topicsAdded the number of topics that were added to the history
	 * @param topicBytesAdded the memory of these topics in bytes
	 */
	private record Moment(long time, EventId position, long entries, long topicsAdded, long topicBytesAdded) {

	}

}
