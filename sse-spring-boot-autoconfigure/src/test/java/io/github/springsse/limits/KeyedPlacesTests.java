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

package io.github.springsse.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.limits.KeyedPlaces.Claim;
import io.github.springsse.limits.KeyedPlaces.Key;
import io.github.springsse.limits.KeyedPlaces.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link KeyedPlaces}.
 */
class KeyedPlacesTests {

	private static final Key USER = new Key(RefusalReason.USER, "emma");

	private static final Key SESSION = new Key(RefusalReason.SESSION, "s1");

	private static final Key ADDRESS = new Key(RefusalReason.ADDRESS, "203.0.113.9");

	private final AtomicLong now = new AtomicLong();

	private final KeyedPlaces places = new KeyedPlaces(Duration.ofSeconds(2), this.now::get);

	private final List<String> replaced = new ArrayList<>();

	private final List<Duration> delays = new ArrayList<>();

	@Test
	void countsUntilTheLimit() {
		Place first = take(null, new Claim(USER, 2));
		take(null, new Claim(USER, 2));
		assertRefused(RefusalReason.USER, null, new Claim(USER, 2));
		take(null, new Claim(new Key(RefusalReason.USER, "noah"), 2));
		take(null, new Claim(new Key(RefusalReason.SESSION, "emma"), 2));
		first.release();
		first.release();
		assertThat(this.places.count(USER)).isOne();
		take(null, new Claim(USER, 2));
		assertRefused(RefusalReason.USER, null, new Claim(USER, 2));
	}

	@Test
	void whatIsRefusedForOneKeyTakesNothingOfTheOthers() {
		Place place = take(null, new Claim(USER, 1));
		assertRefused(RefusalReason.USER, null, new Claim(ADDRESS, 5), new Claim(SESSION, 5), new Claim(USER, 1));
		assertThat(this.places.count(ADDRESS)).isZero();
		assertThat(this.places.count(SESSION)).isZero();
		place.release();
		assertThat(this.places.size()).isZero();
	}

	@Test
	void whereNoMoreMayBeOpenedNothingIsTakenOrReplaced() {
		take("old", new Claim(USER, 1));
		assertThatExceptionOfType(StreamRefusedException.class)
			.isThrownBy(() -> this.places.take(List.of(new Claim(USER, 1)), (kind, delay) -> this.replaced.add("new"),
					() -> false))
			.withMessageContaining("OPENINGS");
		assertThat(this.replaced).isEmpty();
		assertThat(this.places.count(USER)).isOne();
	}

	@Test
	void whatIsRefusedAnywayIsNotAskedWhetherItMayBeOpened() {
		take(null, new Claim(USER, 1));
		AtomicInteger asked = new AtomicInteger();
		assertThatExceptionOfType(StreamRefusedException.class)
			.isThrownBy(() -> this.places.take(List.of(new Claim(USER, 1)), null, () -> asked.incrementAndGet() > 0));
		assertThat(asked).hasValue(0);
	}

	@Test
	void replacesTheOldest() {
		Place first = take("first", new Claim(USER, 2));
		Place second = take("second", new Claim(USER, 2));
		take("third", new Claim(USER, 2));
		assertThat(this.replaced).containsExactly("first");
		first.release();
		assertThat(this.places.count(USER)).as("a replaced one gives nothing back").isEqualTo(2);
		second.release();
		take("fourth", new Claim(USER, 2));
		assertThat(this.replaced).containsExactly("first");
		take("fifth", new Claim(USER, 2));
		assertThat(this.replaced).containsExactly("first", "third");
	}

	@Test
	void oneThatIsReplacedMakesRoomForAllItsKeys() {
		take("first", new Claim(SESSION, 1), new Claim(USER, 1));
		take("second", new Claim(SESSION, 1), new Claim(USER, 1));
		assertThat(this.replaced).containsExactly("first");
		take("third", new Claim(new Key(RefusalReason.SESSION, "s2"), 1), new Claim(USER, 1));
		assertThat(this.replaced).containsExactly("first", "second");
		assertThat(this.places.count(SESSION)).isZero();
		assertThat(this.places.size()).isEqualTo(2);
	}

	@Test
	void nobodyIsReplacedForAnAddress() {
		take("first", new Claim(ADDRESS, 1), new Claim(USER, 1));
		assertRefused(RefusalReason.ADDRESS, "second", new Claim(ADDRESS, 1), new Claim(USER, 1));
		assertThat(this.replaced).isEmpty();
	}

	/**
	 * Two tabs that replace each other, each as soon as allowed.
	 */
	@Test
	void clientsThatReplaceEachOtherAreSlowedDown() {
		take("0", new Claim(USER, 1));
		int inAnHour = 0;
		for (int i = 1; this.now.get() < Duration.ofHours(1).toNanos(); i++) {
			take("" + i, new Claim(USER, 1));
			Duration delay = this.delays.get(this.delays.size() - 1);
			Duration most = Duration.ofSeconds(Math.min(300, 1L << Math.min(i, 20)));
			assertThat(delay).isBetween(most.dividedBy(2), most);
			this.now.addAndGet(delay.toNanos());
			inAnHour++;
		}
		assertThat(inAnHour).isBetween(15, 40);
		this.now.addAndGet(Duration.ofHours(1).toNanos());
		take("later", new Claim(USER, 1));
		assertThat(this.delays.get(this.delays.size() - 1)).isLessThanOrEqualTo(Duration.ofSeconds(2));
	}

	@Test
	void keyMayBeRenamed() {
		Key after = new Key(RefusalReason.SESSION, "s2");
		Place first = take(null, new Claim(SESSION, 2));
		Place second = take(null, new Claim(SESSION, 2));
		this.places.rename(SESSION, after);
		assertRefused(RefusalReason.SESSION, null, new Claim(after, 2));
		take(null, new Claim(SESSION, 2)).release();
		first.release();
		second.release();
		assertThat(this.places.size()).isZero();
		this.places.rename(SESSION, after);
		assertThat(this.places.size()).isZero();
	}

	@Test
	void keyMayBeRenamedToOneThatIsThere() {
		Key after = new Key(RefusalReason.SESSION, "s2");
		Place first = take("first", new Claim(SESSION, 2));
		Place second = take("second", new Claim(after, 2));
		this.places.rename(SESSION, after);
		first.release();
		assertThat(this.places.count(after)).isOne();
		second.release();
		assertThat(this.places.size()).isZero();
	}

	/**
	 * Many threads open and close streams of a few clients in any order. Each counts its
	 * own open streams.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void countsAreKeptByManyThreads(boolean replace) throws Exception {
		int limit = 3;
		AtomicIntegerArray open = new AtomicIntegerArray(4);
		AtomicInteger refused = new AtomicInteger();
		AtomicInteger ended = new AtomicInteger();
		ConcurrentLinkedQueue<Runnable> left = new ConcurrentLinkedQueue<>();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		List<Future<?>> results = new ArrayList<>();
		for (int thread = 0; thread < 8; thread++) {
			results.add(threads.submit(() -> IntStream.range(0, 5000).forEach((i) -> {
				int user = ThreadLocalRandom.current().nextInt(4);
				List<Claim> claims = List.of(
						new Claim(new Key(RefusalReason.SESSION, "s" + ThreadLocalRandom.current().nextInt(6)), 2),
						new Claim(new Key(RefusalReason.USER, "u" + user), limit));
				AtomicBoolean gone = new AtomicBoolean();
				Runnable end = () -> {
					if (gone.compareAndSet(false, true)) {
						open.decrementAndGet(user);
					}
				};
				try {
					Place place = this.places.take(claims, replace ? (kind, delay) -> {
						ended.incrementAndGet();
						end.run();
					} : null, () -> true);
					if (open.incrementAndGet(user) > limit && !replace) {
						throw new AssertionError("More than " + limit + " streams");
					}
					left.add(() -> {
						end.run();
						place.release();
					});
				}
				catch (StreamRefusedException ex) {
					refused.incrementAndGet();
				}
				if (i % 16 == 0) {
					this.places.rename(new Key(RefusalReason.SESSION, "s" + i % 6),
							new Key(RefusalReason.SESSION, "s" + (i + 1) % 6));
				}
				if (ThreadLocalRandom.current().nextInt(3) > 0) {
					Runnable close = left.poll();
					if (close != null) {
						close.run();
						close.run();
					}
				}
			})));
		}
		for (Future<?> result : results) {
			result.get();
		}
		threads.shutdown();
		for (int user = 0; user < 4; user++) {
			assertThat(this.places.count(new Key(RefusalReason.USER, "u" + user))).isEqualTo(open.get(user))
				.isBetween(0, limit);
		}
		assertThat(replace ? ended : refused).hasValueGreaterThan(0);
		left.forEach(Runnable::run);
		assertThat(this.places.size()).as("nothing is kept of those who have no stream").isZero();
	}

	private Place take(String name, Claim... claims) {
		return this.places.take(List.of(claims), (name != null) ? (kind, delay) -> {
			this.replaced.add(name);
			this.delays.add(delay);
		} : null, () -> true);
	}

	private void assertRefused(RefusalReason reason, String name, Claim... claims) {
		assertThatExceptionOfType(StreamRefusedException.class).isThrownBy(() -> take(name, claims))
			.withMessageContaining(reason.name());
	}

}
