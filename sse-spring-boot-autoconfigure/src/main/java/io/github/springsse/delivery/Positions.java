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
 * Heartbeats, and the positions that move the last event id of a client before it becomes
 * too old to resume from. Owned by the thread of a loop.
 * <p>
 * The last event id of a client can become too old although the client missed nothing.
 * First, this node forgets topics above its limits, and cannot tell afterwards whether a
 * topic that it does not keep had events. Second, a node that starts reads no more than a
 * shared log has kept, and cannot resume from an older id. Both are looked for two
 * intervals ahead, so that a stream gets a position in time.
 */
final class Positions {

	/** Looks ahead so many intervals. */
	private static final int AHEAD = 2;

	/** How many times in an interval to look again at what is too old. */
	private static final int LOOKS = 8;

	/** Into how many parts to divide the time for which a log keeps entries. */
	private static final int PARTS = 32;

	/** Before everything. */
	private static final Moment NO_MOMENT = new Moment(0, EventId.MIN, 0, 0, 0);

	private final Heartbeat heartbeat;

	private final TopicHistories histories;

	/** What a node that starts finds, {@code null} where that is nothing at all. */
	private final EventLog.@Nullable Retention retention;

	/** The number of entries that this node has seen. */
	private final LongSupplier entries;

	private final long interval;

	/** Moments of before, the oldest first. */
	private final Deque<Moment> moments = new ArrayDeque<>();

	private final long momentsApart;

	/** Ids before this one are too old, or soon will be. */
	private EventId horizon = EventId.MIN;

	private @Nullable Long lookedAt;

	private @Nullable EventId position;

	private @Nullable Frame frame;

	/**
	 * Create positions.
	 * @param heartbeat what an idle stream is sent
	 * @param interval the longest silence of a stream, in nanoseconds
	 * @param histories what this node keeps
	 * @param retention what a node that starts finds
	 * @param entries the number of entries that this node has seen
	 * @param position the last event that will not be routed
	 * @param now the time
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
	 * Return the heartbeat of a stream, which never moves its client back.
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
	 * Tell whether the last event id of a client is about to become too old.
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
	 * Return the frame that moves the last event id of a client, never back.
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
	 * Begin anew at a position: what was before is of another log, or of none.
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
	 * The newest moment that is an interval ago, or the oldest there is.
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
	 * The oldest position that a node would surely still find, if it started in two
	 * intervals, and kept no more than half of what the log may keep. Forgets the moments
	 * that are older.
	 * @param recent the number of entries in the last interval, or in more
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
	 * Where the log was at a time.
	 *
	 * @param time the time in nanoseconds
	 * @param position the last event that was routed
	 * @param entries the number of entries that this node had seen
	 * @param topicsAdded the number of topics that were added to what is kept
	 * @param topicBytesAdded what they have cost
	 */
	private record Moment(long time, EventId position, long entries, long topicsAdded, long topicBytesAdded) {

	}

}
