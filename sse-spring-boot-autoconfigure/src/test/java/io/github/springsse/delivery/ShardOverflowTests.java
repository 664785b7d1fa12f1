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

import java.util.List;

import io.github.springsse.SseEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shard}: the overflow policies.
 */
class ShardOverflowTests extends AbstractShardTests {

	@Test
	void slowClientOfLatestGetsNewestOfEveryKeyAndNoGap() {
		DeliveredStream stream = newStream("latest/*");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		publish("latest/x", "in the queue");
		loop().pass();
		for (int i = 0; i < 100; i++) {
			publish("latest/x", SseEvent.of("gold " + i).withKey("gold"));
			publish("latest/x", SseEvent.of("silver " + i).withKey("silver"));
			loop().pass();
		}
		read(stream, slow);
		assertThat(slow.text()).isEqualTo(
				"id: 1-1\ndata: in the queue\n\nid: 1-200\ndata: gold 99\n\n" + "id: 1-201\ndata: silver 99\n\n");
		assertThat(this.statistics.gaps()).isZero();
	}

	@Test
	void slowClientOfDropOldestGetsNewestWithOneGap() {
		DeliveredStream stream = newStream("newest/*");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 5;
		for (int i = 0; i < 30; i++) {
			publish("newest/x", "event " + i);
			loop().pass();
		}
		read(stream, slow);
		assertThat(slow.text()).startsWith("id: 1-1\ndata: event 0\n\nevent: gap\n"
				+ "data: {\"topics\":[\"newest/x\"],\"after\":\"1-1\",\"until\":\"1-22\",\"reason\":\"overflow\"}\n\nid: 1-23\n")
			.endsWith("id: 1-30\ndata: event 29\n\n");
		assertThat(this.statistics.dropped()).isEqualTo(21);
		assertThat(this.statistics.gaps()).isEqualTo(1);
	}

	@Test
	void slowClientOfDropOldestGetsTheEnd() {
		DeliveredStream stream = newStream("newest/x");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 5;
		for (int i = 0; i < 30; i++) {
			publish("newest/x", "event " + i);
			loop().pass();
		}
		end("newest/x");
		loop().pass();
		assertThat(slow.closed).isFalse();
		read(stream, slow);
		assertThat(slow.text()).endsWith("id: 1-30\ndata: event 29\n\n");
		assertThat(slow.closed).isTrue();
	}

	@Test
	void slowClientOfDisconnectIsClosed() {
		FakeTransport slow = open("strict/*");
		slow.room = 0;
		for (int i = 0; i < 11; i++) {
			publish("strict/x", "event " + i);
			loop().pass();
		}
		assertThat(slow.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.OVERFLOW)).isEqualTo(1);
		// ten in the queue and the one that did not fit
		assertThat(this.statistics.dropped()).isEqualTo(11);
	}

	@Test
	void dropOldestLeavesSnapshotAndOtherTopics() {
		DeliveredStream stream = newStream("newest/x", "a");
		FakeTransport slow = new FakeTransport();
		slow.room = 3;
		loop().open(stream, slow, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		publish("a", "kept");
		for (int i = 0; i < 30; i++) {
			publish("newest/x", "event " + i);
			loop().pass();
		}
		read(stream, slow);
		assertThat(slow.text()).startsWith("data: snapshot\n\nid: 1-1\ndata: kept\n\nevent: gap\n"
				+ "data: {\"topics\":[\"newest/x\"],\"after\":\"1-1\",\"until\":\"1-24\",\"reason\":\"overflow\"}\n\nid: 1-25\n")
			.endsWith("id: 1-31\ndata: event 29\n\n");
	}

	/**
	 * Otherwise the client would reconnect for the same snapshot endlessly.
	 */
	@Test
	void clientOfDisconnectThatHasNotGotItsSnapshotStays() {
		DeliveredStream stream = newStream("strict/x");
		FakeTransport slow = new FakeTransport();
		slow.room = 3;
		loop().open(stream, slow, stream.getCursor(), List.of(frame("snapshot ".repeat(500))), NOTHING);
		loop().pass();
		publish("strict/x", "one");
		loop().pass();
		assertThat(slow.closed).isFalse();
		read(stream, slow);
		assertThat(slow.text()).startsWith("data: snapshot ").endsWith("\n\nid: 1-1\ndata: one\n\n");
	}

}
