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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimingWheel}.
 */
class TimingWheelTests {

	private static final long TICK = 100;

	private final List<String> fired = new ArrayList<>();

	@Test
	void firesAtTheTickAfterItsTimeAndNotBefore() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		wheel.set(new TimingWheel.Timer<>("a"), 250);
		wheel.advance(249, this.fired::add);
		assertThat(this.fired).isEmpty();
		wheel.advance(300, this.fired::add);
		assertThat(this.fired).containsExactly("a");
		assertThat(wheel.size()).isZero();
	}

	@Test
	void timerThatIsMovedFiresOnce() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		TimingWheel.Timer<String> timer = new TimingWheel.Timer<>("a");
		wheel.set(timer, 150);
		wheel.set(timer, 550);
		wheel.advance(500, this.fired::add);
		assertThat(this.fired).isEmpty();
		wheel.advance(1000, this.fired::add);
		assertThat(this.fired).containsExactly("a");
	}

	@Test
	void canceledTimerDoesNotFire() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		TimingWheel.Timer<String> timer = new TimingWheel.Timer<>("a");
		wheel.set(timer, 150);
		wheel.cancel(timer);
		wheel.cancel(timer);
		wheel.advance(10_000, this.fired::add);
		assertThat(this.fired).isEmpty();
		assertThat(wheel.size()).isZero();
	}

	@Test
	void timerFarInTheFutureWaitsForItsRound() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		wheel.set(new TimingWheel.Timer<>("a"), 512 * TICK + 150);
		wheel.advance(512 * TICK, this.fired::add);
		assertThat(this.fired).isEmpty();
		wheel.advance(514 * TICK, this.fired::add);
		assertThat(this.fired).containsExactly("a");
	}

	@Test
	void actionMaySetItsTimerAgainAndCancelOthers() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		TimingWheel.Timer<String> again = new TimingWheel.Timer<>("again");
		wheel.set(again, 50);
		wheel.advance(100, (value) -> wheel.set(again, 60));
		assertThat(wheel.size()).isEqualTo(1);
		wheel.advance(300, this.fired::add);
		assertThat(this.fired).containsExactly("again");
	}

	@Test
	void knowsHowLongThereIsNothingToDo() {
		TimingWheel<String> wheel = new TimingWheel<>(TICK, 0);
		assertThat(wheel.untilNextTick(30)).isEqualTo(Long.MAX_VALUE);
		wheel.set(new TimingWheel.Timer<>("a"), 5000);
		assertThat(wheel.untilNextTick(30)).isEqualTo(70);
	}

	/**
	 * Against a map of times: nothing early, nothing more than a tick late, nothing lost,
	 * also where the clock is negative, as {@code nanoTime} may be, and jumps.
	 */
	@Test
	void firesLikeAMapOfTimes() {
		for (long seed = 0; seed < 100; seed++) {
			Random random = new Random(seed);
			long now = -200_000;
			TimingWheel<String> wheel = new TimingWheel<>(TICK, now);
			Map<String, TimingWheel.Timer<String>> timers = new HashMap<>();
			Map<String, Long> due = new HashMap<>();
			for (int i = 0; i < 2000; i++) {
				String name = "t" + random.nextInt(50);
				TimingWheel.Timer<String> timer = timers.computeIfAbsent(name, TimingWheel.Timer::new);
				switch (random.nextInt(4)) {
					case 0, 1 -> {
						long time = now + random.nextInt(100_000) - 100;
						wheel.set(timer, time);
						due.put(name, time);
					}
					case 2 -> {
						wheel.cancel(timer);
						due.remove(name);
					}
					default -> {
						now += random.nextInt((random.nextInt(20) == 0) ? 120_000 : 300);
						List<String> got = new ArrayList<>();
						wheel.advance(now, got::add);
						long current = now;
						assertThat(got).as("seed %d", seed).allMatch((each) -> due.get(each) <= current);
						got.forEach(due::remove);
						assertThat(due.values()).as("seed %d", seed).allMatch((time) -> time > current - 2 * TICK);
					}
				}
				assertThat(wheel.size()).as("seed %d", seed).isEqualTo(due.size());
			}
		}
	}

}
