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

import io.github.springsse.SseData;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameMemory;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of a method with {@code @SseTopic}, as events.
 *
 * @param events the events, empty if there is no snapshot
 */
record Snapshot(List<SseEvent> events) {

	static final Snapshot NONE = new Snapshot(List.of());

	/**
	 * Create the snapshot for the return value of a method. Calls the supplier if the
	 * method returned one.
	 * @param returned the return value
	 * @return the snapshot
	 */
	static Snapshot of(Returned returned) {
		List<SseEvent> events = SseData.snapshot(returned.value(), returned.hints());
		return events.isEmpty() ? NONE : new Snapshot(events);
	}

	boolean isEmpty() {
		return this.events.isEmpty();
	}

	/**
	 * Encode the events.
	 * @param id the id of the last event, with which a client has the whole snapshot;
	 * {@code null} if the client receives an id later
	 * @param encoder writes the data of the events
	 * @param size notified of the size of the events
	 * @return the frames
	 */
	List<Frame> frames(@Nullable String id, SsePayloadEncoder encoder, SnapshotSize size) {
		List<Frame> result = new ArrayList<>();
		for (SseEvent event : this.events) {
			boolean last = result.size() == this.events.size() - 1;
			FrameMemory memory = size.nextEvent();
			memory.allocating(Opening.OVERHEAD);
			String frameId = last ? id : null;
			if (event.getData() instanceof String text) {
				result.add(EventStreamEncoder.event(frameId, event.getName(), text, memory));
			}
			else {
				result.add(EventStreamEncoder.event(frameId, event.getName(),
						(writer) -> encoder.encode(event.getData(), event.getHints(), writer), memory));
			}
		}
		return result;
	}

}
