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

package io.github.springsse.delivery;

import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Segment}.
 */
class SegmentTests {

	@Test
	void isTheSameWhereverItIsTakenFrom() {
		Segment key = new Segment("north");
		Segment wanted = new Segment("");
		assertThat(wanted).isNotEqualTo(key);
		assertThat(wanted.set("branches/north/loans", 9, 14)).isEqualTo(key)
			.hasSameHashCodeAs(key)
			.isEqualByComparingTo(key);
		assertThat(wanted.set("branches/north/loans", 9, 13)).isNotEqualTo(key);
		assertThat(wanted.set("south", 0, 5)).isNotEqualTo(key);
	}

	@Test
	void isComparedAsTexts() {
		List<String> texts = List.of("", "a", "A", "b", "ab", "abc", "abd", "\u00e9", "\u65E5", "\u65E5a");
		for (String one : texts) {
			assertThat(new Segment(one)).hasSameHashCodeAs(one);
			for (String other : texts) {
				assertThat(Integer
					.signum(new Segment("/" + one).set("/" + one, 1, one.length() + 1).compareTo(new Segment(other))))
					.isEqualTo(Integer.signum(one.compareTo(other)));
			}
		}
	}

}
