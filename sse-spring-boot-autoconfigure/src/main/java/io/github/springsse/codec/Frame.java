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
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Bytes of an event stream, encoded once and shared by every stream that gets them: they
 * are never written to.
 * <p>
 * The bytes are kept as a chunk of HTTP/1.1, with the size before and a line end after
 * them (RFC 9112, section 7.1). Transports of which the server frames the body take what
 * is between; those that write to the connection itself take the whole, so that no frame
 * is copied for its framing.
 */
public class Frame {

	/** What ends a body in chunks: a chunk without bytes, and no trailer fields. */
	public static final Frame LAST_CHUNK = new Frame(new byte[0]);

	private static final int LINE_END = 2;

	private final byte[] chunk;

	/** Where the bytes begin that are not of the framing. */
	private final int start;

	/**
	 * Create a frame.
	 * @param bytes the bytes, which are copied
	 */
	public Frame(byte[] bytes) {
		byte[] size = Integer.toHexString(bytes.length).getBytes(StandardCharsets.US_ASCII);
		this.start = size.length + LINE_END;
		this.chunk = new byte[this.start + bytes.length + LINE_END];
		System.arraycopy(size, 0, this.chunk, 0, size.length);
		lineEnd(size.length);
		System.arraycopy(bytes, 0, this.chunk, this.start, bytes.length);
		lineEnd(this.start + bytes.length);
	}

	private void lineEnd(int index) {
		this.chunk[index] = '\r';
		this.chunk[index + 1] = '\n';
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
		frames.forEach((frame) -> bytes.write(frame.chunk, frame.start, frame.size()));
		return new Frame(bytes.toByteArray());
	}

	/**
	 * Return the number of bytes, without those of the chunk.
	 * @return the number of bytes
	 */
	public final int size() {
		return this.chunk.length - this.start - LINE_END;
	}

	/**
	 * Tell whether there is nothing to write.
	 * @return whether there are no bytes
	 */
	public final boolean isEmpty() {
		return size() == 0;
	}

	/**
	 * Return the array that the bytes are in, not to be changed.
	 * @return the array: all of it is the chunk, a part of it are the bytes
	 */
	public final byte[] array() {
		return this.chunk;
	}

	/**
	 * Return where to begin to write.
	 * @param chunked whether to write the chunk, or the bytes alone
	 * @return the index in the array
	 */
	public final int offset(boolean chunked) {
		return chunked ? 0 : this.start;
	}

	/**
	 * Return how much to write.
	 * @param chunked whether to write the chunk, or the bytes alone
	 * @return the number of bytes
	 */
	public final int length(boolean chunked) {
		return chunked ? this.chunk.length : size();
	}

}
