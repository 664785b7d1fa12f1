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

import java.time.Duration;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.github.springsse.Topic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.LoggerFactory;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link UnheardEvents}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnheardEventsTests {

	private final Logger logger = (Logger) LoggerFactory.getLogger(UnheardEvents.class);

	/** As {@link System#nanoTime()}, it may begin anywhere, and overflow. */
	private long now = Long.MAX_VALUE - 1;

	private final UnheardEvents unheard = new UnheardEvents(() -> this.now);

	@BeforeEach
	void debug() {
		this.logger.setLevel(Level.DEBUG);
	}

	@AfterEach
	void reset() {
		this.logger.setLevel(null);
	}

	@Test
	void tellsOfATopicOnceAMinute(CapturedOutput output) {
		for (int i = 0; i < 60; i++) {
			this.unheard.add(Topic.of("noisy"));
			if (i == 30) {
				this.unheard.add(Topic.of("misspelt"));
			}
			this.now += Duration.ofSeconds(1).toNanos();
		}
		String line = "Published to '%s', to which no stream of this node is subscribed";
		assertThat(output.toString().lines()).satisfiesExactly(
				(first) -> assertThat(first).endsWith(line.formatted("noisy")), (second) -> assertThat(second)
					.endsWith(line.formatted("misspelt") + "; 30 more such events since the last log message"));
		this.unheard.add(Topic.of("misspelt"));
		this.unheard.add(Topic.of("noisy"));
		assertThat(output.toString().lines()).hasSize(3)
			.last()
			.asString()
			.endsWith(line.formatted("noisy") + "; 30 more such events since the last log message");
	}

	@Test
	void tellsOfTenTopicsAMinuteAndCountsTheOthers(CapturedOutput output) {
		for (int i = 0; i < 1000; i++) {
			this.unheard.add(Topic.of("topic/" + i));
		}
		assertThat(output.toString().lines()).hasSize(10).last().asString().contains("'topic/9'");
		this.now += Duration.ofMinutes(1).toNanos();
		this.unheard.add(Topic.of("topic/999"));
		assertThat(output.toString().lines()).hasSize(11)
			.last()
			.asString()
			.endsWith("'topic/999', to which no stream of this node is subscribed; 990 more such events since the last "
					+ "log message");
	}

	@Test
	void tellsNothingAtOtherLevels(CapturedOutput output) {
		this.logger.setLevel(Level.INFO);
		this.unheard.add(Topic.of("a"));
		assertThat(output.toString()).isEmpty();
	}

}
