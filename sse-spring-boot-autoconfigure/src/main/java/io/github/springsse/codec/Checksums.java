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
 * Combines CRC-32 checksums of the parts of a text into that of the whole, without its
 * bytes. A checksum is the remainder of a polynomial over GF(2); a part that follows
 * multiplies it by x to the power of the number of its bits (as in zlib's
 * {@code crc32_combine}). The most significant bit stands for the power 0.
 */
final class Checksums {

	/** The polynomial of CRC-32 (RFC 1952, section 8), in this order of bits. */
	private static final int POLYNOMIAL = 0xEDB88320;

	private static final int ONE = 1 << 31;

	/** x to the power of the bits of a byte. */
	private static final int BYTE = ONE >>> Byte.SIZE;

	private Checksums() {
	}

	/**
	 * Return what a checksum is multiplied by when bytes follow.
	 * @param bytes the number of bytes, not negative
	 */
	static int shift(long bytes) {
		int result = ONE;
		int power = BYTE;
		for (long rest = bytes; rest > 0; rest >>= 1) {
			if ((rest & 1) != 0) {
				result = multiply(result, power);
			}
			power = multiply(power, power);
		}
		return result;
	}

	/**
	 * Multiply two polynomials.
	 */
	static int multiply(int one, int other) {
		int result = 0;
		int shifted = other;
		for (int bits = one; bits != 0; bits <<= 1) {
			if (bits < 0) {
				result ^= shifted;
			}
			shifted = (shifted >>> 1) ^ (POLYNOMIAL & -(shifted & 1));
		}
		return result;
	}

}
