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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.log.EventId;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shard}: streams that are behind, and gaps.
 */
class ShardCatchUpTests extends AbstractShardTests {

	@Test
	void tellsGapWhenHistoryHasMovedOnAndGoesOnWithWhatIsLeft() {
		DeliveredStream stream = newStream("a", "c");
		publish("a", "first");
		publish("c", "first");
		for (int i = 0; i < 25; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		FakeTransport transport = open(new FakeTransport(), stream);
		loop().pass();
		loop().pass();
		assertThat(transport.text()).startsWith(
				"event: gap\ndata: {\"topics\":[\"a\"],\"after\":\"1-0\",\"until\":\"1-7\",\"reason\":\"evicted\"}\n\n"
						+ "id: 1-2\ndata: first\n\nid: 1-8\ndata: event 5\n\n")
			.endsWith("id: 1-27\ndata: event 24\n\n");
		assertThat(this.statistics.gaps()).isEqualTo(1);
	}

	@Test
	void closesStreamForNewSnapshotWhereHistoryHasMovedOn() {
		FakeTransport slow = new FakeTransport();
		DeliveredStream stream = newStream("a");
		stream.setSnapshotPossible(true);
		open(slow, stream);
		slow.room = 0;
		for (int i = 0; i < 50; i++) {
			publish("a", "event " + i);
			loop().pass();
		}
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		tick(1);
		assertThat(slow.text()).containsPattern("id: 1-10\ndata: event 9\n\nretry: \\d+\n$").doesNotContain("gap");
		assertThat(slow.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.OVERFLOW)).isEqualTo(1);
		assertThat(this.statistics.gaps()).isZero();
	}

	@Test
	void tellsGapWhenThereIsRoomForIt() {
		DeliveredStream stream = newStream("a");
		publish("a", "event");
		advance(61 * SECOND);
		stream.send("large ".repeat(500));
		FakeTransport transport = open(new FakeTransport(), stream);
		loop().pass();
		assertThat(transport.text()).startsWith("data: large ")
			.endsWith(
					"id: 1-1\nevent: gap\ndata: {\"topics\":[\"a\"],\"after\":\"1-0\",\"until\":\"1-1\",\"reason\":\"expired\"}\n\n");
	}

	@Test
	void slowClientCatchesUpFromHistoryAndOthersAreNotHurt() {
		DeliveredStream stream = newStream("a", "b");
		FakeTransport slow = open(new FakeTransport(), stream);
		FakeTransport fast = open("a", "b");
		slow.room = 0;
		for (int i = 0; i < 16; i++) {
			publish((i % 2 == 0) ? "a" : "b", "event " + i);
			loop().pass();
		}
		assertThat(loop().totals().frames()).as("bound of the queue").isEqualTo(10);
		assertThat(fast.text()).contains("event 15");
		read(stream, slow);
		publish("a", "live");
		loop().pass();
		assertThat(slow.text()).isEqualTo(fast.text());
		assertThat(this.statistics.closed(CloseReason.OVERFLOW)).isZero();
		assertThat(this.statistics.dropped()).isZero();
	}

	@Test
	void slowClientIsToldOfGapOnlyIfHistoryHasMovedOn() {
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 40; i++) {
			publish("a", "event " + i);
			loop().pass();
		}
		read(stream, slow);
		loop().pass();
		assertThat(slow.text())
			.contains("id: 1-10\ndata: event 9\n\nevent: gap\n" + "data: {\"topics\":[\"a\"],\"after\":\"1-10\",")
			.contains("}\n\nid: 1-21\ndata: event 20\n\n")
			.endsWith("id: 1-40\ndata: event 39\n\n");
	}

	/**
	 * Otherwise the client would reconnect for the same gap endlessly.
	 */
	@Test
	void clientThatWasAwayUntilTheEndWasForgottenGetsTheIdOfTheEnd() {
		DeliveredStream stream = newStream("a");
		publish("a", "one");
		end("a");
		loop().pass();
		advance(61 * SECOND);
		FakeTransport transport = open(new FakeTransport(), stream);
		loop().pass();
		assertThat(transport.text()).isEqualTo(
				"id: 1-2\nevent: gap\ndata: {\"topics\":[\"a\"],\"after\":\"1-0\",\"until\":\"1-1\",\"reason\":\"expired\"}\n\n");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void streamIsClosedWhereWhatItMissedCannotBeRead() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		FakeTransport other = open("b");
		publish("a", "one");
		publish("b", "two");
		loop().open(stream, transport, this.start, List.of(frame("snapshot")), NOTHING);
		this.failing = true;
		loop().pass();
		this.failing = false;
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isOne();
		assertThat(other.text()).as("the others go on").isEqualTo("id: 1-2\ndata: two\n\n");
	}

	@Test
	void streamThatFallsBehindAfterAnEventWasQueuedGetsItOnce() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 0;
		publish("a", "one");
		loop().pass();
		stream.state().fallBehind(this.start);
		publish("a", "two");
		read(stream, transport);
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: one\n\nid: 1-2\ndata: two\n\n");
	}

	@Test
	void clientThatHasSeenMoreThanTheShardGetsNothingTwice() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		publish("a", "one");
		loop().pass();
		loop().open(stream, transport, new EventId(1, 3), List.of(), NOTHING);
		publish("a", "two");
		publish("a", "three");
		publish("a", "four");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-4\ndata: four\n\n");
	}

	@Test
	void streamsThatCatchUpDoNotHoldUpTheOthers() {
		for (int i = 0; i < 50; i++) {
			for (int j = 0; j < 10; j++) {
				publish("many/" + i, "event");
			}
		}
		loop().pass();
		FakeTransport live = open("live");
		List<FakeTransport> late = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			DeliveredStream stream = newStream("many/*");
			FakeTransport transport = new FakeTransport();
			loop().open(stream, transport, this.start, List.of(), NOTHING);
			late.add(transport);
		}
		loop().pass();
		assertThat(late.stream().filter(ShardCatchUpTests::hasAll500)).as("in one pass").hasSizeLessThan(20);
		publish("live", "now");
		loop().pass();
		assertThat(live.text()).isEqualTo("id: 1-501\ndata: now\n\n");
		assertThat(late.stream().filter(ShardCatchUpTests::hasAll500)).as("in two passes").hasSizeLessThan(40);
		while (shard().isDirty()) {
			loop().pass();
		}
		assertThat(late).allMatch(ShardCatchUpTests::hasAll500);
	}

	@Test
	void nothingIsReadForAClientThatHasGone() {
		for (int i = 0; i < 20; i++) {
			publish("a", "event");
		}
		loop().pass();
		DeliveredStream stream = newStream("*");
		FakeTransport transport = new FakeTransport();
		loop().open(stream, transport, this.start, List.of(), (mailbox) -> stream.onDisconnected());
		this.failing = true;
		loop().pass();
		assertThat(transport.text()).isEmpty();
	}

	@Test
	void gapThatAStreamBeginsWithIsNotToldAgain() {
		for (int i = 0; i < 30; i++) {
			publish("a", "event " + i);
			publish("b", "event " + i);
		}
		begin("c");
		piece("c", "text");
		loop().pass();
		FakeTransport transport = openFromTheBeginning(new FakeTransport(), "a", "b", "c");
		while (shard().isDirty()) {
			loop().pass();
		}
		assertThat(transport.text()).containsOnlyOnce("event: gap")
			.contains("\"topics\":[\"a\",\"b\"]")
			.contains("id: 1-21\ndata: event 10\n\nid: 1-22\ndata: event 10\n\n")
			.contains("id: 1-62\ndata: text\n\n");
		assertThat(this.statistics.gaps()).isEqualTo(1);
	}

	@Test
	void streamOfATopicThatDisconnectsIsNotClosedWhileItCatchesUp() {
		for (int i = 0; i < 10; i++) {
			publish("strict/a", "event " + i);
		}
		loop().pass();
		DeliveredStream stream = newStream("strict/a");
		FakeTransport transport = new FakeTransport();
		transport.room = 30;
		loop().open(stream, transport, this.start, List.of(EventStreamEncoder.retry(Duration.ofSeconds(2))), NOTHING);
		loop().pass();
		publish("strict/a", "live");
		loop().pass();
		assertThat(transport.closed).isFalse();
	}

	private static boolean hasAll500(FakeTransport transport) {
		return transport.text().lines().filter("data: event"::equals).count() == 500;
	}

}
