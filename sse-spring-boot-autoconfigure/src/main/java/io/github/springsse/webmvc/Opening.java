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

package io.github.springsse.webmvc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.Frame;
import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.GapFrame;
import io.github.springsse.delivery.PositionFrame;
import io.github.springsse.history.Gap;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The first frames of a stream, and the cursor after which the stream then receives all
 * events.
 * <p>
 * The last of the first frames carries the id of the cursor, and no earlier frame does: a
 * client that loses its connection in between reconnects without this id, and receives
 * all first frames again.
 *
 * @param cursor the cursor
 * @param frames the frames
 * @param snapshotPossible whether the client is to receive a snapshot if it misses events
 * later that are no longer kept. It is {@code false} if there was no snapshot when one
 * was needed: the client would reconnect for it endlessly
 */
record Opening(EventId cursor, List<Frame> frames, boolean snapshotPossible) {

	/** The approximate memory of a frame in addition to its bytes. */
	static final int OVERHEAD = 64;

	/**
	 * Determine the first frames and the cursor of a stream.
	 * @param start where the stream begins
	 * @param stream the stream
	 * @param returned the snapshot, used if one is needed
	 * @param histories the kept events
	 * @param encoder writes the snapshot
	 * @param size notified of the size of the snapshot
	 * @return the first frames and the cursor
	 */
	static Opening of(StreamStart start, DeliveredStream stream, Returned returned, TopicHistories histories,
			SsePayloadEncoder encoder, SnapshotSize size) {
		if (start.kind() == StreamStart.Kind.RESUMED) {
			return new Opening(start.cursor(), List.of(), returned.isSnapshotPossible());
		}
		if (start.kind() == StreamStart.Kind.BEGINNING) {
			return beginning(start, stream, histories);
		}
		Snapshot snapshot = Snapshot.of(returned);
		if (start.kind() == StreamStart.Kind.NEW || start.kind() == StreamStart.Kind.GONE || !snapshot.isEmpty()) {
			return fresh(stream, histories, (id) -> snapshot.frames(id, encoder, size), !snapshot.isEmpty());
		}
		Gap gap = start.gap();
		if (gap != null && (gap.reason() == Gap.Reason.RESTARTED || gap.reason() == Gap.Reason.LIMIT)) {
			return fresh(stream, histories,
					(id) -> stream.isDataOnly() ? List.of() : List.of(new GapFrame(id, gap, stream::format)), false);
		}
		// the gap is found again, and sent, when the kept events are taken from the
		// history
		return new Opening(start.cursor(), List.of(), false);
	}

	/**
	 * First frames for a client that receives all kept events. They carry no id, unless
	 * no event is kept yet: a client that reconnects without an id begins again at the
	 * start.
	 */
	private static Opening beginning(StreamStart start, DeliveredStream stream, TopicHistories histories) {
		List<Frame> frames = List.of();
		if (!stream.isDataOnly()) {
			boolean follows = isAnythingAfter(start.cursor(), stream.getPatterns(), histories);
			String id = follows ? null : stream.format(start.cursor());
			if (start.gap() != null) {
				frames = List.of(new GapFrame(id, start.gap(), stream::format));
			}
			else if (id != null) {
				frames = List.of(new PositionFrame(id));
			}
		}
		return new Opening(start.cursor(), frames, false);
	}

	/**
	 * Whether an event is kept after a cursor, other than the entries for the beginning
	 * and the end of a source.
	 */
	static boolean isAnythingAfter(EventId cursor, List<TopicPattern> patterns, TopicHistories histories) {
		return histories.between(cursor, EventId.MAX, patterns, 2)
			.events()
			.stream()
			.anyMatch((event) -> !event.isBegin() && !event.isEnd());
	}

	/**
	 * First frames for a client without a usable id: the given frames, then the latest
	 * event of each key. The last given frame carries the id if no other frame follows
	 * it; otherwise the id has a frame of its own.
	 */
	private static Opening fresh(DeliveredStream stream, TopicHistories histories,
			Function<@Nullable String, List<Frame>> first, boolean snapshotPossible) {
		EventId cursor = stream.getCursor();
		List<StoredEvent> latest = histories.latest(cursor, stream.getPatterns());
		List<Frame> frames = new ArrayList<>(first.apply(latest.isEmpty() ? stream.format(cursor) : null));
		boolean hasId = !frames.isEmpty() && latest.isEmpty();
		frames.addAll(latest);
		if (!hasId && !stream.isDataOnly()) {
			frames.add(new PositionFrame(stream.format(cursor)));
		}
		return new Opening(cursor, frames, snapshotPossible);
	}

	/**
	 * Return the memory in bytes that only this stream uses. Events of the log are
	 * shared.
	 */
	long size() {
		return this.frames.stream()
			.filter((frame) -> !(frame instanceof StoredEvent))
			.mapToLong((frame) -> frame.size() + OVERHEAD)
			.sum();
	}

	/**
	 * Whether the client would receive nothing but the end of the stream.
	 */
	boolean isEndOf(DeliveredStream stream, TopicHistories histories) {
		EventId position = stream.getCursor();
		return this.frames.isEmpty() && histories.isComplete(position, stream.getPatterns())
				&& histories.between(this.cursor, position, stream.getPatterns(), Integer.MAX_VALUE)
					.events()
					.stream()
					.allMatch(StoredEvent::isEnd);
	}

}
