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

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import io.github.springsse.log.EventId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnverifiedAppends}.
 */
class UnverifiedAppendsTests {

	private final UnverifiedAppends acknowledged = new UnverifiedAppends();

	@Test
	void fewAreAllLookedFor() {
		LongStream.range(0, 20).forEach((i) -> this.acknowledged.add(id(i), i));
		assertThat(this.acknowledged.toCheck()).isEqualTo(LongStream.range(0, 20).mapToObj(this::id).toList());
	}

	@Test
	void ofManyTheLastBeforeEachPauseIsLookedFor() {
		long now = 0;
		for (int i = 0; i < 1000; i++) {
			now += (i == 500) ? Duration.ofMillis(100).toNanos() : 1;
			this.acknowledged.add(id(i), now);
		}
		assertThat(this.acknowledged.toCheck()).hasSizeLessThan(65).contains(id(499), id(999));
	}

	@Test
	void whatWasFoundIsNotLookedForAgainButForTheLast() {
		LongStream.range(0, 5).forEach((i) -> this.acknowledged.add(id(i), i));
		List<EventId> ids = this.acknowledged.toCheck();
		this.acknowledged.add(id(5), 5);
		this.acknowledged.checked(ids, true);
		assertThat(this.acknowledged.toCheck()).containsExactly(id(5));
		this.acknowledged.checked(List.of(id(5)), true);
		assertThat(this.acknowledged.toCheck()).containsExactly(id(5));
		this.acknowledged.checked(List.of(id(5)), false);
		assertThat(this.acknowledged.toCheck()).isEmpty();
	}

	private EventId id(long number) {
		return new EventId(1, number);
	}

}
