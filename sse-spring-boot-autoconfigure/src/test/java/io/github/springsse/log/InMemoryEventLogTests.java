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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import io.github.springsse.Topic;
import io.github.springsse.testsupport.EventStreamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link InMemoryEventLog}.
 */
@ExtendWith(OutputCaptureExtension.class)
class InMemoryEventLogTests extends EventLogContractTests {

	@Override
	protected EventLog newLog() {
		return new InMemoryEventLog(System.currentTimeMillis());
	}

	@Test
	void hasRoomIfAllFollowersHave() {
		EventLog log = newLog();
		AtomicBoolean room = new AtomicBoolean(true);
		AtomicBoolean within = new AtomicBoolean(true);
		log.follow(log.head(), (id, entry) -> within.set(log.hasRoom()));
		log.follow(log.head(), new EventLog.Follower() {

			@Override
			public boolean hasRoom() {
				return room.get();
			}

			@Override
			public void onEntry(EventId id, LogEntry entry) {
			}

		});
		assertThat(log.hasRoom()).isTrue();
		log.append(LogEntry.begin(Topic.of("a")));
		assertThat(within).as("for a follower that would append").isFalse();
		room.set(false);
		assertThat(log.hasRoom()).isFalse();
	}

	@Test
	void idsGrowByOneAndNameTheEpoch() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		assertThat(log.head()).hasToString("10-0");
		assertThat(log.append(entry("a"))).hasToString("10-1");
		assertThat(log.append(entry("b"))).hasToString("10-2");
		assertThat(log.head()).hasToString("10-2");
		assertThat(log.parse(log.format(new EventId(36, 0)))).isEqualTo(new EventId(36, 0));
	}

	@Test
	void textsOfIdsTellNeitherTheEpochNorTheSequence() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		InMemoryEventLog other = new InMemoryEventLog(36);
		int digitsThatStay = 0;
		for (int i = 0; i < 1000; i++) {
			String text = log.format(log.append(entry("x")));
			assertThat(text).hasSize(22);
			assertThat(other.format(other.append(entry("x")))).as("of another generation").isNotEqualTo(text);
			String before = log.format(new EventId(36, i));
			digitsThatStay += (int) IntStream.range(1, 21).filter((at) -> text.charAt(at) == before.charAt(at)).count();
		}
		assertThat(digitsThatStay).as("of 20,000, of 64 kinds").isBetween(220, 410);
	}

	@Test
	void idsOfAnotherLifeAreNotItsOwn() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		InMemoryEventLog other = new InMemoryEventLog(36);
		for (int i = 0; i < 1000; i++) {
			log.append(entry("x"));
			assertThat(log.parse(other.format(other.append(entry("x"))))).isNull();
		}
		assertThat(log.parse(log.head().toString())).as("as operators see it").isNull();
	}

	@Test
	void idsOfAnotherLifeAreNotWritten() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		assertThatIllegalArgumentException().isThrownBy(() -> log.format(new EventId(35, 1)))
			.withMessage("Not an id of this log: z-1");
	}

	/**
	 * A follower may take long for an entry.
	 */
	@Test
	void idsAreReadWhileAnEntryIsHandedOver() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		log.follow(log.head(), (id, entry) -> {
			begun.countDown();
			await(end);
		});
		Thread publisher = new Thread(() -> log.append(entry("a")));
		publisher.start();
		await(begun);
		AtomicReference<EventId> parsed = new AtomicReference<>();
		AtomicReference<EventId> head = new AtomicReference<>();
		Thread reader = new Thread(() -> {
			parsed.set(log.parse(log.format(new EventId(36, 1))));
			head.set(log.head());
		});
		reader.setDaemon(true);
		reader.start();
		EventStreamClient.await().until(() -> !reader.isAlive());
		end.countDown();
		assertThat(parsed.get()).as("a client may have it already").hasToString("10-1");
		assertThat(head.get()).as("not every follower has it").hasToString("10-0");
		EventStreamClient.await().until(() -> !publisher.isAlive());
		assertThat(log.head()).hasToString("10-1");
	}

	private static void await(CountDownLatch latch) {
		EventStreamClient.await().until(() -> latch.getCount() == 0);
	}

	@Test
	void warnsOnceOfALogThatLivesBesideIt(CapturedOutput output) {
		AtomicLong now = new AtomicLong();
		InMemoryEventLog log = new InMemoryEventLog(1, now::get);
		InMemoryEventLog other = new InMemoryEventLog(2, now::get);
		for (int i = 0; i < 100; i++) {
			log.parse(other.format(other.append(entry("x"))));
			log.parse(log.format(log.append(entry("x"))));
			assertThat(output).isEmpty();
			now.addAndGet(Duration.ofDays(3).toNanos() / 100);
		}
		log.parse("any");
		assertThat(output).isEmpty();
		log.parse(other.format(other.head()));
		log.parse(log.format(log.head()));
		assertThat(output).containsOnlyOnce("ids of another event log");
	}

	@Override
	protected boolean keepsEntries() {
		return false;
	}

}
