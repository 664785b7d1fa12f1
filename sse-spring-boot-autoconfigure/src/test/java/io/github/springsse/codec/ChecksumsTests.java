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

import java.util.Random;
import java.util.zip.CRC32;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Checksums}.
 */
class ChecksumsTests {

	@Test
	void checksumOfAWholeIsThatOfItsParts() {
		Random random = new Random(1);
		for (int i = 0; i < 200; i++) {
			byte[] one = new byte[random.nextInt(3000)];
			byte[] other = new byte[random.nextInt(100_000)];
			random.nextBytes(one);
			random.nextBytes(other);
			CRC32 whole = new CRC32();
			whole.update(one);
			whole.update(other);
			int combined = Checksums.multiply(Checksums.shift(other.length), checksum(one)) ^ checksum(other);
			assertThat(combined).as(one.length + " and " + other.length).isEqualTo((int) whole.getValue());
		}
	}

	@Test
	void nothingFollowsLeavesTheChecksum() {
		assertThat(Checksums.multiply(Checksums.shift(0), 0x12345678)).isEqualTo(0x12345678);
	}

	private static int checksum(byte[] bytes) {
		CRC32 result = new CRC32();
		result.update(bytes);
		return (int) result.getValue();
	}

}
