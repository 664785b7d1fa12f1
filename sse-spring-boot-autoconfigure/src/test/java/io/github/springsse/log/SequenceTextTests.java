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

import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SequenceText}.
 */
class SequenceTextTests {

	@Test
	void readsWhatItHasWritten() {
		Random random = new Random(1);
		for (int i = 0; i < 10_000; i++) {
			long number = random.nextLong() >>> random.nextInt(64);
			String text = SequenceText.write(number);
			assertThat(text).matches("[A-Za-z0-9_-]{11}");
			assertThat(SequenceText.read(text)).isEqualTo(number);
		}
		assertThat(SequenceText.write(0)).isEqualTo("AAAAAAAAAAA");
		assertThat(SequenceText.write(-1)).isEqualTo("P__________");
		assertThat(SequenceText.write(63L << 6 | 26)).isEqualTo("AAAAAAAAA_a");
	}

	@Test
	void readsNothingElse() {
		for (String text : List.of("", "A", "AAAAAAAAAA", "AAAAAAAAAAAA", "QAAAAAAAAAA", "AAAAAAAAAA=", "AAAAAAAAAA+",
				"AAAAA AAAAA", "AAAAAAAAAA\0", "AAAAAAAAAA\u0080", "AAAAAAAAAA\uffff")) {
			assertThat(SequenceText.read(text)).as(text).isNull();
		}
	}

}
