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

package io.github.springsse.redis;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DuplicateFilter}.
 */
class DuplicateFilterTests {

	private final DuplicateFilter repetitions = new DuplicateFilter();

	@Test
	void whatWasSeenIsRepeatedAndNothingElse() {
		Random random = new Random(1);
		Set<Token> seen = new HashSet<>();
		for (int start = 0; start < 200_000; start += 100) {
			List<Token> some = new ArrayList<>();
			for (int i = start; i < start + 100; i++) {
				some.add(new Token(i % 3, i));
				some.add(new Token(i % 3, Math.max(0, i - random.nextInt(5000))));
			}
			Collections.shuffle(some, random);
			for (Token token : some) {
				assertThat(this.repetitions.isRepeated(token)).as("%s", token).isEqualTo(!seen.add(token));
			}
		}
	}

	@Test
	void whatIsTooOldToTellIsTakenForNew() {
		assertThat(this.repetitions.isRepeated(new Token(1, 5))).isFalse();
		assertThat(this.repetitions.isRepeated(new Token(1, 5))).isTrue();
		assertThat(this.repetitions.isRepeated(new Token(1, 5 + DuplicateFilter.WINDOW))).isFalse();
		assertThat(this.repetitions.isRepeated(new Token(1, 5))).isFalse();
	}

	@Test
	void nodesThatAppendedLastAreKnown() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.repetitions.isRepeated(new Token(i, 7))).isFalse();
			assertThat(this.repetitions.isRepeated(new Token(0, i + 8))).isFalse();
		}
		assertThat(this.repetitions.isRepeated(new Token(0, 8))).isTrue();
		assertThat(this.repetitions.isRepeated(new Token(999, 7))).isTrue();
	}

	@Test
	void tokensAreReadAsTheyAreWritten() {
		for (Token token : List.of(new Token(0, 0), new Token(-1, Long.MAX_VALUE), new Token(Long.MIN_VALUE, 36))) {
			assertThat(Token.parse(token.toString())).isEqualTo(token);
		}
		for (String text : List.of("", ".", "1", "1.", ".1", "1.2.3", "1 .2", "!.1")) {
			assertThat(Token.parse(text)).as(text).isNull();
		}
	}

}
