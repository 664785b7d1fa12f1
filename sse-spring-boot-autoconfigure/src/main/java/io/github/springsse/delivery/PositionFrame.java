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
 * An event with the name {@code cursor} and without data. It advances the last event id
 * of a client that receives no other event with an id, and fires no listener of a page.
 */
public final class PositionFrame extends Frame {

	/**
	 * Create a frame.
	 * @param id the position: the client has all its events up to this id
	 */
	public PositionFrame(String id) {
		super(EventStreamEncoder.position(id, "cursor"));
	}

}
