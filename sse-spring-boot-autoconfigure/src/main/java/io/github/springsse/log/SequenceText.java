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

package io.github.springsse.log;

import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Numbers of 64 bits as texts of eleven characters that need no quoting: digits to the
 * base 64, with the alphabet of {@code base64url}.
 */
final class SequenceText {

	private static final int LENGTH = 11;

	private static final byte[] DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
		.getBytes(StandardCharsets.US_ASCII);

	/** By character, negative for those that are no digits. */
	private static final byte[] VALUES = values();

	/** Of the first digit: the others have 60 bits. */
	private static final int MAX_FIRST = 15;

	private SequenceText() {
	}

	private static byte[] values() {
		byte[] result = new byte[128];
		for (int i = 0; i < result.length; i++) {
			result[i] = -1;
		}
		for (int i = 0; i < DIGITS.length; i++) {
			result[DIGITS[i]] = (byte) i;
		}
		return result;
	}

	static String write(long number) {
		byte[] result = new byte[LENGTH];
		long rest = number;
		for (int i = LENGTH - 1; i >= 0; i--) {
			result[i] = DIGITS[(int) rest & 63];
			rest >>>= 6;
		}
		return new String(result, StandardCharsets.ISO_8859_1);
	}

	/**
	 * Read what {@link #write} has written.
	 * @param text the text, which may be anything
	 * @return the number, or {@code null} if the text is that of none
	 */
	static @Nullable Long read(String text) {
		if (text.length() != LENGTH) {
			return null;
		}
		long result = 0;
		for (int i = 0; i < LENGTH; i++) {
			char c = text.charAt(i);
			int value = (c < VALUES.length) ? VALUES[c] : -1;
			if (value < 0 || (i == 0 && value > MAX_FIRST)) {
				return null;
			}
			result = result << 6 | value;
		}
		return result;
	}

}
