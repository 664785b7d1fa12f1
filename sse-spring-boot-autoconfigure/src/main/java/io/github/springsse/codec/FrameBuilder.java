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
 * Collects text of unknown length as UTF-8, and makes a frame of it. The bytes are kept
 * in segments until the length is known, so that a frame costs twice its size at the most
 * while it is made, however large it is. Not thread-safe.
 * <p>
 * What is {@linkplain #write(char[], int, int) written} is data: CR, LF and CRLF divide
 * it into lines, each in a field of its own. Half of a surrogate pair becomes U+FFFD, as
 * in all frames. Nothing is closed or flushed.
 */
public final class FrameBuilder extends Writer {

	private static final String NEXT_LINE = "\ndata: ";

	private static final char REPLACEMENT = '\uFFFD';

	private static final int SMALLEST = 512;

	private static final int LARGEST = 64 * 1024;

	/** Most bytes of a code point. */
	private static final int CODE_POINT = 4;

	private final FrameMemory memory;

	private final List<Segment> segments = new ArrayList<>();

	private byte[] current = {};

	private int index;

	/** Bytes of the segments before the current one. */
	private long size;

	private char[] buffer = {};

	/** The first half of a surrogate pair, or 0. */
	private char high;

	/** Whether the last character was a CR, after which LF is no other line end. */
	private boolean afterCr;

	/**
	 * Create a builder.
	 * @param memory is told what the frame takes, and may throw where that is too much
	 */
	public FrameBuilder(FrameMemory memory) {
		this.memory = memory;
	}

	/**
	 * Add text that is no data, such as the name of a field, as it is.
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
	 * Copy ASCII characters that do not end a line.
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
	 * Make a frame of what was added. Nothing may be added after that.
	 * @return the frame
	 * @throws IllegalArgumentException if it is too large for an array
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
