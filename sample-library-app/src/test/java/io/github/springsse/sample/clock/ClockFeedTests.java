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

package io.github.springsse.sample.clock;

import java.time.Instant;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ClockController} and {@link WallClock}.
 */
@LibraryTest
class ClockFeedTests {

	@LocalServerPort
	private int port;

	@Test
	void clockTicks() throws Exception {
		try (EventReader clock = new LibraryClient(this.port).events("/clock")) {
			Instant first = nextTick(clock);
			assertThat(nextTick(clock)).isAfter(first);
		}
	}

	private static Instant nextTick(EventReader clock) {
		return Instant.parse(clock.next((event) -> event.name().equals("tick")).data());
	}

}
