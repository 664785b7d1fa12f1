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

package io.github.springsse.webmvc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.webmvc.SharedSnapshots.Share;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedSnapshots}.
 */
@Timeout(60)
class SharedSnapshotsTests {

	private static final Duration NONE = Duration.ZERO;

	private static final Duration AGE = Duration.ofSeconds(1);

	private static final long MAX_KEPT_BYTES = 1000;

	private final AtomicLong now = new AtomicLong(-5);

	private final List<Scheduled> scheduled = new ArrayList<>();

	private final SnapshotBudget budget = new SnapshotBudget(1_000_000);

	private final SharedSnapshots snapshots = new SharedSnapshots(MAX_KEPT_BYTES, this.now::get, (delay, action) -> {
		Scheduled task = new Scheduled(delay, action);
		this.scheduled.add(task);
		return () -> this.scheduled.remove(task);
	});

	private final List<@Nullable SharedOpening> told = new ArrayList<>();

	@Test
	void firstLeadsAndOthersAreToldItsResult() {
		Share leader = join("key", 1, NONE);
		Share follower = join("key", 2, NONE);
		Share other = join("other", 3, NONE);
		assertThat(leader.leads()).isTrue();
		assertThat(follower.leads()).isFalse();
		assertThat(follower.cursor()).isEqualTo(id(1));
		assertThat(other.leads()).isTrue();
		follower.whenEnded(this.told::add);
		assertThat(this.told).isEmpty();
		SharedOpening result = opening(1, 10);
		leader.made(result);
		assertThat(this.told).containsExactly(result);
		follower.whenEnded(this.told::add);
		assertThat(this.told).as("too late to wait").containsExactly(result, result);
		assertThat(join("key", 4, NONE).leads()).as("not kept").isTrue();
	}

	@Test
	void leaderWithoutResultEndsTheRun() {
		Share leader = join("key", 1, AGE);
		Share follower = join("key", 2, AGE);
		Share late = join("key", 2, AGE);
		follower.whenEnded(this.told::add);
		leader.close();
		leader.close();
		late.whenEnded(this.told::add);
		assertThat(this.told).containsExactly(null, null);
		assertThat(join("key", 3, AGE).leads()).isTrue();
	}

	@Test
	void shareThatIsClosedIsNotTold() {
		Share leader = join("key", 1, NONE);
		Share follower = join("key", 2, NONE);
		follower.whenEnded(this.told::add);
		follower.close();
		leader.made(opening(1, 10));
		follower.whenEnded(this.told::add);
		assertThat(this.told).isEmpty();
	}

	@Test
	void failureOfOneIsNotThatOfTheOthers() {
		Share leader = join("key", 1, NONE);
		join("key", 2, NONE).whenEnded((result) -> {
			throw new IllegalStateException("not really");
		});
		join("key", 2, NONE).whenEnded(this.told::add);
		leader.made(opening(1, 10));
		assertThat(this.told).hasSize(1);
	}

	@Test
	void runThatHangsIsNotJoinedForEver() {
		Share hanging = join("key", 1, AGE);
		Share follower = join("key", 2, AGE);
		follower.whenEnded(this.told::add);
		pass(SharedSnapshots.PATIENCE.minusNanos(1));
		assertThat(join("key", 3, AGE).leads()).isFalse();
		pass(Duration.ofNanos(1));
		Share next = join("key", 4, AGE);
		assertThat(next.leads()).isTrue();
		hanging.made(opening(1, 10));
		assertThat(this.told).as("it still ends").hasSize(1);
		assertThat(join("key", 5, AGE).cursor()).as("its result is not kept").isEqualTo(id(4));
	}

	@Test
	void resultIsKeptUpToItsAge() {
		Share leader = join("key", 1, AGE);
		pass(Duration.ofMillis(400));
		SharedOpening result = opening(1, 10);
		leader.made(result);
		leader.close();
		assertThat(this.scheduled).singleElement()
			.satisfies((task) -> assertThat(task.delay()).isEqualTo(Duration.ofMillis(600)));
		pass(Duration.ofMillis(600).minusNanos(1));
		assertThat(join("key", 2, AGE).result()).isSameAs(result);
		pass(Duration.ofNanos(1));
		assertThat(join("key", 3, AGE).leads()).as("even if the timer is late").isTrue();
		assertThat(this.scheduled).isEmpty();
	}

	@Test
	void resultIsRemovedWithoutAnotherRequest() {
		SnapshotBudget.Lease lease = lead("key", 10);
		assertThat(this.budget.bytes()).isEqualTo(10);
		assertThat(this.snapshots.size()).isEqualTo(1);
		this.scheduled.get(0).action().run();
		assertThat(this.snapshots.size()).isZero();
		assertThat(this.budget.bytes()).isZero();
		lease.close();
	}

	@Test
	void resultIsNotReusedIfEventsAreLost() {
		lead("key", 10);
		Share share = this.snapshots.join("key", id(7), AGE, (cursor) -> {
			assertThat(cursor).isEqualTo(id(1));
			return false;
		});
		assertThat(share.leads()).isTrue();
		assertThat(this.budget.bytes()).as("memory of the result").isZero();
	}

	@Test
	void memoryIsHeldUntilTheLastStreamHasTheResult() {
		Share leader = join("key", 1, NONE);
		Share follower = join("key", 1, NONE);
		SnapshotBudget.Lease lease = lease();
		leader.hold(lease);
		lease.made(10);
		leader.made(opening(1, 10));
		leader.close();
		assertThat(this.budget.bytes()).isEqualTo(10);
		follower.close();
		follower.close();
		assertThat(this.budget.bytes()).isZero();
	}

	@Test
	void memoryOfARunThatFailsIsReleased() {
		Share leader = join("key", 1, NONE);
		SnapshotBudget.Lease lease = lease();
		leader.hold(lease);
		lease.allocate(100);
		leader.close();
		assertThat(this.budget.bytes()).isZero();
	}

	@Test
	void keptResultsAreBounded() {
		for (int i = 0; i < SharedSnapshots.MAX_KEPT + 10; i++) {
			lead("key " + i, 0);
		}
		assertThat(this.snapshots.size()).isEqualTo(SharedSnapshots.MAX_KEPT);
		assertThat(this.scheduled).hasSize(SharedSnapshots.MAX_KEPT);
		assertThat(join("key 9", 1, AGE).leads()).as("the oldest").isTrue();
		assertThat(join("key 10", 1, AGE).leads()).isFalse();
		lead("large", MAX_KEPT_BYTES);
		assertThat(join("large", 1, AGE).leads()).isFalse();
		lead("larger", MAX_KEPT_BYTES + 1);
		assertThat(join("larger", 1, AGE).leads()).as("too large").isTrue();
		assertThat(join("large", 1, AGE).leads()).isFalse();
		lead("small", 100);
		assertThat(join("small", 1, AGE).leads()).isFalse();
		assertThat(join("large", 1, AGE).leads()).as("made room").isTrue();
	}

	@Test
	void keptResultsMakeRoomForOthers() {
		SnapshotBudget small = new SnapshotBudget(100);
		small.setReserve(this.snapshots::releaseKept);
		for (int i = 0; i < 2; i++) {
			SnapshotBudget.Lease kept = acquire(small);
			Share leader = join("key", 1, AGE);
			leader.hold(kept);
			kept.made(80);
			leader.made(opening(1, 80));
			leader.close();
			assertThat(small.bytes()).isEqualTo(80);
			SnapshotBudget.Lease next = acquire(small);
			next.allocate(50);
			next.close();
			assertThat(small.bytes()).isZero();
		}
	}

	@Test
	void framesAreSharedAndCompressedOnce() {
		AtomicInteger compressions = new AtomicInteger();
		Frame compressed = Frame.of("compressed");
		SharedOpening opening = new SharedOpening(opening(1, 10).opening(), (frames) -> {
			compressions.incrementAndGet();
			return List.of(compressed);
		});
		assertThat(opening.frames(false)).isSameAs(opening.opening().frames());
		assertThat(opening.frames(true).get(0)).isSameAs(compressed);
		assertThat(opening.frames(true).get(0)).isSameAs(compressed);
		assertThat(compressions).hasValue(1);
	}

	/**
	 * Threads join, lead, fail, leave and reclaim in every order. Each share is told once
	 * unless it was closed, no key has two runs at a time, and no memory stays reserved.
	 */
	@Test
	void whateverHappensEachShareIsToldOnceAndNothingIsLeft() throws Exception {
		Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
		SharedSnapshots attacked = new SharedSnapshots(500, System::nanoTime, (delay, action) -> {
			tasks.add(action);
			return () -> tasks.remove(action);
		});
		SnapshotBudget bytes = new SnapshotBudget(1000);
		bytes.setReserve(attacked::releaseKept);
		AtomicInteger[] running = new AtomicInteger[4];
		for (int i = 0; i < running.length; i++) {
			running[i] = new AtomicInteger();
		}
		AtomicInteger joined = new AtomicInteger();
		AtomicInteger toldOrClosed = new AtomicInteger();
		ConcurrentHashMap<Share, AtomicInteger> calls = new ConcurrentHashMap<>();
		ExecutorService threads = Executors.newFixedThreadPool(8);
		List<Future<?>> results = new ArrayList<>();
		for (int t = 0; t < 8; t++) {
			long seed = t;
			results.add(threads.submit(() -> {
				Random random = new Random(seed);
				for (int i = 0; i < 5000; i++) {
					int key = random.nextInt(running.length);
					Duration age = random.nextBoolean() ? NONE : Duration.ofHours(1);
					Share share = attacked.join(key, id(i), age, (cursor) -> random.nextInt(4) > 0);
					if (share.leads()) {
						assertThat(running[key].incrementAndGet()).as("runs of a key").isEqualTo(1);
						SnapshotBudget.Lease lease = bytes.acquire("method");
						if (lease != null) {
							share.hold(lease);
						}
						boolean fails = lease == null || random.nextInt(5) == 0;
						if (random.nextInt(3) == 0) {
							Thread.yield();
						}
						running[key].decrementAndGet();
						if (!fails) {
							lease.made(50);
							share.made(opening(i, 50));
						}
						share.close();
					}
					else {
						joined.incrementAndGet();
						AtomicInteger count = new AtomicInteger();
						calls.put(share, count);
						share.whenEnded((result) -> {
							count.incrementAndGet();
							toldOrClosed.incrementAndGet();
							share.close();
						});
						if (random.nextInt(10) == 0) {
							share.close();
						}
					}
					if (random.nextInt(50) == 0) {
						attacked.releaseKept();
					}
					Runnable task = (random.nextInt(20) == 0) ? tasks.poll() : null;
					if (task != null) {
						task.run();
					}
				}
			}));
		}
		for (Future<?> result : results) {
			result.get(50, TimeUnit.SECONDS);
		}
		threads.shutdown();
		assertThat(calls).hasSize(joined.get());
		assertThat(calls.values()).allMatch((count) -> count.get() <= 1);
		calls.keySet().forEach(Share::close);
		assertThat(toldOrClosed.get()).isGreaterThan(joined.get() / 2);
		attacked.releaseKept();
		assertThat(attacked.size()).isZero();
		assertThat(bytes.bytes()).isZero();
		assertThat(tasks).isEmpty();
	}

	private SnapshotBudget.Lease lead(String key, long size) {
		Share leader = join(key, 1, AGE);
		assertThat(leader.leads()).isTrue();
		SnapshotBudget.Lease result = lease();
		leader.hold(result);
		result.made(size);
		leader.made(opening(1, size));
		leader.close();
		return result;
	}

	private SnapshotBudget.Lease lease() {
		return acquire(this.budget);
	}

	private static SnapshotBudget.Lease acquire(SnapshotBudget budget) {
		SnapshotBudget.Lease result = budget.acquire(new Object());
		assertThat(result).isNotNull();
		return result;
	}

	private Share join(String key, long cursor, Duration age) {
		return this.snapshots.join(key, id(cursor), age, (ignored) -> true);
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
	}

	private static EventId id(long sequence) {
		return new EventId(1, sequence);
	}

	/**
	 * An opening of a size, which includes the overhead of a frame.
	 */
	private static SharedOpening opening(long cursor, long size) {
		List<Frame> frames = (size >= Opening.OVERHEAD) ? List.of(new Frame(new byte[(int) size - Opening.OVERHEAD]))
				: List.of();
		return new SharedOpening(new Opening(id(cursor), frames, true), (same) -> same);
	}

	/**
	 * A task of the timer.
	 */
	private record Scheduled(Duration delay, Runnable action) {

	}

}
