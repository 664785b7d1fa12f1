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

import java.io.Writer;
import java.util.ArrayList;
import java.util.List;

/**
 * Builds a frame from text of unknown length, in UTF-8. The bytes are collected in
 * segments until the length is known, so building a frame of any size needs at most twice
 * its memory. Not thread-safe.
 * <p>
 * {@linkplain #write(char[], int, int) Written} characters are data. CR, LF and CRLF
 * split them into lines, each in a field of its own. An unpaired surrogate becomes
 * U+FFFD, as in all frames. Closing and flushing have no effect.
 */
public final class FrameBuilder extends Writer {

	private static final String NEXT_LINE = "\ndata: ";

	private static final char REPLACEMENT = '\uFFFD';

	private static final int SMALLEST = 512;

	private static final int LARGEST = 64 * 1024;

	/** The most bytes of a code point. */
	private static final int CODE_POINT = 4;

	private final FrameMemory memory;

	private final List<Segment> segments = new ArrayList<>();

	private byte[] current = {};

	private int index;

	/** The number of bytes in the segments before the current one. */
	private long size;

	private char[] buffer = {};

	/** A high surrogate that waits for its pair, or 0. */
	private char high;

	/**
	 * Whether the last character was a CR. A following LF belongs to the same line end.
	 */
	private boolean afterCr;

	/**
	 * Create a builder.
	 * @param memory accounts for the memory of the frame, and may throw an exception to
	 * reject it
	 */
	public FrameBuilder(FrameMemory memory) {
		this.memory = memory;
	}

	/**
	 * Add text outside of the data, such as the name of a field, unchanged.
	 * @param text the text
	 * @return this
	 */
	public FrameBuilder text(String text) {
		endPair();
		this.afterCr = false;
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
				put(Character.toCodePoint(c, text.charAt(++i)));
			}
			else {
				put(Character.isSurrogate(c) ? REPLACEMENT : c);
			}
		}
		return this;
	}

	@Override
	public void write(int c) {
		character((char) c);
	}

	@Override
	public void write(String text, int offset, int length) {
		if (this.buffer.length == 0) {
			this.buffer = new char[SMALLEST];
		}
		int end = offset + length;
		for (int from = offset; from < end; from += this.buffer.length) {
			int count = Math.min(this.buffer.length, end - from);
			text.getChars(from, from + count, this.buffer, 0);
			write(this.buffer, 0, count);
		}
	}

	@Override
	public void write(char[] characters, int offset, int length) {
		int end = offset + length;
		int i = offset;
		while (i < end) {
			i = copyPlain(characters, i, end);
			if (i < end) {
				character(characters[i++]);
			}
		}
	}

	/**
	 * Copy ASCII characters up to a line end.
	 * @return the index of the first character that was not copied
	 */
	private int copyPlain(char[] characters, int from, int end) {
		if (this.high != 0 || this.afterCr) {
			return from;
		}
		int at = this.index;
		int limit = Math.min(end, from + this.current.length - at);
		int i = from;
		while (i < limit && isPlain(characters[i])) {
			this.current[at++] = (byte) characters[i++];
		}
		this.index = at;
		return i;
	}

	private static boolean isPlain(char c) {
		return c < 0x80 && c != '\n' && c != '\r';
	}

	private void character(char c) {
		if (this.high != 0 && Character.isLowSurrogate(c)) {
			put(Character.toCodePoint(this.high, c));
			this.high = 0;
			return;
		}
		endPair();
		boolean endOfCrLf = this.afterCr && c == '\n';
		this.afterCr = c == '\r';
		if (endOfCrLf) {
			return;
		}
		if (c == '\n' || c == '\r') {
			for (int i = 0; i < NEXT_LINE.length(); i++) {
				put(NEXT_LINE.charAt(i));
			}
		}
		else if (Character.isHighSurrogate(c)) {
			this.high = c;
		}
		else {
			put(Character.isSurrogate(c) ? REPLACEMENT : c);
		}
	}

	private void endPair() {
		if (this.high != 0) {
			this.high = 0;
			put(REPLACEMENT);
		}
	}

	private void put(int codePoint) {
		if (this.current.length - this.index < CODE_POINT) {
			nextSegment();
		}
		this.index = Utf8.put(this.current, this.index, codePoint);
	}

	private void nextSegment() {
		int length = Math.max(SMALLEST, Math.min(LARGEST, 2 * this.current.length));
		this.memory.growing(this.size + this.index);
		this.memory.allocating(length);
		byte[] next = new byte[length];
		this.segments.add(new Segment(this.current, this.index));
		this.size += this.index;
		this.current = next;
		this.index = 0;
	}

	/**
	 * Build the frame. Nothing may be added afterwards.
	 * @return the frame
	 * @throws IllegalArgumentException if the frame exceeds the size of an array
	 */
	public Frame toFrame() {
		endPair();
		this.segments.add(new Segment(this.current, this.index));
		this.size += this.index;
		this.memory.growing(this.size);
		this.memory.allocating((int) Math.min(Integer.MAX_VALUE, this.size));
		byte[] chunk = Frame.newChunk(this.size);
		int start = Frame.start(chunk, (int) this.size);
		int at = start;
		for (Segment segment : this.segments) {
			System.arraycopy(segment.bytes, 0, chunk, at, segment.length);
			at += segment.length;
		}
		return new Frame(chunk, start);
	}

	@Override
	public void flush() {
	}

	@Override
	public void close() {
	}

	private record Segment(byte[] bytes, int length) {

	}

}
