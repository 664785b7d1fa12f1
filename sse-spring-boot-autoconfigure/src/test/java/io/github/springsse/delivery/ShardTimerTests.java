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
import java.util.Collection;
import java.util.List;

import io.github.springsse.SseEvent;
import io.github.springsse.codec.Frame;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shard}: heartbeats, positions and time limits.
 */
class ShardTimerTests extends AbstractShardTests {

	@Test
	void heartbeatNeverMovesAClientBack() {
		this.settings = settings(Duration.ofSeconds(10), null, Heartbeat.EVENT);
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().open(stream, transport, new EventId(1, 3), List.of(), NOTHING);
		tick(11);
		assertThat(transport.text().split("\n\n")).containsOnly("id: 1-3\nevent: heartbeat\ndata");
		loop().skip(new EventId(1, 2), () -> List.of(stream));
		loop().pass();
		tick(11);
		assertThat(transport.text().split("\n\n")).hasSizeGreaterThan(1)
			.containsOnly("id: 1-3\nevent: heartbeat\ndata");
	}

	@Test
	void clientWithoutProgressIsClosedAfterWriteTimeout() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 5;
		publish("a", "x".repeat(40));
		loop().pass();
		tick(20);
		transport.room = 5;
		stream.onWritable();
		loop().pass();
		tick(29);
		assertThat(transport.closed).as("there was progress 29 s ago").isFalse();
		stream.onWritable();
		loop().pass();
		tick(2);
		assertThat(transport.closed).as("no progress for 31 s, though it was said to be writable").isTrue();
		assertThat(this.statistics.closed(CloseReason.STALLED)).isEqualTo(1);
	}

	@Test
	void slowClientIsNotClosedInTheMiddleOfALargeFrame() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport(true);
		transport.room = 0;
		Frame snapshot = frame("x".repeat(1_000_000));
		loop().open(stream, transport, stream.getCursor(), List.of(snapshot), NOTHING);
		loop().pass();
		while (!stream.isClosed() && !stream.state().isReady()) {
			tick(transport.lastTaken / 20_000);
			stream.onWritable();
			loop().pass();
		}
		assertThat(transport.closed).isFalse();
		assertThat(transport.text()).isEqualTo("data: " + "x".repeat(1_000_000) + "\n\n");
	}

	@Test
	void idleStreamGetsCommentAtLeastOnceInTheInterval() {
		FakeTransport transport = open("a");
		publish("b", "moves no id that would be too old");
		loop().pass();
		tick(10);
		assertThat(transport.text()).isEqualTo(": heartbeat\n");
		tick(10);
		assertThat(transport.text()).startsWith(": heartbeat\n: heartbeat\n").doesNotContain("id");
		assertThat(this.statistics.heartbeats()).isBetween(2L, 4L);
	}

	@Test
	void busyStreamGetsNoHeartbeat() {
		FakeTransport transport = open("a");
		for (int i = 0; i < 40; i++) {
			publish("a", "event");
			loop().pass();
			tick(1);
		}
		assertThat(this.statistics.heartbeats()).isZero();
		assertThat(transport.text()).doesNotContain("heartbeat");
	}

	@Test
	void idleStreamGetsPositionBeforeItsTopicMayBeForgotten() {
		FakeTransport transport = open("a");
		publish("a", "one");
		loop().pass();
		tick(10);
		assertThat(transport.text()).endsWith("data: one\n\n: heartbeat\n");
		// 100 topics are kept, and each interval adds so many that those of two more
		// intervals would exceed this
		for (int i = 0; i < 40; i++) {
			publish("b/" + i, "new");
		}
		transport.reset();
		tick(10);
		assertThat(transport.text()).contains("id: 1-41\nevent: cursor\ndata\n\n");
		transport.reset();
		tick(10);
		assertThat(transport.text()).as("one is enough").matches("(: heartbeat\n)+");
	}

	@Test
	void idleStreamGetsPositionWhileANodeThatStartsStillFindsItsId() {
		this.retention = new EventLog.Retention(Long.MAX_VALUE, Duration.ofSeconds(100));
		FakeTransport transport = open("a");
		publish("a", "one");
		loop().pass();
		tick(5);
		publish("b", "for others");
		tick(40);
		assertThat(transport.text()).startsWith("id: 1-1\ndata: one\n\n")
			.doesNotContain("cursor")
			.contains(": heartbeat");
		tick(20);
		assertThat(transport.text()).containsOnlyOnce(position("1-2"));
	}

	@Test
	void idleStreamGetsPositionBeforeSharedLogHasDroppedItsId() {
		this.retention = new EventLog.Retention(100, Duration.ofDays(1));
		FakeTransport transport = open("a");
		publish("a", "one");
		loop().pass();
		for (int i = 0; i < 60; i++) {
			publish("b", "for others");
			this.statistics.entries.increment();
			tick(1);
		}
		assertThat(transport.text()).contains("event: cursor\ndata\n\n").contains(": heartbeat");
		assertThat(transport.text().split("event: cursor").length).isLessThan(5);
	}

	@Test
	void streamOfDataAloneGetsNothingElse() {
		this.settings = settings(Duration.ofSeconds(10), null, Heartbeat.EVENT);
		DeliveredStream stream = newStream("a", "newest/x");
		stream.dataOnly();
		FakeTransport transport = open(new FakeTransport(), stream);
		publish("a", SseEvent.of("own").exceptStream(stream.getId()));
		publish("a", "one");
		loop().pass();
		tick(11);
		assertThat(transport.text()).matches("id: 1-2\ndata: one\n\n(: heartbeat\n)+");
		transport.reset();
		transport.room = 0;
		for (int i = 0; i < 50; i++) {
			publish("a", "event " + i);
			publish("newest/x", "event " + i);
			loop().pass();
		}
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		tick(1);
		loop().shutDown(stream);
		loop().pass();
		assertThat(transport.text()).contains("id: 1-102\n").doesNotContain("gap", "retry", "event:");
	}

	@Test
	void heartbeatsOfStreamsWrittenToTogetherAreSpread() {
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			transports.add(open("a"));
		}
		publish("a", "to all");
		loop().pass();
		List<Integer> sent = new ArrayList<>();
		for (int tenth = 0; tenth < 100; tenth++) {
			long before = this.statistics.heartbeats();
			advance(SECOND / 10);
			loop().pass();
			sent.add((int) (this.statistics.heartbeats() - before));
		}
		assertThat(sent.stream().mapToInt(Integer::intValue).sum()).isGreaterThanOrEqualTo(1000);
		assertThat(sent).as("of 1000, in each tenth of a second").allMatch((count) -> count < 100);
	}

	@Test
	void heartbeatsCanBeCommentsOrEventsOrNone() {
		this.settings = settings(Duration.ofSeconds(10), null, Heartbeat.COMMENT);
		FakeTransport comment = open("a");
		tick(11);
		assertThat(comment.text()).matches("(: heartbeat\n)+");
		this.loop = null;
		this.settings = settings(Duration.ofSeconds(10), null, Heartbeat.EVENT);
		FakeTransport event = open("a");
		tick(11);
		assertThat(event.text()).startsWith("id: 1-0\nevent: heartbeat\ndata\n\n");
		this.loop = null;
		this.settings = settings(null, null);
		FakeTransport none = open("a");
		tick(1000);
		assertThat(none.text()).isEmpty();
	}

	@Test
	void streamIsClosedAfterItsLongestDuration() {
		this.settings = settings(Duration.ofSeconds(10), Duration.ofSeconds(25));
		DeliveredStream stream = newStream("a");
		stream.onTimeout(() -> this.callbacks.add("timeout"));
		stream.onError((ex) -> this.callbacks.add("error"));
		stream.onCompletion(() -> this.callbacks.add("completion"));
		FakeTransport transport = open(new FakeTransport(), stream);
		tick(24);
		assertThat(transport.closed).isFalse();
		tick(2);
		assertThat(transport.closed).isTrue();
		assertThat(this.callbacks).containsExactly("timeout", "completion");
	}

	@Test
	void streamThatIsSentToAloneGetsPositionBeforeItsIdIsTooOld() {
		this.retention = new EventLog.Retention(1000, Duration.ofMinutes(10));
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		for (int i = 0; i < 400; i++) {
			publish("b", "other");
			stream.send("tick");
			tick(1);
		}
		assertThat(transport.text()).contains("event: cursor\ndata\n\n");
		assertThat(transport.text().split("event: cursor").length).isLessThan(5);
	}

	/**
	 * A node may run for months, and its log may keep entries for weeks.
	 */
	@ParameterizedTest
	@ValueSource(longs = { 0, 10, 60 * 24 * 7 })
	void keepsFewPositionsOfBefore(long minutes) {
		this.retention = (minutes > 0) ? new EventLog.Retention(1_000_000, Duration.ofMinutes(minutes)) : null;
		this.settings = settings(Duration.ofSeconds(1), null);
		open("a");
		int most = 0;
		for (int i = 0; i < 3000; i++) {
			publish("b", "other");
			advance(Math.max(1, minutes) * 60 * SECOND / 1000);
			loop().pass();
			Object positions = ReflectionTestUtils.getField(shard(), "positions");
			most = Math.max(most, ((Collection<?>) ReflectionTestUtils.getField(positions, "moments")).size());
		}
		assertThat(most).isBetween(2, 40);
	}

}
