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

import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.Gap;
import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * An event with the name {@code gap}, which tells a client as JSON which events it will
 * not receive: <pre>
 * {"topics":["branches/north/loans"],"after":"Dq3xk2hV9psWm7Lr0cTnBw","until":"Kq3JmVw0r5S8tXc1bZfYQg","reason":"evicted"}
 * </pre> Unknown ids are {@code null}. The gap has an id only if no event follows it.
 * Otherwise the next event has the id, and a client that disconnects before that event
 * receives the gap again.
 */
public final class GapFrame extends Frame {

	private final Gap gap;

	/**
	 * Create a frame.
	 * @param id the id with which the client does not request the lost events again, or
	 * {@code null} if a following event has such an id
	 * @param gap the lost events
	 * @param ids formats the ids of the gap
	 */
	public GapFrame(@Nullable String id, Gap gap, Function<EventId, String> ids) {
		super(EventStreamEncoder.event(id, "gap", json(gap, ids)));
		this.gap = gap;
	}

	Gap gap() {
		return this.gap;
	}

	private static String json(Gap gap, Function<EventId, String> ids) {
		String topics = gap.lost().keySet().stream().sorted().map(GapFrame::quote).collect(Collectors.joining(","));
		String after = id(gap.after(), ids);
		String until = id(gap.until(), ids);
		String reason = quote(gap.reason().name().toLowerCase(Locale.ROOT));
		return "{\"topics\":[" + topics + "],\"after\":" + after + ",\"until\":" + until + ",\"reason\":" + reason
				+ "}";
	}

	private static String id(@Nullable EventId id, Function<EventId, String> ids) {
		return (id != null) ? quote(ids.apply(id)) : "null";
	}

	/**
	 * NOTE: topics have no control characters, which would have to be escaped, too.
	 */
	private static String quote(String text) {
		return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
	}

}
