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

import io.github.springsse.EventId;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.Gap;
import io.github.springsse.log.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * Makes room in an outbox by dropping the oldest events of those topics that allow it.
 * What cannot be had again stays, and so do events of other topics. In the place of the
 * first event that is dropped a gap is left, which grows with those that follow.
 */
final class DropOldest {

	private DropOldest() {
	}

	/**
	 * Drop events until a frame fits, or there is nothing more that may be dropped.
	 */
	static Outcome makeRoom(Outbox outbox, Frame frame) {
		int events = 0;
		int gaps = 0;
		int marker = -1;
		int index = outbox.firstUntouched();
		while (index < outbox.size() && !outbox.fits(frame)) {
			Frame candidate = outbox.frame(index);
			if (isOverflow(candidate)) {
				marker = index;
			}
			if (!(candidate instanceof StoredEvent event) || event.overflow() != OverflowPolicy.DROP_OLDEST) {
				index++;
			}
			else if (marker < 0) {
				marker = index;
				outbox.replace(index++, new GapFrame(grown(null, event)));
				gaps++;
				events++;
			}
			else {
				outbox.replace(marker, new GapFrame(grown(((GapFrame) outbox.frame(marker)).gap(), event)));
				outbox.remove(index);
				events++;
			}
		}
		return new Outcome(events, gaps);
	}

	private static boolean isOverflow(Frame frame) {
		return frame instanceof GapFrame gapFrame && gapFrame.gap().reason() == Gap.Reason.OVERFLOW;
	}

	private static Gap grown(@Nullable Gap gap, StoredEvent dropped) {
		EventId id = dropped.id();
		Map<String, EventId> lost = new HashMap<>((gap != null) ? gap.lost() : Map.of());
		lost.put(dropped.topic().toString(), id);
		EventId before = (id.sequence() > 0) ? new EventId(id.epoch(), id.sequence() - 1) : null;
		return new Gap(lost, (gap != null) ? gap.after() : before, Gap.Reason.OVERFLOW);
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
