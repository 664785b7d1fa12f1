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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventRing}.
 */
@Torture
class EventRingTests {

	private final EventRing ring = new EventRing(false);

	@Test
	void isEmptyAtFirst() {
		assertThat(this.ring.size()).isZero();
		assertThat(this.ring.oldest()).isNull();
		assertThat(this.ring.firstAfter(EventId.MIN)).isNull();
	}

	/**
	 * Compared with a sorted map: events are added at the end, and removed from the front
	 * and from any other place.
	 */
	@Test
	void agreesWithASortedMap() {
		for (long seed = 0; seed < Rounds.of(60, 300); seed++) {
			Random random = new Random(seed);
			EventRing tested = new EventRing(false);
			TreeMap<Long, StoredEvent> expected = new TreeMap<>();
			int share = 1 + random.nextInt(9);
			long sequence = 0;
			for (int i = 0; i < 400; i++) {
				if (expected.isEmpty() || random.nextInt(10) < share) {
					sequence += 1 + random.nextInt(3);
					StoredEvent event = event(sequence);
					tested.add(event);
					expected.put(sequence, event);
				}
				else if (random.nextBoolean()) {
					tested.remove(expected.pollFirstEntry().getValue());
				}
				else {
					List<Long> keys = new ArrayList<>(expected.keySet());
					tested.remove(expected.remove(keys.get(random.nextInt(keys.size()))));
				}
				assertThat(tested.size()).as("seed %d", seed).isEqualTo(expected.size());
				assertThat(expected.isEmpty() ? 0 : tested.slotsFrom(expected.firstEntry().getValue()))
					.as("seed %d", seed)
					.isBetween((long) expected.size(), 2L * expected.size() + 64);
				assertThat(tested.oldest()).as("seed %d", seed)
					.isSameAs(expected.isEmpty() ? null : expected.firstEntry().getValue());
				long cursor = random.nextLong(sequence + 2);
				assertThat(after(tested, cursor)).as("seed %d", seed)
					.containsExactlyElementsOf(expected.tailMap(cursor, false).values());
			}
		}
	}

	private static List<StoredEvent> after(EventRing ring, long cursor) {
		List<StoredEvent> result = new ArrayList<>();
		StoredEvent event = ring.firstAfter(new EventId(1, cursor));
		while (event != null) {
			result.add(event);
			event = ring.next(event);
		}
		return result;
	}

	private static StoredEvent event(long sequence) {
		return new StoredEvent(new EventId(1, sequence), Topic.of("t"),
				LogEntry.event(Topic.of("t"), SseEvent.of("x"), "x"), new Frame(new byte[1]), OverflowPolicy.RESUME, 0);
	}

}
