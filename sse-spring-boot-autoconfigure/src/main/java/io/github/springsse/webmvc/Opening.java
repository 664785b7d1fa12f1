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
 * What a stream is sent first, and the cursor after which it is then sent everything.
 * <p>
 * The id of the cursor goes out with the last of the first frames and not before: a
 * client that loses its connection in between comes back without it, and gets all of them
 * again.
 *
 * @param cursor the cursor
 * @param frames the frames
 * @param snapshotPossible whether the client gets a snapshot if events are gone later. It
 * is not if there was none when it was needed: a client would come back for it for ever
 */
record Opening(EventId cursor, List<Frame> frames, boolean snapshotPossible) {

	/** Roughly what a frame costs beside its bytes. */
	static final int OVERHEAD = 64;

	/**
	 * Work out how a stream is opened.
	 * @param start where it begins
	 * @param stream the stream
	 * @param returned what is the snapshot, if one is needed
	 * @param histories what is kept
	 * @param encoder writes the snapshot
	 * @param size told what the snapshot takes
	 * @return what to send
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
		// what is gone is found again, and told, when what is left is taken from the
		// history
		return new Opening(start.cursor(), List.of(), false);
	}

	/**
	 * What a client gets before everything that is kept. It has no id from it, unless
	 * nothing is kept yet: without one it comes back to the beginning.
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
	 * Tell whether an event is kept after a cursor. Beside it there may be the beginning
	 * and the end.
	 */
	static boolean isAnythingAfter(EventId cursor, List<TopicPattern> patterns, TopicHistories histories) {
		return histories.between(cursor, EventId.MAX, patterns, 2)
			.events()
			.stream()
			.anyMatch((event) -> !event.isBegin() && !event.isEnd());
	}

	/**
	 * What a client gets that has nothing, or nothing that counts: the newest of every
	 * key comes after what is to be first. The id comes with the last frame of what is to
	 * be first, where that is the last of all, or in a frame of its own.
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
	 * Return how many bytes are of this stream alone: events of the log are shared.
	 */
	long size() {
		return this.frames.stream()
			.filter((frame) -> !(frame instanceof StoredEvent))
			.mapToLong((frame) -> frame.size() + OVERHEAD)
			.sum();
	}

	/**
	 * Tell whether a stream would get nothing but its end.
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
