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
 * Bytes of an event stream, encoded once and shared by all streams that send them.
 * Immutable: nothing may write to the array.
 * <p>
 * The bytes are stored as a chunk of HTTP/1.1, with the size before and a line end after
 * them (RFC 9112, section 7.1). A transport whose server frames the body writes only the
 * content. A transport that writes to the connection itself writes the whole chunk. So no
 * frame is copied for its framing.
 */
public class Frame {

	/** The end of a chunked body: a chunk without bytes, and no trailer fields. */
	public static final Frame LAST_CHUNK = new Frame(new byte[0]);

	private static final int LINE_END = 2;

	/** The largest array that every virtual machine supports, according to the JDK. */
	private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

	private final byte[] chunk;

	/** The index of the content in the array, after the chunk size. */
	private final int start;

	/**
	 * Create a frame.
	 * @param bytes the bytes, copied by this constructor
	 */
	public Frame(byte[] bytes) {
		this.chunk = newChunk(bytes.length);
		this.start = start(this.chunk, bytes.length);
		System.arraycopy(bytes, 0, this.chunk, this.start, bytes.length);
	}

	/**
	 * Create a frame that shares the array of another one.
	 * @param frame the other frame
	 */
	protected Frame(Frame frame) {
		this(frame.chunk, frame.start);
	}

	/**
	 * Create a frame from an array that nothing writes to any more.
	 */
	Frame(byte[] chunk, int start) {
		this.chunk = chunk;
		this.start = start;
	}

	/**
	 * Create a chunk with the framing and room for the content.
	 * @param size the number of bytes
	 * @throws IllegalArgumentException if the size exceeds that of an array
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
	 * Return the index of the content in a chunk.
	 */
	static int start(byte[] chunk, int size) {
		return chunk.length - size - LINE_END;
	}

	/**
	 * Create a frame from text.
	 * @param text the text, written as UTF-8, with U+FFFD for an unpaired surrogate
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
	 * Return the size of the content, without the chunk framing.
	 * @return the number of bytes
	 */
	public final int size() {
		return this.chunk.length - this.start - LINE_END;
	}

	/**
	 * Return whether the frame has no content.
	 * @return whether the size is 0
	 */
	public final boolean isEmpty() {
		return size() == 0;
	}

	/**
	 * Return the array with the bytes, which must not be changed.
	 * @return the array; all of it is the chunk, and a part of it is the content
	 */
	public final byte[] array() {
		return this.chunk;
	}

	/**
	 * Return the index of the first byte to write.
	 * @param chunked whether to write the chunk, or only the content
	 * @return the index in the array
	 */
	public final int offset(boolean chunked) {
		return chunked ? 0 : this.start;
	}

	/**
	 * Return the content.
	 * @return a copy, without the chunk framing
	 */
	public final byte[] toByteArray() {
		return Arrays.copyOfRange(this.chunk, this.start, this.start + size());
	}

	/**
	 * Return the number of bytes to write.
	 * @param chunked whether to write the chunk, or only the content
	 * @return the number of bytes
	 */
	public final int length(boolean chunked) {
		return chunked ? this.chunk.length : size();
	}

}
