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

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.codec.FrameMemory;

import org.springframework.util.unit.DataSize;

/**
 * The size limit of an event that is sent to one stream. A larger event is rejected while
 * it is encoded.
 *
 * @param most the maximum number of bytes of the frame
 */
record EventSize(long most) implements FrameMemory {

	@Override
	public void allocating(int bytes) {
	}

	@Override
	public void growing(long size) {
		if (size > this.most) {
			throw new InvalidSseDataException(
					"An event is larger than " + DataSize.ofBytes(this.most) + " (sse.limits.event-size)",
					"Send less data, such as a URL from which clients load the rest, or increase sse.limits.event-size");
		}
	}

}
