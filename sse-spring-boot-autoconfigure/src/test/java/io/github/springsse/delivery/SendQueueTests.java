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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Random;
import java.util.Set;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.Gap;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SendQueue}.
 */
class SendQueueTests {

	private final QueueTotals totals = new QueueTotals();

	@Test
	void refusesMoreFramesThanItMayHold() {
		SendQueue queue = new SendQueue(2, 1000, this.totals);
		assertThat(queue.offer(frame(1))).isTrue();
		assertThat(queue.offer(frame(1))).isTrue();
		assertThat(queue.offer(frame(1))).isFalse();
		assertThat(queue.size()).isEqualTo(2);
	}

	@Test
	void refusesMoreBytesThanItMayHold() {
		SendQueue queue = new SendQueue(100, 10, this.totals);
		assertThat(queue.offer(frame(6))).isTrue();
		assertThat(queue.offer(frame(5))).isFalse();
		assertThat(queue.offer(frame(4))).isTrue();
		assertThat(queue.bytes()).isEqualTo(10);
	}

	@Test
	void boundsOfAnySizeAreDoubledForWhatCannotBeHadAgain() {
		SendQueue queue = new SendQueue(Integer.MAX_VALUE, Long.MAX_VALUE, this.totals);
		assertThat(queue.offerAlone(frame(1))).isTrue();
		assertThat(queue.offerAlone(frame(1))).isTrue();
	}

	@Test
	void takesFrameOfAnySizeWhenItIsEmpty() {
		SendQueue queue = new SendQueue(100, 10, this.totals);
		assertThat(queue.offer(frame(11))).isTrue();
		assertThat(queue.offer(frame(1))).isFalse();
	}

	@Test
	void framesThatAStreamBeginsWithDoNotCountForTheBounds() {
		SendQueue queue = new SendQueue(2, 10, this.totals);
		queue.open(List.of(frame(50), frame(0), frame(50), frame(50)));
		assertThat(queue.size()).isEqualTo(3);
		assertThat(queue.offer(frame(6))).isTrue();
		assertThat(queue.fits(frame(5))).isFalse();
		assertThat(queue.fits(frame(4))).isTrue();
		assertThat(queue.offer(frame(4))).isTrue();
		assertThat(queue.offer(frame(1))).isFalse();
		queue.take(120);
		assertThat(queue.isOpening()).isTrue();
		assertThat(queue.firstUntouched()).isEqualTo(1);
		assertThat(queue.offer(frame(1))).isFalse();
		queue.take(30);
		assertThat(queue.isOpening()).isFalse();
		assertThat(queue.bytes()).isEqualTo(10);
		queue.take(6);
		assertThat(queue.offer(frame(6))).isTrue();
		assertThat(queue.offer(frame(1))).isFalse();
	}

	@Test
	void nothingIsLeftOfTheBeginningWhenItIsCleared() {
		SendQueue queue = new SendQueue(2, 10, this.totals);
		queue.open(List.of(frame(50), frame(50)));
		queue.take(20);
		queue.clear();
		assertThat(queue.isOpening()).isFalse();
		assertThat(queue.offer(frame(11))).isTrue();
		assertThat(queue.offer(frame(1))).isFalse();
	}

	@Test
	void bytesTakenMakeRoom() {
		SendQueue queue = new SendQueue(100, 10, this.totals);
		queue.offer(frame(10));
		queue.take(4);
		assertThat(queue.bytes()).isEqualTo(6);
		assertThat(queue.offer(frame(4))).isTrue();
	}

	@Test
	void isEmptyAfterAFrameWithoutBytes() {
		SendQueue queue = new SendQueue(1, 10, this.totals);
		assertThat(queue.offerAlone(frame(0))).isTrue();
		assertThat(queue.isEmpty()).isTrue();
		queue.offer(frame(5));
		assertThat(queue.offer(frame(0))).isTrue();
		queue.take(5);
		assertThat(queue.isEmpty()).isTrue();
	}

	@Test
	void countsEventsOfTheLogThatHaveLeftWhole() {
		SendQueue queue = new SendQueue(100, 100, this.totals);
		queue.offer(event(5));
		queue.offer(frame(5));
		queue.offer(event(5));
		assertThat(queue.take(4)).isZero();
		assertThat(queue.take(1)).isEqualTo(1);
		assertThat(queue.take(5)).isZero();
		assertThat(queue.clear()).isEqualTo(1);
		assertThat(queue.isEmpty()).isTrue();
		assertThat(queue.bytes()).isZero();
	}

	@Test
	void firstIsWhatIsLeftOfTheFirstFrame() {
		SendQueue queue = new SendQueue(100, 100, this.totals);
		queue.offer(new Frame(new byte[] { 1, 2, 3 }));
		queue.take(1);
		assertThat(queue.first()).isEqualTo(ByteBuffer.wrap(new byte[] { 2, 3 }));
	}

	@Test
	void whatIsWaitingIsCountedWhateverHappensToIt() {
		for (long seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			QueueTotals counted = new QueueTotals();
			SendQueue queue = new SendQueue(1 + random.nextInt(10), 1 + random.nextInt(300), counted);
			for (int i = 0; i < 300; i++) {
				switch (random.nextInt(5)) {
					case 0, 1 -> queue.offer(frame(1 + random.nextInt(50)));
					case 2 -> queue.take((int) Math.min(queue.bytes(), random.nextInt(60)));
					case 3 -> {
						queue.offer(event(1 + random.nextInt(50)));
						DropOldest.makeRoom(queue, event(1 + random.nextInt(50)), true, EventId::toString);
					}
					default -> {
						if (random.nextInt(20) == 0) {
							queue.clear();
						}
					}
				}
				counted.publish();
				assertThat(counted.frames()).as("seed %d", seed).isEqualTo(queue.size());
				assertThat(counted.bytes()).as("seed %d", seed).isEqualTo(queue.bytes());
			}
		}
	}

	/**
	 * Whatever the order of offering and taking, the bytes come out as they went in.
	 */
	@Test
	void keepsEveryByteInOrder() {
		for (long seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			SendQueue queue = new SendQueue(1 + random.nextInt(40), 1 + random.nextInt(500), this.totals);
			ByteArrayOutputStream in = new ByteArrayOutputStream();
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			for (int i = 0; i < 500; i++) {
				if (random.nextBoolean()) {
					byte[] bytes = new byte[1 + random.nextInt(50)];
					random.nextBytes(bytes);
					if (queue.offer(new Frame(bytes))) {
						in.writeBytes(bytes);
					}
				}
				else {
					take(queue, random, out);
				}
				assertThat(in.size() - out.size()).as("seed %d", seed).isEqualTo((int) queue.bytes());
			}
			while (!queue.isEmpty()) {
				take(queue, random, out);
			}
			assertThat(out.toByteArray()).as("seed %d", seed).isEqualTo(in.toByteArray());
		}
	}

	/**
	 * Whatever makes room for whatever: where an event is missing, there is a gap.
	 */
	@Test
	void leavesGapsInThePlaceOfEventsThatMadeRoom() {
		for (long seed = 0; seed < 200; seed++) {
			Random random = new Random(seed);
			SendQueue queue = new SendQueue(1 + random.nextInt(6), 1 + random.nextInt(500), this.totals);
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			int dropped = 0;
			for (int i = 0; i < 200; i++) {
				StoredEvent event = event(
						("#" + i + "#" + "x".repeat(random.nextInt(200)) + "\n").getBytes(StandardCharsets.US_ASCII));
				DropOldest.Outcome outcome = DropOldest.makeRoom(queue, event, true, EventId::toString);
				dropped += outcome.events();
				if (!queue.offer(event)) {
					// it comes from the history later
					while (!queue.isEmpty()) {
						take(queue, random, out);
					}
					queue.offer(event);
				}
				if (random.nextBoolean()) {
					take(queue, random, out);
				}
			}
			while (!queue.isEmpty()) {
				take(queue, random, out);
			}
			assertGapsWhereEventsAreMissing(out.toString(StandardCharsets.US_ASCII).split("\n"), 200, dropped,
					"seed " + seed);
		}
	}

	/**
	 * It names every topic, of which there may be many.
	 */
	@Test
	void writesTheGapOnceForManyEvents() {
		SendQueue queue = new SendQueue(1000, 1_000_000, this.totals);
		Set<Frame> first = Collections.newSetFromMap(new IdentityHashMap<>());
		for (int i = 0; i < 10_000; i++) {
			StoredEvent event = event("event\n".getBytes(StandardCharsets.US_ASCII), "topic/" + i % 500, i,
					OverflowPolicy.DROP_OLDEST);
			DropOldest.makeRoom(queue, event, true, EventId::toString);
			assertThat(queue.offer(event)).isTrue();
			first.add(queue.frame(0));
		}
		assertThat(first).hasSizeLessThan(50);
		assertThat(queue.size()).isGreaterThan(750);
		Gap gap = ((GapFrame) queue.frame(0)).gap();
		assertThat(gap.lost()).hasSize(500);
		assertThat(gap.after()).isNull();
		assertThat(gap.until().sequence()).isEqualTo(((StoredEvent) queue.frame(1)).id().sequence() - 1);
	}

	@Test
	void dropsNothingButEventsThatMayBe() {
		SendQueue queue = new SendQueue(4, 10_000, this.totals);
		StoredEvent kept = event("kept\n".getBytes(StandardCharsets.US_ASCII), "kept", 1, OverflowPolicy.RESUME);
		GapFrame gap = new GapFrame(null, Gap.somewhere(List.of("t"), Gap.Reason.EVICTED), EventId::toString);
		queue.offer(frame(5));
		queue.offer(kept);
		queue.offer(gap);
		queue.offer(event("#2\n".getBytes(StandardCharsets.US_ASCII), "t", 2, OverflowPolicy.DROP_OLDEST));
		StoredEvent next = event("#3\n".getBytes(StandardCharsets.US_ASCII), "t", 3, OverflowPolicy.DROP_OLDEST);
		assertThat(DropOldest.makeRoom(queue, next, true, EventId::toString)).isEqualTo(new DropOldest.Outcome(1, 1));
		assertThat(queue.offer(next)).as("there is nothing more to drop").isFalse();
		assertThat(queue.frame(1)).isSameAs(kept);
		assertThat(queue.frame(2)).isSameAs(gap);
		Frame marker = queue.frame(3);
		assertThat(new String(marker.array(), marker.offset(false), marker.size(), StandardCharsets.US_ASCII))
			.isEqualTo(
					"event: gap\ndata: {\"topics\":[\"t\"],\"after\":\"1-1\",\"until\":\"1-2\",\"reason\":\"overflow\"}\n\n");
	}

	private static void assertGapsWhereEventsAreMissing(String[] lines, int events, int dropped, String description) {
		int next = 0;
		int missing = 0;
		boolean gap = false;
		for (String line : lines) {
			gap |= line.equals("event: gap");
			if (line.startsWith("#")) {
				int number = Integer.parseInt(line.split("#")[1]);
				assertThat(gap || number == next).as("%s: all up to %s, or a gap", description, number).isTrue();
				missing += number - next;
				next = number + 1;
				gap = false;
			}
		}
		assertThat(gap || next == events).as("%s: all up to the end, or a gap", description).isTrue();
		assertThat(missing + events - next).as(description).isEqualTo(dropped);
	}

	private static void take(SendQueue queue, Random random, ByteArrayOutputStream out) {
		ByteBuffer buffer = ByteBuffer.allocate(1 + random.nextInt(100));
		queue.copyTo(buffer);
		int count = (buffer.position() > 0) ? random.nextInt(buffer.position() + 1) : 0;
		out.write(buffer.array(), 0, count);
		queue.take(count);
	}

	private static Frame frame(int length) {
		return new Frame(new byte[length]);
	}

	private static StoredEvent event(int length) {
		return event(new byte[length]);
	}

	private static StoredEvent event(byte[] bytes) {
		return event(bytes, "t", 1, OverflowPolicy.DROP_OLDEST);
	}

	private static StoredEvent event(byte[] bytes, String topic, long sequence, OverflowPolicy overflow) {
		return new StoredEvent(new EventId(1, sequence), Topic.of(topic),
				LogEntry.event(Topic.of(topic), SseEvent.of("x"), "x"), new Frame(bytes), overflow, 0);
	}

}
