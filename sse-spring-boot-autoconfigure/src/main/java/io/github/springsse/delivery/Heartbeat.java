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

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;

/**
 * The form of the heartbeats that idle streams receive.
 */
public enum Heartbeat {

	/**
	 * A comment, which clients ignore. An event named {@code cursor} without data is sent
	 * instead if the last event id of the client would otherwise become too old to resume
	 * from.
	 */
	COMMENT,

	/**
	 * An event named {@code heartbeat} without data, for pages that monitor their
	 * connection themselves. It advances the last event id.
	 */
	EVENT;

	static final Frame COMMENT_FRAME = EventStreamEncoder.comment("heartbeat");

	/**
	 * Return the frame that advances the last event id of an idle client.
	 */
	Frame positionFrame(String id) {
		return (this == EVENT) ? EventStreamEncoder.position(id, "heartbeat") : new PositionFrame(id);
	}

}
