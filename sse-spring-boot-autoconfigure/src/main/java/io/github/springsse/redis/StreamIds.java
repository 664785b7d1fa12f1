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

package io.github.springsse.redis;

import java.nio.charset.StandardCharsets;

import io.github.springsse.log.EventId;

/**
 * Converts ids of Redis streams, {@code <milliseconds>-<sequence>} in decimal, to and
 * from {@link EventId}.
 */
final class StreamIds {

	/** Before every entry of a stream. */
	static final EventId ZERO = new EventId(0, 0);

	private StreamIds() {
	}

	static EventId read(String text) {
		int dash = text.indexOf('-');
		return new EventId(Long.parseLong(text, 0, dash, 10),
				Long.parseUnsignedLong(text, dash + 1, text.length(), 10));
	}

	static String write(EventId id) {
		return id.epoch() + "-" + Long.toUnsignedString(id.sequence());
	}

	static byte[] bytes(EventId id) {
		return write(id).getBytes(StandardCharsets.US_ASCII);
	}

	/** The greatest id before another. */
	static EventId before(EventId id) {
		return (id.sequence() > 0) ? new EventId(id.epoch(), id.sequence() - 1)
				: new EventId(Math.max(0, id.epoch() - 1), (id.epoch() > 0) ? Long.MAX_VALUE : 0);
	}

	/** The first id of the next millisecond. */
	static EventId after(EventId id) {
		return new EventId(id.epoch() + 1, 0);
	}

	static EventId max(EventId one, EventId other) {
		return one.isAfter(other) ? one : other;
	}

}
