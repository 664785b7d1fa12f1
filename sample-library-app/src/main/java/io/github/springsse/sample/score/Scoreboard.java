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

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;

import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Reads the scores twice a second, and publishes the changes with the branch as key. With
 * <code>overflow: latest</code> in application.yml, each client receives the newest score
 * of each branch, including new clients.
 */
@Component
class Scoreboard {

	static final String TOPIC = "scores/reading-challenge";

	private final ScoreRepository scores;

	private final SseOperations sse;

	// A scheduled method never runs twice at once
	private final Map<String, Score> published = new HashMap<>();

	Scoreboard(ScoreRepository scores, SseOperations sse) {
		this.scores = scores;
		this.sse = sse;
	}

	@Scheduled(fixedDelay = 500)
	void publishChanges() {
		for (Score score : this.scores.findAll()) {
			if (!score.equals(this.published.get(score.branch()))) {
				this.sse.publish(TOPIC, SseEvent.of("score", score).withKey(score.branch()));
				this.published.put(score.branch(), score);
			}
		}
	}

}
