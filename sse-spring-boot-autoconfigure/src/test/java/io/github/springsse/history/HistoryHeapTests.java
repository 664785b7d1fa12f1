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

package io.github.springsse.history;

import java.time.Duration;
import java.util.Map;
import java.util.function.IntFunction;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.HeapProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares the heap size that {@link TopicHistories} computes with the real one.
 */
class HistoryHeapTests {

	@Test
	void bytesAreThoseOnTheHeap() {
		assertThat(HeapProcess.run(Comparisons.class)).hasSize(11)
			.allSatisfy((name, ratio) -> assertThat(ratio).isBetween(0.8, 1.25));
	}

	public static final class Comparisons {

		private static final long EPOCH = Long.parseLong("mwooz19r", Character.MAX_RADIX);

		private Comparisons() {
		}

		public static void main(String[] args) {
			compare("short topics", 50_000, (i) -> event("t/" + i, null));
			compare("topics that have lost their events", 100_000, (i) -> event("one/" + i % 50_000, null));
			compare("long topics of many segments", 20_000, (i) -> event("segment-of-a-topic/".repeat(24) + i, null));
			compare("topics that are not Latin", 20_000, (i) -> event("\u65E5\u672C-".repeat(100) + i, null));
			compare("large keys", 200, (i) -> event("prices", "k".repeat(100_000) + i));
			compare("the newest of many keys", 100_000, (i) -> event("prices", "key " + i % 30_000));
			compare("small events of one topic", 100_000, (i) -> event("a", null));
			compare("events that leave out a stream", 50_000, (i) -> new LogEntry(LogEntry.Kind.EVENT, Topic.of("a"),
					null, null, "x", Long.toString(EPOCH + i, Character.MAX_RADIX)));
			compare("short answers", 50_000, (i) -> answer("a/" + i / 5, i % 5 == 0));
			compare("answers of many pieces that come in turn", 500_000, (i) -> answer("a/" + i % 500, i < 500));
			compare("an answer of large pieces and events", 10_000, (i) -> switch (i % 10) {
				case 1 -> (i == 1) ? answer("a", true) : LogEntry.piece(Topic.of("a"), "large ".repeat(300));
				case 2 -> event("a", null);
				default -> answer("a", false);
			});
		}

		private static LogEntry answer(String topic, boolean begin) {
			return begin ? LogEntry.begin(Topic.of(topic)) : LogEntry.piece(Topic.of(topic), "piece");
		}

		private static void compare(String name, int count, IntFunction<LogEntry> entries) {
			HeapProcess.compare(name, () -> histories(count, entries), TopicHistories::bytes);
		}

		private static TopicHistories histories(int count, IntFunction<LogEntry> entries) {
			TopicPolicies policies = new TopicPolicies(policy(Integer.MAX_VALUE, OverflowPolicy.RESUME),
					Map.of(TopicPattern.of("one/*"), policy(1, OverflowPolicy.RESUME), TopicPattern.of("prices"),
							policy(Integer.MAX_VALUE, OverflowPolicy.LATEST)));
			TopicHistories histories = new TopicHistories(new EventId(EPOCH, 0), policies, Long.MAX_VALUE,
					Integer.MAX_VALUE, new ResumeLimits(1, 1),
					new AnswerLimits(Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofDays(1)), Long.MAX_VALUE,
					EventId::toString, () -> 0);
			for (int i = 1; i <= count; i++) {
				LogEntry entry = entries.apply(i);
				EventId id = new EventId(EPOCH, i);
				histories.add(id, entry, EventStreamEncoder.event(id.toString(), entry.event(), entry.data()), 0);
			}
			return histories;
		}

		private static LogEntry event(String topic, @Nullable String key) {
			return new LogEntry(LogEntry.Kind.EVENT, Topic.of(topic), null, key, "x", null);
		}

		private static TopicPolicy policy(int events, OverflowPolicy overflow) {
			return new TopicPolicy(events, Long.MAX_VALUE, Duration.ofDays(365), overflow);
		}

	}

}
