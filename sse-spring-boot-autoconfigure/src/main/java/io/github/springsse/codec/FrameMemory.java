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

/**
 * Accounts for the memory of a frame while it is built. A method may throw an exception
 * if the memory is too large; the frame is then not built.
 */
@FunctionalInterface
public interface FrameMemory {

	/** Accepts any amount. */
	FrameMemory UNBOUNDED = (bytes) -> {
	};

	/**
	 * Called before memory is allocated. Some of it may be released when the frame is
	 * complete.
	 * @param bytes the number of bytes
	 */
	void allocating(int bytes);

	/**
	 * Called with the size of the frame so far. A frame of unknown length grows by at
	 * most 64 KB between two calls. The last call has the final size.
	 * @param size the number of bytes
	 */
	default void growing(long size) {
	}

}
