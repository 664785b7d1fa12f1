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

/**
 * Growing array of bytes that text is written to as UTF-8. Not thread-safe.
 */
final class ByteSink {

	private byte[] bytes;

	private int length;

	ByteSink(int capacity) {
		this.bytes = new byte[capacity];
	}

	ByteSink ascii(String text) {
		reserve(text.length());
		for (int i = 0; i < text.length(); i++) {
			this.bytes[this.length++] = (byte) text.charAt(i);
		}
		return this;
	}

	ByteSink lineFeed() {
		reserve(1);
		this.bytes[this.length++] = '\n';
		return this;
	}

	/**
	 * Write characters as UTF-8. Half of a surrogate pair is written as U+FFFD, as the
	 * conversion to a scalar value string in the WHATWG Infra Standard has it.
	 * @param text the text
	 * @param start the index of the first character
	 * @param end the index after the last character
	 * @return this sink
	 */
	ByteSink utf8(String text, int start, int end) {
		reserve(3 * (end - start));
		int i = start;
		while (i < end) {
			char c = text.charAt(i++);
			if (c < 0x80) {
				this.bytes[this.length++] = (byte) c;
			}
			else if (c < 0x800) {
				two(c);
			}
			else if (Character.isHighSurrogate(c) && i < end && Character.isLowSurrogate(text.charAt(i))) {
				four(Character.toCodePoint(c, text.charAt(i++)));
			}
			else {
				three(Character.isSurrogate(c) ? '\uFFFD' : c);
			}
		}
		return this;
	}

	byte[] toByteArray() {
		return Arrays.copyOf(this.bytes, this.length);
	}

	private void two(int c) {
		this.bytes[this.length++] = (byte) (0xC0 | (c >> 6));
		this.bytes[this.length++] = (byte) (0x80 | (c & 0x3F));
	}

	private void three(int c) {
		this.bytes[this.length++] = (byte) (0xE0 | (c >> 12));
		this.bytes[this.length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
		this.bytes[this.length++] = (byte) (0x80 | (c & 0x3F));
	}

	private void four(int c) {
		this.bytes[this.length++] = (byte) (0xF0 | (c >> 18));
		this.bytes[this.length++] = (byte) (0x80 | ((c >> 12) & 0x3F));
		this.bytes[this.length++] = (byte) (0x80 | ((c >> 6) & 0x3F));
		this.bytes[this.length++] = (byte) (0x80 | (c & 0x3F));
	}

	private void reserve(int more) {
		int needed = Math.addExact(this.length, more);
		if (needed > this.bytes.length) {
			this.bytes = Arrays.copyOf(this.bytes, Math.max(needed, 2 * this.bytes.length));
		}
	}

}
