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
 * Encodes code points as UTF-8.
 */
final class Utf8 {

	private Utf8() {
	}

	/**
	 * Write a code point.
	 * @param target the array, with room for up to four bytes
	 * @param index where to write it
	 * @param codePoint the code point, not a surrogate
	 * @return the index after it
	 */
	static int put(byte[] target, int index, int codePoint) {
		int at = index;
		if (codePoint < 0x80) {
			target[at++] = (byte) codePoint;
		}
		else if (codePoint < 0x800) {
			target[at++] = (byte) (0xC0 | (codePoint >> 6));
			target[at++] = last(codePoint);
		}
		else if (codePoint < 0x10000) {
			target[at++] = (byte) (0xE0 | (codePoint >> 12));
			target[at++] = last(codePoint >> 6);
			target[at++] = last(codePoint);
		}
		else {
			target[at++] = (byte) (0xF0 | (codePoint >> 18));
			target[at++] = last(codePoint >> 12);
			target[at++] = last(codePoint >> 6);
			target[at++] = last(codePoint);
		}
		return at;
	}

	private static byte last(int bits) {
		return (byte) (0x80 | (bits & 0x3F));
	}

}
