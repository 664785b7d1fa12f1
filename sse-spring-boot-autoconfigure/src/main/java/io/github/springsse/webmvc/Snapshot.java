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
 * What a method with {@code @SseTopic} returned, as events.
 *
 * @param events the events, none if there is no snapshot
 */
record Snapshot(List<SseEvent> events) {

	static final Snapshot NONE = new Snapshot(List.of());

	/**
	 * Return the snapshot that a method returned. If it returned a supplier, this asks
	 * it.
	 * @param returned what it returned
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
	 * @param id the id of the last of them, with which a client has the whole snapshot;
	 * {@code null} if it gets one later
	 * @param encoder writes their data
	 * @param size told what they take
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
