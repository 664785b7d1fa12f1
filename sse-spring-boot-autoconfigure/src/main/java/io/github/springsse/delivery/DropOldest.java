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
 * Makes room in a queue by dropping the oldest events of those topics that allow it. What
 * cannot be had again stays, and so do events of other topics. In the place of the first
 * event that is dropped a gap is left, which grows with those that follow.
 * <p>
 * A gap names every topic concerned, and is written anew when it grows. So events are
 * dropped many at a time: a quarter of what a queue may hold.
 */
final class DropOldest {

	private final SendQueue queue;

	/** Whether the client is told. */
	private final boolean told;

	/** Writes ids as clients get them. */
	private final Function<EventId, String> ids;

	/** The topics of the gap, and the last event of each that is gone. */
	private final Map<String, EventId> lost = new HashMap<>();

	private @Nullable EventId after;

	/** Where the gap is, or will be; negative if that is not known yet. */
	private int marker = -1;

	private boolean isNew;

	private int events;

	private long bytes;

	/** No frame is dropped from here on. */
	private int end;

	private DropOldest(SendQueue queue, boolean told, Function<EventId, String> ids) {
		this.queue = queue;
		this.told = told;
		this.ids = ids;
	}

	/**
	 * Drop events until a frame fits, or there is nothing more that may be dropped.
	 * @param told whether to leave a gap for the client
	 * @param ids writes the ids of the gap
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
	 * NOTE: the gap is written first, so that whatever fails, nothing is dropped without.
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
	 * What was done.
	 *
	 * @param events how many events were dropped
	 * @param gaps how many gaps were left
	 */
	record Outcome(int events, int gaps) {

	}

}
