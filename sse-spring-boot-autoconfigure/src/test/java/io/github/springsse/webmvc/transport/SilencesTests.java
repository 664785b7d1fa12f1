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

package io.github.springsse.webmvc.transport;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Silences}.
 */
class SilencesTests {

	private static final SocketPair PAIR = new SocketPair(0, 1, 80, 0, 2, 40000);

	private static final SocketPair OTHER = new SocketPair(0, 1, 80, 0, 2, 40001);

	private final Silences silences = new Silences(Duration.ofSeconds(30).toNanos());

	@Test
	void silenceThatGoesOnIsExceeded() {
		for (int second = 0; second < 30; second++) {
			assertThat(reading(second, 3 + second, 100)).as(second + "s").isEmpty();
		}
		assertThat(reading(30, 33, 100)).containsExactly(PAIR);
	}

	@Test
	void silenceGoesOnWhileTheTimerRuns() {
		reading(0, 3, 6000);
		reading(10, 3, 5000);
		reading(20, 3, 4000);
		assertThat(reading(30, 3, 3000)).containsExactly(PAIR);
	}

	@Test
	void answerIsSeenByTheTimer() {
		reading(0, 3, 100);
		reading(10, 3, 50);
		reading(20, 3, 60);
		assertThat(reading(30, 3, 50)).isEmpty();
		assertThat(reading(49, 3, 40)).isEmpty();
		assertThat(reading(50, 3, 30)).containsExactly(PAIR);
	}

	@Test
	void answerIsSeenByTheCount() {
		reading(0, 8, 100);
		reading(29, 7, 50);
		assertThat(reading(30, 8, 100)).isEmpty();
		assertThat(reading(58, 9, 100)).isEmpty();
		assertThat(reading(59, 10, 100)).containsExactly(PAIR);
	}

	@Test
	void fewLostPacketsAreNoSilence() {
		reading(0, 1, 12000);
		assertThat(reading(40, 2, 12000)).isEmpty();
		assertThat(reading(80, 3, 12000)).containsExactly(PAIR);
	}

	@Test
	void oneReadingMayMissARow() {
		reading(0, 3, 100);
		reading(10);
		reading(20, 5, 100);
		assertThat(reading(30, 6, 100)).containsExactly(PAIR);
	}

	@Test
	void silenceEndsWhereTwoReadingsAreWithoutIt() {
		reading(0, 3, 100);
		reading(10);
		reading(20);
		assertThat(reading(30, 6, 100)).isEmpty();
	}

	@Test
	void clientsAreToldApart() {
		reading(0, 3, 100);
		this.silences.begin(Duration.ofSeconds(30).toNanos());
		this.silences.unanswered(OTHER, 4, 100);
		this.silences.unanswered(PAIR, 4, 100);
		assertThat(this.silences.end()).containsExactly(PAIR);
	}

	private List<SocketPair> reading(int second, long attempts, long untilNext) {
		this.silences.begin(Duration.ofSeconds(second).toNanos());
		this.silences.unanswered(PAIR, attempts, untilNext);
		return this.silences.end();
	}

	private void reading(int second) {
		this.silences.begin(Duration.ofSeconds(second).toNanos());
		assertThat(this.silences.end()).isEmpty();
	}

}
