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

import java.security.SecureRandom;

/**
 * A keyed permutation of the numbers of 64 bits: the block cipher Speck64/128 (R.
 * Beaulieu and others, "The SIMON and SPECK Families of Lightweight Block Ciphers", 2013;
 * ISO/IEC 29167-22). Immutable, thread-safe.
 * <p>
 * It hides from clients how many events there were, and protects nothing else: which
 * topics a client gets does not depend on its id. The best attacks that are published do
 * not reach all of the 27 rounds, and need more pairs of plain text and cipher text than
 * there will be events. AES would do as well; but its block of 128 bits makes each id
 * twice as long, and a {@code javax.crypto.Cipher} is for one thread at a time.
 */
final class SequenceCipher {

	private static final int ROUNDS = 27;

	private static final int KEY_WORDS = 4;

	private final int[] roundKeys = new int[ROUNDS];

	/**
	 * Create a cipher with a key that is known to nobody.
	 */
	SequenceCipher() {
		this(randomKey());
	}

	/**
	 * Create a cipher.
	 * @param key four words, the lowest first
	 */
	SequenceCipher(int... key) {
		int[] words = new int[ROUNDS + KEY_WORDS - 2];
		System.arraycopy(key, 1, words, 0, KEY_WORDS - 1);
		this.roundKeys[0] = key[0];
		for (int i = 0; i < ROUNDS - 1; i++) {
			words[i + KEY_WORDS - 1] = (this.roundKeys[i] + Integer.rotateRight(words[i], 8)) ^ i;
			this.roundKeys[i + 1] = Integer.rotateLeft(this.roundKeys[i], 3) ^ words[i + KEY_WORDS - 1];
		}
	}

	private static int[] randomKey() {
		return new SecureRandom().ints(KEY_WORDS).toArray();
	}

	long encrypt(long number) {
		int high = (int) (number >>> 32);
		int low = (int) number;
		for (int roundKey : this.roundKeys) {
			high = (Integer.rotateRight(high, 8) + low) ^ roundKey;
			low = Integer.rotateLeft(low, 3) ^ high;
		}
		return (long) high << 32 | Integer.toUnsignedLong(low);
	}

	long decrypt(long number) {
		int high = (int) (number >>> 32);
		int low = (int) number;
		for (int i = ROUNDS - 1; i >= 0; i--) {
			low = Integer.rotateRight(low ^ high, 3);
			high = Integer.rotateLeft((high ^ this.roundKeys[i]) - low, 8);
		}
		return (long) high << 32 | Integer.toUnsignedLong(low);
	}

}
