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
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventId}.
 */
class EventIdTests {

	@Test
	void isOrderedByEpochThenSequence() {
		List<EventId> sorted = Stream
			.of(new EventId(2, 1), new EventId(1, 10), new EventId(1, 9), new EventId(1, Long.MAX_VALUE))
			.sorted()
			.toList();
		assertThat(sorted).containsExactly(new EventId(1, 9), new EventId(1, 10), new EventId(1, Long.MAX_VALUE),
				new EventId(2, 1));
		assertThat(new EventId(1, 9)).isEqualByComparingTo(new EventId(1, 9));
	}

	@Test
	void textIsShortAndIsReadAgain() {
		Random random = new Random(1);
		for (int i = 0; i < 1_000; i++) {
			EventId id = new EventId(random.nextLong() >>> random.nextInt(64),
					random.nextLong() >>> 1 + random.nextInt(63));
			assertThat(id.toString()).matches("[A-Za-z0-9._-]+").hasSizeLessThanOrEqualTo(34);
			if (id.epoch() >= 0) {
				assertThat(EventId.parse(id.toString())).isEqualTo(id);
			}
		}
		assertThat(new EventId(1_795_000_000_000L, 1_000_000).toString()).hasSizeLessThanOrEqualTo(16);
	}

	@Test
	void differentIdsHaveDifferentTexts() {
		assertThat(new EventId(1, 23)).hasToString("1-23");
		assertThat(new EventId(36 + 2, 3)).hasToString("12-3");
		assertThat(new EventId(35, 0)).hasToString("z-0");
	}

}
