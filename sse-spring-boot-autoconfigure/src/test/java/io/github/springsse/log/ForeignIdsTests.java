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

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ForeignIds}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ForeignIdsTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final Duration DAY = Duration.ofDays(1);

	/** Like {@link System#nanoTime()}, it may begin anywhere, and overflow. */
	private long now = Long.MAX_VALUE - HOUR.toNanos();

	private final ForeignIds ids = new ForeignIds(() -> this.now);

	private int given;

	@Test
	void warnsWhereClientsGoToAndFroBetweenTwoLogs(CapturedOutput output) {
		Random random = new Random(1);
		Duration passed = Duration.ZERO;
		while (output.toString().isEmpty()) {
			assertThat(passed).isLessThan(DAY.multipliedBy(5));
			boolean own = random.nextBoolean();
			comeBack(own ? 0 : 1, own ? 1 : 0, HOUR.dividedBy(4));
			passed = passed.plus(HOUR.dividedBy(4));
		}
		assertThat(passed).as("not of an application that was just started").isGreaterThan(DAY.multipliedBy(3));
		assertThat(output).contains(" ids of its own; the day before was similar")
			.contains("add spring-boot-starter-data-redis and set sse.event-log to redis")
			.contains("If this is the only node");
	}

	@Test
	void warnsOnce(CapturedOutput output) {
		for (int day = 0; day < 10; day++) {
			comeBack(100, 10, DAY);
		}
		assertThat(output).containsOnlyOnce("another event log");
	}

	@Test
	void warnsNotOfClientsThatComeBackAfterARestart(CapturedOutput output) {
		comeBack(100_000, 0, Duration.ofSeconds(10));
		comeBack(1000, 1000, DAY);
		comeBack(100, 2000, DAY);
		comeBack(100, 2000, DAY);
		comeBack(0, 1, DAY);
		assertThat(output).isEmpty();
	}

	@Test
	void warnsNotOfComputersThatWakeUpAfterTheWeekend(CapturedOutput output) {
		comeBack(30, 0, DAY);
		comeBack(2, 2, DAY);
		comeBack(500, 20, DAY);
		comeBack(50, 500, DAY);
		comeBack(500, 20, DAY.multipliedBy(2));
		comeBack(0, 1, DAY);
		comeBack(500, 20, DAY);
		comeBack(0, 1, DAY);
		assertThat(output).as("such days, but not in a row").isEmpty();
	}

	@Test
	void warnsNotOfFewClients(CapturedOutput output) {
		for (int day = 0; day < 10; day++) {
			comeBack(20, 0, DAY);
		}
		assertThat(output).isEmpty();
	}

	/**
	 * As a data-only client does, which has no other id before there is an event.
	 */
	@Test
	void countsAnIdOnceThatClientsBringAgainAndAgain(CapturedOutput output) {
		for (int day = 0; day < 10; day++) {
			for (int i = 0; i < 100; i++) {
				for (int client = 0; client < 10; client++) {
					this.ids.countForeign("client-" + client);
				}
				pass(DAY.dividedBy(100));
			}
		}
		assertThat(output).isEmpty();
	}

	/**
	 * First clients with ids of another log, then clients with ids of its own.
	 */
	private void comeBack(int foreign, int own, Duration during) {
		for (int i = 0; i < foreign; i++) {
			this.ids.countForeign("id-" + this.given++);
		}
		for (int i = 0; i < own; i++) {
			this.ids.countOwn();
		}
		pass(during);
	}

	private void pass(Duration time) {
		this.now += time.toNanos();
	}

}
