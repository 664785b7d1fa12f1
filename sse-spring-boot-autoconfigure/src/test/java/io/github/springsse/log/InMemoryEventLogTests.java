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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import io.github.springsse.EventId;
import io.github.springsse.EventLog;
import io.github.springsse.EventLogContractTests;
import io.github.springsse.testsupport.EventStreamClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

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
	void idsGrowByOneAndNameTheEpoch() {
		InMemoryEventLog log = new InMemoryEventLog(36);
		assertThat(log.head()).hasToString("10-0");
		assertThat(log.append(entry("a"))).hasToString("10-1");
		assertThat(log.append(entry("b"))).hasToString("10-2");
		assertThat(log.head()).hasToString("10-2");
		assertThat(log.parse("10-0")).isEqualTo(new EventId(36, 0));
		assertThat(log.parse("11-1")).as("of another life").isNull();
	}

	/**
	 * A follower may be handed an entry that takes long.
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
			parsed.set(log.parse("10-1"));
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
		InMemoryEventLog log = new InMemoryEventLog(1_795_000_000_000L);
		InMemoryEventLog older = new InMemoryEventLog(1_794_000_000_000L);
		log.parse(older.append(entry("a")).toString());
		log.parse("0-0");
		assertThat(output).isEmpty();
		String id = log.append(entry("b")).toString();
		older.parse(id);
		older.parse(id);
		assertThat(output).containsOnlyOnce("A client has come with id " + id + ", which was given by another node")
			.contains("add spring-boot-starter-data-redis, and set sse.log to redis");
	}

	@Override
	protected boolean keepsEntries() {
		return false;
	}

}
