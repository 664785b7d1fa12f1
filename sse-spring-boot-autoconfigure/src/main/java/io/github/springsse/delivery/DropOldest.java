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

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.Gap;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Makes room in a queue by dropping the oldest events of topics with the overflow policy
 * {@code drop-oldest}. Events of other topics stay, and so do frames that were sent to
 * this stream only, which cannot be replayed. A gap replaces the first dropped event, and
 * is extended for the following ones.
 * <p>
 * A gap names every affected topic, and is encoded again when it is extended. So many
 * events are dropped at a time: a quarter of the bound of the queue.
 */
final class DropOldest {

	private final SendQueue queue;

	/** Whether to send a gap. */
	private final boolean told;

	/** Formats ids for clients. */
	private final Function<EventId, String> ids;

	/** The topics of the gap, with the last dropped event of each. */
	private final Map<String, EventId> lost = new HashMap<>();

	private @Nullable EventId after;

	/** The index of the gap in the queue; negative if not known yet. */
	private int marker = -1;

	private boolean isNew;

	private int events;

	private long bytes;

	/** The index from which on no frame is dropped. */
	private int end;

	private DropOldest(SendQueue queue, boolean told, Function<EventId, String> ids) {
		this.queue = queue;
		this.told = told;
		this.ids = ids;
	}

	/**
	 * Drop events until a frame fits, or no more events may be dropped.
	 * @param told whether to send a gap to the client
	 * @param ids formats the ids of the gap
	 */
	static Outcome makeRoom(SendQueue queue, Frame frame, boolean told, Function<EventId, String> ids) {
		int events = 0;
		int gaps = 0;
		while (!queue.fits(frame)) {
			DropOldest drop = new DropOldest(queue, told, ids);
			drop.choose(frame);
			if (drop.events == 0) {
				break;
			}
			drop.drop();
			events += drop.events;
			gaps += drop.isNew ? 1 : 0;
		}
		return new Outcome(events, gaps);
	}

	private void choose(Frame frame) {
		int index = this.queue.firstUntouched();
		while (index < this.queue.size() && !isEnough(frame)) {
			Frame candidate = this.queue.frame(index);
			if (mayBeDropped(candidate)) {
				choose((StoredEvent) candidate, index);
			}
			else if (this.marker < 0 && candidate instanceof GapFrame gapFrame
					&& gapFrame.gap().reason() == Gap.Reason.OVERFLOW) {
				this.marker = index;
				this.lost.putAll(gapFrame.gap().lost());
				this.after = gapFrame.gap().after();
			}
			index++;
		}
		this.end = index;
	}

	private void choose(StoredEvent event, int index) {
		EventId id = event.id();
		if (this.marker < 0) {
			this.marker = index;
			this.isNew = this.told;
			this.after = (id.sequence() > 0) ? new EventId(id.epoch(), id.sequence() - 1) : null;
		}
		this.lost.put(event.topic().toString(), id);
		this.events++;
		this.bytes += event.size();
	}

	private boolean isEnough(Frame frame) {
		int frames = this.isNew ? this.events - 1 : this.events;
		return this.queue.isQuarter(frames, this.bytes) && this.queue.fits(frame, frames, this.bytes);
	}

	/**
	 * NOTE: the gap is queued first, so that no event is dropped without a gap if
	 * anything fails.
	 */
	private void drop() {
		if (this.told) {
			Gap gap = new Gap(this.lost, this.after, Gap.Reason.OVERFLOW);
			this.queue.replace(this.marker, new GapFrame(null, gap, this.ids));
		}
		this.queue.removeIf(DropOldest::mayBeDropped, this.end);
	}

	private static boolean mayBeDropped(Frame frame) {
		return frame instanceof StoredEvent event && event.overflow() == OverflowPolicy.DROP_OLDEST;
	}

	/**
	 * The result of dropping events.
	 *
	 * @param events the number of dropped events
	 * @param gaps the number of new gaps
	 */
	record Outcome(int events, int gaps) {

	}

}
