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
 * Is told what a frame takes while it is made, and may throw where that is too much: the
 * frame is then not made.
 */
@FunctionalInterface
public interface FrameMemory {

	/** Takes whatever there is. */
	FrameMemory UNBOUNDED = (bytes) -> {
	};

	/**
	 * Note that memory is about to be allocated, of which some may be let go of when the
	 * frame is made.
	 * @param bytes the number of bytes
	 */
	void allocating(int bytes);

	/**
	 * Note how large the frame is so far. A frame of unknown length grows by 64KB at the
	 * most between two calls; the last call has its size.
	 * @param size the number of bytes
	 */
	default void growing(long size) {
	}

}
