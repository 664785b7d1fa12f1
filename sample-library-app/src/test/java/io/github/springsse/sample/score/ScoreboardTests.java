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

package io.github.springsse.sample.score;

import java.util.HashMap;
import java.util.Map;

import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Scoreboard}.
 */
@LibraryTest
class ScoreboardTests {

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@Autowired
	private ScoreRepository scores;

	@LocalServerPort
	private int port;

	@Test
	void whoComesGetsTheNewestScoreOfEachBranch() throws Exception {
		LibraryClient client = new LibraryClient(this.port);
		try (EventReader clock = client.events("/clock")) {
			for (int i = 0; i < 3; i++) {
				long loan = this.lending.borrowCopy("south", this.catalogue.copies("south", true).get(0).id(), 3).id();
				awaitScoreOfSouth(clock);
				this.lending.giveBack(loan);
			}
			awaitScoreOfSouth(clock);
		}
		try (EventReader clock = client.events("/clock")) {
			Map<String, Score> newest = new HashMap<>();
			for (int i = 0; i < 4; i++) {
				Score score = nextScore(clock);
				newest.put(score.branch(), score);
			}
			assertThat(newest.values()).containsExactlyInAnyOrderElementsOf(this.scores.findAll());
		}
	}

	private void awaitScoreOfSouth(EventReader clock) {
		Score expected = this.scores.findAll()
			.stream()
			.filter((score) -> score.branch().equals("south"))
			.findAny()
			.orElseThrow();
		Score score = nextScore(clock);
		while (!score.equals(expected)) {
			score = nextScore(clock);
		}
	}

	private Score nextScore(EventReader clock) {
		return this.json.readValue(clock.next((event) -> event.name().equals("score")).data(), Score.class);
	}

}
