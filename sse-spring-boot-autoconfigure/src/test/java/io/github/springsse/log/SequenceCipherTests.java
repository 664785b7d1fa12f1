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

import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SequenceCipher}.
 */
class SequenceCipherTests {

	/**
	 * The test vector of the paper.
	 */
	@Test
	void isSpeck() {
		SequenceCipher cipher = new SequenceCipher(0x03020100, 0x0b0a0908, 0x13121110, 0x1b1a1918);
		assertThat(cipher.encrypt(0x3b7265747475432dL)).isEqualTo(0x8c6fa548454e028bL);
		assertThat(cipher.decrypt(0x8c6fa548454e028bL)).isEqualTo(0x3b7265747475432dL);
	}

	@Test
	void decryptsWhatItHasEncrypted() {
		SequenceCipher cipher = new SequenceCipher();
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			long number = random.nextLong() >>> random.nextInt(64);
			assertThat(cipher.decrypt(cipher.encrypt(number))).isEqualTo(number);
		}
	}

	@Test
	void everyKeyIsAnother() {
		assertThat(new SequenceCipher().encrypt(1)).isNotEqualTo(new SequenceCipher().encrypt(1));
	}

}
