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

package io.github.springsse.codec;

import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Bytes of an event stream, encoded once and shared by every stream that gets them: they
 * are never written to.
 */
public class Frame {

	private final byte[] bytes;

	/**
	 * Create a frame.
	 * @param bytes the bytes, which now belong to the frame
	 */
	public Frame(byte[] bytes) {
		this.bytes = bytes;
	}

	/**
	 * Join frames into one.
	 * @param frames the frames
	 * @return a frame with the bytes of all, in order
	 */
	public static Frame join(List<Frame> frames) {
		if (frames.size() == 1) {
			return frames.get(0);
		}
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		frames.forEach((frame) -> bytes.writeBytes(frame.bytes));
		return new Frame(bytes.toByteArray());
	}

	/**
	 * Return the bytes, not to be changed.
	 * @return the bytes
	 */
	public byte[] bytes() {
		return this.bytes;
	}

}
