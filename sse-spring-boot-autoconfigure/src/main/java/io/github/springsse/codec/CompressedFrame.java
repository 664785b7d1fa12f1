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
 * A frame of a compressed stream: a piece of raw deflate data that ends on a byte
 * boundary, and what the trailer of the stream needs to know of the text. Immutable, and
 * shared by every stream that gets it.
 */
public final class CompressedFrame extends Frame {

	private final int textSize;

	private final int checksum;

	/** What a checksum is multiplied by when this text follows. */
	private final int shift;

	CompressedFrame(byte[] chunk, int start, int textSize, int checksum) {
		super(chunk, start);
		this.textSize = textSize;
		this.checksum = checksum;
		this.shift = Checksums.shift(textSize);
	}

	/**
	 * Return the size of the text.
	 * @return the number of bytes before compression
	 */
	public int textSize() {
		return this.textSize;
	}

	/**
	 * Return the checksum of a stream after this frame.
	 * @param before the CRC-32 of everything before
	 * @return the CRC-32 of everything before and the text of this frame
	 */
	public int checksumAfter(int before) {
		return Checksums.multiply(this.shift, before) ^ this.checksum;
	}

}
