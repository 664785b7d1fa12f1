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

import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Writes text as UTF-8 into the array of a frame. The text is processed twice: the first
 * pass measures it, the second one writes it to its final place. So an event of any size
 * needs one array of its size. ASCII in a single line, as most JSON is, is copied without
 * conversion. Not thread-safe.
 * <p>
 * An unpaired surrogate is written as U+FFFD, as the conversion to a scalar value string
 * in the WHATWG Infra Standard requires.
 */
final class FrameWriter {

	private static final char REPLACEMENT = '\uFFFD';

	/** The array, {@code null} while text is measured. */
	private byte @Nullable [] chunk;

	/** Whether all text is ASCII and needs no splitting into lines. */
	private boolean plain = true;

	/** The number of measured bytes. */
	private long measured;

	/** The index of the next byte. */
	private int index;

	private FrameWriter() {
	}

	/**
	 * Write a frame.
	 * @param content writes the content, the same each time it is called
	 * @return the frame
	 * @throws IllegalArgumentException if the frame exceeds the size of an array
	 */
	static Frame write(Consumer<FrameWriter> content) {
		return write(content, FrameMemory.UNBOUNDED);
	}

	/**
	 * Write a frame.
	 * @param content writes the content, the same each time it is called
	 * @param memory accounts for the memory of the frame
	 * @return the frame
	 * @throws IllegalArgumentException if the frame exceeds the size of an array
	 */
	static Frame write(Consumer<FrameWriter> content, FrameMemory memory) {
		FrameWriter writer = new FrameWriter();
		content.accept(writer);
		memory.growing(writer.measured);
		memory.allocating((int) Math.min(Integer.MAX_VALUE, writer.measured));
		byte[] chunk = Frame.newChunk(writer.measured);
		int start = Frame.start(chunk, (int) writer.measured);
		writer.chunk = chunk;
		writer.index = start;
		content.accept(writer);
		return new Frame(chunk, start);
	}

	/**
	 * Write ASCII characters.
	 */
	FrameWriter ascii(String text) {
		if (this.chunk == null) {
			this.measured += text.length();
		}
		else {
			copy(this.chunk, text);
		}
		return this;
	}

	/**
	 * Write text unchanged.
	 */
	FrameWriter text(String text) {
		if (this.chunk == null) {
			measure(text, null);
		}
		else if (this.plain) {
			copy(this.chunk, text);
		}
		else {
			write(this.chunk, text, null);
		}
		return this;
	}

	/**
	 * Write text line by line, each line with a prefix. CR, LF and CRLF end a line.
	 */
	FrameWriter lines(String start, String text) {
		ascii(start);
		if (this.chunk == null) {
			measure(text, start);
		}
		else if (this.plain) {
			copy(this.chunk, text);
		}
		else {
			write(this.chunk, text, start);
		}
		return ascii("\n");
	}

	/**
	 * Write bytes line by line, each line with a prefix. LF ends a line.
	 */
	FrameWriter lines(String start, byte[] text) {
		ascii(start);
		if (this.chunk == null) {
			this.measured += text.length;
			for (byte b : text) {
				this.measured += (b == '\n') ? start.length() : 0;
			}
		}
		else {
			copy(this.chunk, text, start);
		}
		return ascii("\n");
	}

	private void copy(byte[] chunk, byte[] text, String start) {
		int from = 0;
		for (int i = 0; i <= text.length; i++) {
			if (i == text.length || text[i] == '\n') {
				int end = Math.min(i + 1, text.length);
				System.arraycopy(text, from, chunk, this.index, end - from);
				this.index += end - from;
				from = end;
				if (i < text.length) {
					copy(chunk, start);
				}
			}
		}
	}

	private void measure(String text, @Nullable String start) {
		int length = text.length();
		// one byte for each character, plus the additional ones
		long bytes = length;
		int lineEnds = 0;
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (c >= 0x800) {
				bytes += 2;
				// NOTE: the two characters of a surrogate pair take four bytes
				i += isPair(text, i) ? 1 : 0;
			}
			else if (c >= 0x80) {
				bytes++;
			}
			else if (c == '\n' || (c == '\r' && !isCrLf(text, i))) {
				lineEnds++;
			}
			else if (c == '\r') {
				// its LF is counted
				bytes -= (start != null) ? 1 : 0;
			}
		}
		this.plain &= bytes == length && (start == null || lineEnds == 0);
		this.measured += bytes + ((start != null) ? (long) lineEnds * start.length() : 0);
	}

	/**
	 * Copy text in which each character fits into one byte.
	 */
	@SuppressWarnings("deprecation")
	private void copy(byte[] chunk, String text) {
		text.getBytes(0, text.length(), chunk, this.index);
		this.index += text.length();
	}

	private void write(byte[] chunk, String text, @Nullable String start) {
		int length = text.length();
		int at = this.index;
		for (int i = 0; i < length; i++) {
			char c = text.charAt(i);
			if (start != null && (c == '\n' || c == '\r')) {
				i += isCrLf(text, i) ? 1 : 0;
				chunk[at++] = '\n';
				this.index = at;
				copy(chunk, start);
				at = this.index;
			}
			else if (isPair(text, i)) {
				at = Utf8.put(chunk, at, Character.toCodePoint(c, text.charAt(++i)));
			}
			else {
				at = Utf8.put(chunk, at, Character.isSurrogate(c) ? REPLACEMENT : c);
			}
		}
		this.index = at;
	}

	private static boolean isPair(String text, int index) {
		return Character.isHighSurrogate(text.charAt(index)) && index + 1 < text.length()
				&& Character.isLowSurrogate(text.charAt(index + 1));
	}

	private static boolean isCrLf(String text, int index) {
		return text.charAt(index) == '\r' && index + 1 < text.length() && text.charAt(index + 1) == '\n';
	}

}
