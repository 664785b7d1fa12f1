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

import io.github.springsse.EventId;
import io.github.springsse.codec.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats, one frame for all streams that are at the same position. Owned by the
 * thread of a loop.
 */
final class HeartbeatFrames {

	private final Heartbeat heartbeat;

	private @Nullable EventId position;

	private @Nullable Frame frame;

	HeartbeatFrames(Heartbeat heartbeat) {
		this.heartbeat = heartbeat;
	}

	/**
	 * The heartbeat of a stream, which never moves its client back.
	 * @param position the last event that was routed
	 * @param cursor the last event that the client has, or is not to get
	 */
	Frame frame(EventId position, EventId cursor) {
		if (cursor.isAfter(position)) {
			return this.heartbeat.frame(cursor);
		}
		if (this.frame == null || !position.equals(this.position)) {
			this.position = position;
			this.frame = this.heartbeat.frame(position);
		}
		return this.frame;
	}

}
