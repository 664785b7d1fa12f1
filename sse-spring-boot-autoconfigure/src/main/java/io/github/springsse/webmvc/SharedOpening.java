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

import java.util.List;
import java.util.function.UnaryOperator;

import io.github.springsse.codec.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The first frames that several streams share. They are compressed when the first
 * compressed stream needs them, once for all streams. Thread-safe.
 */
final class SharedOpening {

	private final Opening opening;

	private final UnaryOperator<List<Frame>> compressor;

	/** Guarded by this. */
	private @Nullable List<Frame> compressed;

	/**
	 * Create an instance.
	 * @param opening the first frames and the cursor of the streams
	 * @param compressor compresses the frames
	 */
	SharedOpening(Opening opening, UnaryOperator<List<Frame>> compressor) {
		this.opening = opening;
		this.compressor = compressor;
	}

	/**
	 * Return the first frames and the cursor, uncompressed.
	 */
	Opening opening() {
		return this.opening;
	}

	/**
	 * Return the first frames.
	 * @param compressed whether to return them compressed
	 */
	List<Frame> frames(boolean compressed) {
		if (!compressed) {
			return this.opening.frames();
		}
		synchronized (this) {
			List<Frame> result = this.compressed;
			if (result == null) {
				result = this.compressor.apply(this.opening.frames());
				this.compressed = result;
			}
			return result;
		}
	}

}
