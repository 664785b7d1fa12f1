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

import java.util.Arrays;
import java.util.List;

import org.springframework.util.Assert;

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

	/** What every virtual machine can have in an array, as the JDK assumes. */
	private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

	private final byte[] chunk;

	/** Where the bytes begin that are not of the framing. */
	private final int start;

	/**
	 * Create a frame.
	 * @param bytes the bytes, which are copied
	 */
	public Frame(byte[] bytes) {
		this.chunk = newChunk(bytes.length);
		this.start = start(this.chunk, bytes.length);
		System.arraycopy(bytes, 0, this.chunk, this.start, bytes.length);
	}

	/**
	 * Create a frame that has the array of another one.
	 * @param frame the other frame
	 */
	protected Frame(Frame frame) {
		this(frame.chunk, frame.start);
	}

	/**
	 * Create a frame of an array that nothing is written to from now on.
	 */
	Frame(byte[] chunk, int start) {
		this.chunk = chunk;
		this.start = start;
	}

	/**
	 * Create a chunk in which everything is written but the bytes.
	 * @param size the number of bytes
	 * @throws IllegalArgumentException if they are too many for an array
	 */
	static byte[] newChunk(long size) {
		String head = Long.toHexString(size) + "\r\n";
		long length = head.length() + size + LINE_END;
		Assert.isTrue(length <= MAX_ARRAY, () -> "A frame of " + size + " bytes is too large");
		byte[] chunk = new byte[(int) length];
		for (int i = 0; i < head.length(); i++) {
			chunk[i] = (byte) head.charAt(i);
		}
		chunk[chunk.length - 2] = '\r';
		chunk[chunk.length - 1] = '\n';
		return chunk;
	}

	/**
	 * Return where the bytes begin in a chunk.
	 */
	static int start(byte[] chunk, int size) {
		return chunk.length - size - LINE_END;
	}

	/**
	 * Create a frame of text.
	 * @param text the text, written as UTF-8, with U+FFFD for half of a surrogate pair
	 * @return the frame
	 */
	public static Frame of(String text) {
		return FrameWriter.write((writer) -> writer.text(text));
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
		long size = frames.stream().mapToLong(Frame::size).sum();
		byte[] chunk = newChunk(size);
		int start = start(chunk, (int) size);
		int index = start;
		for (Frame frame : frames) {
			System.arraycopy(frame.chunk, frame.start, chunk, index, frame.size());
			index += frame.size();
		}
		return new Frame(chunk, start);
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
	 * Return the bytes.
	 * @return a copy, without what is of the chunk
	 */
	public final byte[] toByteArray() {
		return Arrays.copyOfRange(this.chunk, this.start, this.start + size());
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
