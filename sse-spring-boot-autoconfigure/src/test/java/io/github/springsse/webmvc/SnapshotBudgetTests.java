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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SnapshotBudgetTests {

	private final SnapshotBudget budget = new SnapshotBudget(1000);

	@Test
	void snapshotTakesTwiceItsSizeWhileItIsMadeAndThenOnce() {
		made("source", 100).close();
		SnapshotBudget.Lease lease = this.budget.acquire("source");
		assertThat(this.budget.bytes()).isEqualTo(200);
		lease.allocate(100);
		lease.allocate(100);
		assertThat(this.budget.bytes()).isEqualTo(200);
		lease.made(100);
		assertThat(this.budget.bytes()).isEqualTo(100);
		lease.close();
		assertThat(this.budget.bytes()).isZero();
	}

	@Test
	void refusesASnapshotForWhichThereIsNoRoomBeforeItIsMade() {
		made("source", 300).close();
		SnapshotBudget.Lease first = this.budget.acquire("source");
		assertThat(this.budget.acquire("source")).isNull();
		first.close();
		assertThat(this.budget.acquire("source")).isNotNull();
	}

	@Test
	void refusesASnapshotThatGrowsBeyondTheRoomThatIsLeft() {
		SnapshotBudget.Lease other = made("other", 600);
		SnapshotBudget.Lease lease = this.budget.acquire("source");
		lease.allocate(400);
		assertThatExceptionOfType(SnapshotRefusedException.class).isThrownBy(() -> lease.allocate(1));
		lease.close();
		assertThat(this.budget.bytes()).isEqualTo(600);
		other.close();
		assertThat(this.budget.bytes()).isZero();
	}

	@Test
	void snapshotOfAnySizeIsMadeWhereThereIsNoOther() {
		SnapshotBudget.Lease lease = this.budget.acquire("source");
		lease.allocate(5000);
		lease.allocate(5000);
		lease.made(5000);
		assertThat(this.budget.acquire("source")).isNull();
		lease.close();
		SnapshotBudget.Lease next = this.budget.acquire("source");
		assertThat(next).isNotNull();
		assertThat(this.budget.bytes()).isEqualTo(10_000);
	}

	@Test
	void expectsTheMeanOfTheLastSnapshots() {
		made("source", 400).close();
		made("source", 8).close();
		this.budget.acquire("source").close();
		SnapshotBudget.Lease lease = this.budget.acquire("source");
		assertThat(this.budget.bytes()).isEqualTo(702);
		lease.close();
		for (int i = 0; i < 50; i++) {
			made("source", 8).close();
		}
		this.budget.acquire("source");
		assertThat(this.budget.bytes()).isLessThan(50);
	}

	@Test
	void closingTwiceGivesBackOnce() {
		SnapshotBudget.Lease other = made("other", 10);
		SnapshotBudget.Lease lease = made("source", 100);
		lease.close();
		lease.close();
		lease.made(100);
		assertThat(this.budget.bytes()).isEqualTo(10);
		other.close();
		assertThat(this.budget.bytes()).isZero();
	}

	@Test
	@Timeout(20)
	void othersWaitForTheFirstSnapshotsOfASource() throws Exception {
		made("known", 1).close();
		List<SnapshotBudget.Lease> first = new ArrayList<>();
		for (int i = 0; i < SnapshotBudget.UNKNOWN_AT_ONCE; i++) {
			first.add(this.budget.acquire("source"));
		}
		CountDownLatch waiting = new CountDownLatch(1);
		CompletableFuture<SnapshotBudget.Lease> other = CompletableFuture.supplyAsync(() -> {
			waiting.countDown();
			return this.budget.acquire("source");
		}, new SimpleAsyncTaskExecutor());
		assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(this.budget.acquire("known")).isNotNull();
		first.get(0).made(10);
		assertThat(other.get(10, TimeUnit.SECONDS)).isNotNull();
	}

	@Test
	void firstSnapshotsAreRefusedThatHaveWaitedInVain() {
		for (int i = 0; i < SnapshotBudget.UNKNOWN_AT_ONCE; i++) {
			assertThat(this.budget.acquire("source")).isNotNull();
		}
		assertThat(this.budget.acquire("source")).isNull();
	}

	@Test
	@Timeout(60)
	void isNeverExceededByMoreThanOneAndEndsEmpty() throws Exception {
		made("source", 200).close();
		AtomicLong largest = new AtomicLong();
		List<CompletableFuture<Void>> threads = new ArrayList<>();
		for (int t = 0; t < 8; t++) {
			threads.add(CompletableFuture.runAsync(() -> {
				for (int i = 0; i < 5000; i++) {
					useOnce("source" + ThreadLocalRandom.current().nextInt(3), largest);
				}
			}, new SimpleAsyncTaskExecutor()));
		}
		for (CompletableFuture<Void> thread : threads) {
			thread.get(50, TimeUnit.SECONDS);
		}
		assertThat(largest).hasValueLessThanOrEqualTo(1000);
		assertThat(this.budget.bytes()).isZero();
	}

	private void useOnce(String source, AtomicLong largest) {
		SnapshotBudget.Lease lease = this.budget.acquire(source);
		if (lease == null) {
			return;
		}
		try (lease) {
			int size = ThreadLocalRandom.current().nextInt(1, 200);
			lease.allocate(size);
			lease.allocate(size);
			largest.accumulateAndGet(this.budget.bytes(), Math::max);
			lease.made(size);
		}
		catch (SnapshotRefusedException ex) {
			// closed, as all are
		}
	}

	private SnapshotBudget.Lease made(String source, int size) {
		SnapshotBudget.Lease lease = this.budget.acquire(source);
		lease.made(size);
		return lease;
	}

}
