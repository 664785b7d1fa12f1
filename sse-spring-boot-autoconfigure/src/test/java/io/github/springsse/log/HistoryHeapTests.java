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

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;

import io.github.springsse.EventId;
import io.github.springsse.LogEntry;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link TopicHistories} says that it has, by what it has on the heap.
 */
class HistoryHeapTests {

	private final EventId start = new EventId(Long.parseLong("mwooz19r", Character.MAX_RADIX), 0);

	private @Nullable TopicHistories histories;

	@Test
	void manyShortTopics() {
		assertThatBytesAreThoseOfHeap(50_000, (i) -> event("t/" + i, null, "x"));
	}

	@Test
	void manyShortTopicsThatHaveLostTheirEvents() {
		assertThatBytesAreThoseOfHeap(100_000, (i) -> event("one/" + i % 50_000, null, "x"));
	}

	@Test
	void longTopicsOfManySegments() {
		String name = "segment-of-a-topic/".repeat(24);
		assertThatBytesAreThoseOfHeap(20_000, (i) -> event(name + i, null, "x"));
	}

	@Test
	void topicsThatAreNotLatin() {
		assertThatBytesAreThoseOfHeap(20_000, (i) -> event("\u65E5\u672C-".repeat(100) + i, null, "x"));
	}

	@Test
	void largeKeys() {
		assertThatBytesAreThoseOfHeap(200, (i) -> event("prices", "k".repeat(100_000) + i, "x"));
	}

	@Test
	void newestOfManyKeys() {
		assertThatBytesAreThoseOfHeap(100_000, (i) -> event("prices", "key " + i % 30_000, "x"));
	}

	@Test
	void manySmallEventsOfOneTopic() {
		assertThatBytesAreThoseOfHeap(100_000, (i) -> event("a", null, "x"));
	}

	@Test
	void manyEventsThatLeaveOutAStream() {
		assertThatBytesAreThoseOfHeap(50_000, (i) -> new LogEntry(LogEntry.Kind.EVENT, Topic.of("a"), null, null,
				"{\"number\":" + i + "}", Long.toString(this.start.epoch() + i, Character.MAX_RADIX)));
	}

	private void assertThatBytesAreThoseOfHeap(int count, IntFunction<LogEntry> entries) {
		TopicPolicy all = policy(Integer.MAX_VALUE, OverflowPolicy.RESUME);
		TopicPolicies policies = new TopicPolicies(all, Map.of(TopicPattern.of("one/*"),
				policy(1, OverflowPolicy.RESUME), TopicPattern.of("prices"), policy(100_000, OverflowPolicy.LATEST)));
		this.histories = new TopicHistories(this.start, policies, Long.MAX_VALUE, Integer.MAX_VALUE,
				new ResumeLimits(1, 1), System::nanoTime);
		for (int i = 1; i <= count; i++) {
			LogEntry entry = entries.apply(i);
			EventId id = new EventId(this.start.epoch(), i);
			this.histories.add(id, entry, EventStreamEncoder.event(id.toString(), entry.event(), entry.data()), 0);
		}
		long said = this.histories.bytes();
		long with = used();
		this.histories = null;
		long used = with - used();
		assertThat((double) said / used).as("%d said, %d used", said, used).isBetween(0.8, 1.25);
	}

	private static LogEntry event(String topic, String key, String data) {
		return new LogEntry(LogEntry.Kind.EVENT, Topic.of(topic), null, key, data, null);
	}

	private static TopicPolicy policy(int events, OverflowPolicy overflow) {
		return new TopicPolicy(events, Long.MAX_VALUE, Duration.ofDays(365), overflow);
	}

	/**
	 * What is in use on the heap after garbage was collected.
	 */
	private static long used() {
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

}
