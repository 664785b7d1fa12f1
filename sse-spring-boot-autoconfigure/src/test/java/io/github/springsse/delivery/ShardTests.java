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
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.springsse.EventId;
import io.github.springsse.EventLog;
import io.github.springsse.LogEntry;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import io.github.springsse.history.AnswerLimits;
import io.github.springsse.history.Beginning;
import io.github.springsse.history.ResumeLimits;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link Shard} and {@link DeliveryLoop}, without threads: the test is the
 * thread of the loop, and the clock.
 */
class ShardTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final DeliveryStatistics statistics = new DeliveryStatistics();

	private static final ResumeLimits LIMITS = new ResumeLimits(1000, 50);

	private final StreamTable streams = new StreamTable();

	private final EventId start = new EventId(1, 0);

	private final TopicHistories histories = new TopicHistories(this.start,
			new TopicPolicies(policy(OverflowPolicy.RESUME),
					Map.of(TopicPattern.of("latest/**"), policy(OverflowPolicy.LATEST), TopicPattern.of("newest/**"),
							policy(OverflowPolicy.DROP_OLDEST), TopicPattern.of("strict/**"),
							policy(OverflowPolicy.DISCONNECT))),
			100_000, 100, LIMITS, AnswerLimits.DEFAULT, Long.MAX_VALUE, EventId::toString, this::clockOfHistories);

	private final List<String> callbacks = new ArrayList<>();

	private DeliverySettings settings = settings(Duration.ofSeconds(10), null);

	private long now = 1000 * SECOND;

	private boolean delivering;

	private boolean failing;

	private EventLog.@Nullable Retention retention;

	private long sequence;

	private int created;

	private @Nullable DeliveryLoop loop;

	@Test
	void deliversEventsOfItsTopicsInOrderInOneWrite() {
		FakeTransport transport = open("a/*", "b");
		publish("a/1", "one");
		publish("c", "not for this stream");
		publish("b", "two");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: one\n\nid: 1-3\ndata: two\n\n");
		assertThat(transport.writes).isEqualTo(1);
		assertThat(this.statistics.delivered()).isEqualTo(2);
		assertThat(this.statistics.fanOuts()).isEqualTo(3);
	}

	@Test
	void deliversOnceToStreamWithOverlappingPatterns() {
		FakeTransport transport = open("a/b", "a/*", "**");
		publish("a/b", "one");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: one\n\n");
	}

	@Test
	void sharesOneBufferBetweenTransportsAndGivesOwnOnesToThoseThatKeepThem() {
		FakeTransport shared = open("a");
		FakeTransport keeping = open(new FakeTransport(true), newStream("a"));
		publish("a", "one");
		publish("a", "two");
		loop().pass();
		assertThat(keeping.text()).isEqualTo(shared.text()).hasSizeGreaterThan(20);
		assertThat(keeping.writes).isEqualTo(1);
	}

	@Test
	void deliversWhatWasPublishedBetweenCursorAndOpeningOnce() {
		publish("a", "before");
		DeliveredStream stream = newStream("a");
		publish("a", "between");
		publish("b", "other");
		loop().pass();
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), List.of(frame("snapshot"))));
		publish("a", "after");
		loop().pass();
		assertThat(transport.text()).isEqualTo("data: snapshot\n\nid: 1-2\ndata: between\n\nid: 1-4\ndata: after\n\n");
	}

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
	void goesOnWithTheByteAfterTheLastTakenWhenClientIsReadyAgain() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 20;
		publish("a", "x".repeat(50));
		publish("a", "two");
		loop().pass();
		assertThat(transport.text()).hasSize(20);
		publish("a", "three");
		loop().pass();
		assertThat(transport.writes).isEqualTo(1);
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(transport.text())
			.isEqualTo("id: 1-1\ndata: " + "x".repeat(50) + "\n\nid: 1-2\ndata: two\n\nid: 1-3\ndata: three\n\n");
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
		assertThat(stream.delivering().queue.size()).as("bound of the queue").isEqualTo(10);
		assertThat(fast.text()).contains("event 15");
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
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
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		assertThat(slow.text())
			.contains("id: 1-10\ndata: event 9\n\nevent: gap\n" + "data: {\"topics\":[\"a\"],\"after\":\"1-10\",")
			.contains("}\n\nid: 1-21\ndata: event 20\n\n")
			.endsWith("id: 1-40\ndata: event 39\n\n");
	}

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
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
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
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
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
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
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

	/**
	 * Otherwise it would come back for the same gap for ever.
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
	void dropOldestLeavesSnapshotAndOtherTopics() {
		DeliveredStream stream = newStream("newest/x", "a");
		FakeTransport slow = new FakeTransport();
		slow.room = 3;
		loop().execute(() -> loop().shard().open(stream, slow, stream.getCursor(), List.of(frame("snapshot"))));
		loop().pass();
		publish("a", "kept");
		for (int i = 0; i < 30; i++) {
			publish("newest/x", "event " + i);
			loop().pass();
		}
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(slow.text()).startsWith("data: snapshot\n\nid: 1-1\ndata: kept\n\nevent: gap\n"
				+ "data: {\"topics\":[\"newest/x\"],\"after\":\"1-1\",\"until\":\"1-24\",\"reason\":\"overflow\"}\n\nid: 1-25\n")
			.endsWith("id: 1-31\ndata: event 29\n\n");
	}

	/**
	 * Otherwise it would come back for the same snapshot for ever.
	 */
	@Test
	void clientOfDisconnectThatHasNotGotItsSnapshotStays() {
		DeliveredStream stream = newStream("strict/x");
		FakeTransport slow = new FakeTransport();
		slow.room = 3;
		loop().execute(
				() -> loop().shard().open(stream, slow, stream.getCursor(), List.of(frame("snapshot ".repeat(500)))));
		loop().pass();
		publish("strict/x", "one");
		loop().pass();
		assertThat(slow.closed).isFalse();
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(slow.text()).startsWith("data: snapshot ").endsWith("\n\nid: 1-1\ndata: one\n\n");
	}

	@Test
	void heartbeatNeverMovesAClientBack() {
		this.settings = settings(Duration.ofSeconds(10), null, Heartbeat.EVENT);
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard().open(stream, transport, new EventId(1, 3), List.of()));
		tick(11);
		assertThat(transport.text().split("\n\n")).containsOnly("id: 1-3\nevent: heartbeat\ndata");
		loop().execute(() -> loop().shard().skip(new EventId(1, 2), List.of(stream)));
		loop().pass();
		tick(11);
		assertThat(transport.text().split("\n\n")).hasSizeGreaterThan(1)
			.containsOnly("id: 1-3\nevent: heartbeat\ndata");
	}

	@Test
	void refusesToSendToAStreamThatIsAboutToEnd() {
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		publish("a", "one");
		end("a");
		loop().pass();
		assertThat(slow.closed).isFalse();
		assertThatIllegalStateException().isThrownBy(() -> stream.send("lost"));
	}

	@Test
	void namesOfUsersForgeNoLinesOfTheLog() {
		assertThat(newStream("a").describe("ann\nforged")).endsWith(", topics=[a], user=\"ann<EOL>forged\"]");
	}

	@Test
	void tellsTheEndOfAStreamThatWasNeverOpened() {
		DeliveredStream stream = newStream("a");
		stream.onCompletion(() -> this.callbacks.add("completed"));
		stream.abandon(CloseReason.COMPLETED);
		loop().pass();
		assertThat(this.callbacks).containsExactly("completed");
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isZero();
	}

	@Test
	void goesOnAfterAFailureOfWhateverKind() {
		FakeTransport transport = open("a");
		Thread thread = new Thread(loop());
		thread.start();
		loop().execute(() -> {
			throw new OutOfMemoryError("not really");
		});
		publish("a", "one");
		Awaitility.await().until(() -> transport.text().equals("id: 1-1\ndata: one\n\n"));
		assertThat(loop().backlog()).isZero();
		loop().stop();
	}

	@Test
	void streamIsClosedWhereWhatItMissedCannotBeRead() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		FakeTransport other = open("b");
		publish("a", "one");
		publish("b", "two");
		loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of(frame("snapshot"))));
		this.failing = true;
		loop().pass();
		this.failing = false;
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isOne();
		assertThat(other.text()).as("the others go on").isEqualTo("id: 1-2\ndata: two\n\n");
	}

	/**
	 * Otherwise it would go on with what comes after something that it never gets.
	 */
	@Test
	void streamThatCannotGetWhatComesFirstIsClosed() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		List<Frame> first = Arrays.asList(frame("snapshot"), null);
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), first));
		assertThatNullPointerException().isThrownBy(() -> loop().pass());
		assertThat(transport.closed).isTrue();
		assertThat(this.streams.size()).isZero();
		publish("a", "one");
		loop().pass();
		assertThat(transport.text()).isEmpty();
	}

	@Test
	void streamThatFallsBehindAfterAnEventWasQueuedGetsItOnce() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 0;
		publish("a", "one");
		loop().pass();
		stream.delivering().fallBehind(this.start);
		publish("a", "two");
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: one\n\nid: 1-2\ndata: two\n\n");
	}

	@Test
	void whatIsSentToOneStreamIsBoundedOnItsWay() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		stream.send("x".repeat(900));
		stream.send("x".repeat(900));
		assertThatIllegalStateException().isThrownBy(() -> stream.send("x".repeat(900)))
			.withMessageContaining("2000 bytes (twice sse.stream.queue.max-size)");
		loop().pass();
		stream.send("x".repeat(3000));
		loop().pass();
		assertThat(transport.text()).hasSize(900 + 900 + 3000 + 3 * "data: \n\n".length());
	}

	@Test
	void isBehindWithTooManyEvents() {
		for (int i = 0; i < 999; i++) {
			publish("a", "event");
		}
		assertThat(loop().isBehind()).isFalse();
		publish("a", "event");
		assertThat(loop().isBehind()).isTrue();
		loop().pass();
		assertThat(loop().isBehind()).isFalse();
	}

	@Test
	void isBehindWithSmallEventsThatCostTooMuch() {
		append(new LogEntry(LogEntry.Kind.EVENT, Topic.of("a"), null, null, "x", "s".repeat(400_000)));
		assertThat(loop().isBehind()).isTrue();
		loop().pass();
		assertThat(loop().isBehind()).isFalse();
	}

	@Test
	void isBehindWithTooLargeEvents() {
		publish("a", "x".repeat(200_000));
		assertThat(loop().isBehind()).isFalse();
		publish("a", "x".repeat(200_000));
		assertThat(loop().isBehind()).isTrue();
		loop().pass();
		assertThat(loop().isBehind()).isFalse();
		publish("a", "x".repeat(400_000));
		assertThat(loop().isBehind()).isTrue();
		loop().pass();
		assertThat(loop().isBehind()).isFalse();
	}

	@Test
	void takesNoEventsAfterItsEnd() {
		loop().stop();
		publish("a", "event");
		assertThat(loop().backlog()).isZero();
	}

	@Test
	void clientThatHasSeenMoreThanTheShardGetsNothingTwice() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		publish("a", "one");
		loop().pass();
		loop().execute(() -> loop().shard().open(stream, transport, new EventId(1, 3), List.of()));
		publish("a", "two");
		publish("a", "three");
		publish("a", "four");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-4\ndata: four\n\n");
	}

	@Test
	void leavesOutTheStreamThatCausedAnEvent() {
		DeliveredStream stream = newStream("a");
		FakeTransport own = open(new FakeTransport(), stream);
		FakeTransport other = open("a");
		publish("a", SseEvent.of("said").exceptStream(stream.getId()));
		publish("a", "two");
		loop().pass();
		assertThat(own.text()).isEqualTo(position("1-1") + "id: 1-2\ndata: two\n\n");
		assertThat(other.text()).isEqualTo("id: 1-1\ndata: said\n\nid: 1-2\ndata: two\n\n");
	}

	@Test
	void closesWhenAllTopicsHaveEnded() {
		FakeTransport both = open("a", "b");
		FakeTransport pattern = open("**");
		publish("a", "one");
		end("a");
		loop().pass();
		assertThat(both.closed).isFalse();
		publish("b", "two");
		end("b");
		loop().pass();
		assertThat(both.closed).isTrue();
		assertThat(both.text()).isEqualTo("id: 1-1\ndata: one\n\nid: 1-3\ndata: two\n\n");
		assertThat(pattern.closed).as("there may always be other topics").isFalse();
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isEqualTo(1);
	}

	@Test
	void streamThatIsBehindAtTheEndGetsEverythingFirst() {
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 15; i++) {
			publish("a", "event " + i);
		}
		end("a");
		loop().pass();
		assertThat(slow.closed).isFalse();
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		assertThat(slow.closed).isTrue();
		assertThat(slow.text()).endsWith("data: event 14\n\n");
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
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), List.of(snapshot)));
		loop().pass();
		while (!stream.isClosed() && !stream.delivering().ready) {
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
		// 100 topics are kept, and in each interval so many are new that with those of
		// two more there are too many
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
		loop().execute(() -> loop().shard().shutDown(stream));
		loop().pass();
		assertThat(transport.text()).contains("id: 1-102\n").doesNotContain("gap", "retry", "event:");
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
			loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of()));
			late.add(transport);
		}
		loop().pass();
		assertThat(late.stream().filter(ShardTests::hasAll500)).as("in one pass").hasSizeLessThan(20);
		publish("live", "now");
		loop().pass();
		assertThat(live.text()).isEqualTo("id: 1-501\ndata: now\n\n");
		assertThat(late.stream().filter(ShardTests::hasAll500)).as("in two passes").hasSizeLessThan(40);
		while (loop().shard().isDirty()) {
			loop().pass();
		}
		assertThat(late).allMatch(ShardTests::hasAll500);
	}

	@Test
	void nothingIsReadForAClientThatHasGone() {
		for (int i = 0; i < 20; i++) {
			publish("a", "event");
		}
		loop().pass();
		DeliveredStream stream = newStream("*");
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of()));
		loop().execute(stream::onDisconnected);
		this.failing = true;
		loop().pass();
		assertThat(transport.text()).isEmpty();
	}

	private static boolean hasAll500(FakeTransport transport) {
		return transport.text().lines().filter("data: event"::equals).count() == 500;
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
	void clientThatCannotBeReachedIsClosedWithoutError() {
		DeliveredStream stream = newStream("a");
		stream.onError((ex) -> this.callbacks.add("error"));
		stream.onCompletion(() -> this.callbacks.add("completion"));
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.broken = true;
		publish("a", "event");
		loop().pass();
		assertThat(transport.closed).isTrue();
		assertThat(this.callbacks).containsExactly("completion");
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isEqualTo(1);
		stream.onDisconnected();
		loop().pass();
		assertThat(this.callbacks).hasSize(1);
	}

	@Test
	void clientThatCannotBeWrittenToForWhateverReasonIsClosedAndHurtsNobody() {
		FakeTransport failing = open("a");
		failing.error = new InternalError("not really");
		FakeTransport other = open("a");
		publish("a", "event");
		loop().pass();
		assertThat(failing.closed).isTrue();
		assertThat(failing.writes).isEqualTo(1);
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isEqualTo(1);
		assertThat(other.text()).isEqualTo("id: 1-1\ndata: event\n\n");
	}

	@Test
	void streamsThatAreLeftWhereWritingFailsAreNextToBeWrittenTo() {
		PendingWrites pending = new PendingWrites();
		List<Delivering> added = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			Delivering delivering = newStream("a").delivering();
			delivering.ready = true;
			added.add(delivering);
			pending.add(delivering);
			pending.add(delivering);
		}
		assertThatIllegalStateException().isThrownBy(() -> pending.take((delivering) -> {
			throw new IllegalStateException();
		}));
		pending.add(added.get(0));
		List<Delivering> written = new ArrayList<>();
		assertThat(pending.take((delivering) -> {
			written.add(delivering);
			pending.add(added.get(0));
			return 5;
		})).isEqualTo(15);
		assertThat(written).containsExactly(added.get(1), added.get(2), added.get(0));
		assertThat(pending.isEmpty()).as("added while it was written to").isFalse();
		pending.take((delivering) -> 0);
		assertThat(pending.isEmpty()).isTrue();
	}

	@Test
	void eventsDoNotWaitForCrowdThatLeaves() {
		FakeTransport staying = open("a");
		List<DeliveredStream> crowd = new ArrayList<>();
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			crowd.add(newStream("a"));
			transports.add(open(new FakeTransport(), crowd.get(i)));
		}
		crowd.forEach(DeliveredStream::onDisconnected);
		publish("a", "event");
		loop().pass();
		assertThat(staying.text()).isEqualTo("id: 1-1\ndata: event\n\n");
		assertThat(transports).allMatch((transport) -> transport.text().isEmpty());
		assertThat(this.streams.size()).isGreaterThan(500);
		publish("a", "another");
		loop().pass();
		assertThat(staying.text()).endsWith("data: another\n\n");
		for (int i = 0; i < 10; i++) {
			loop().pass();
		}
		assertThat(this.streams.size()).isEqualTo(1);
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isEqualTo(1000);
	}

	@Test
	void crowdThatLeavesWaitsForEventsOfOtherThreads() {
		List<DeliveredStream> crowd = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			crowd.add(newStream("a"));
			open(new FakeTransport(), crowd.get(i));
		}
		this.delivering = true;
		crowd.forEach(DeliveredStream::onDisconnected);
		for (int i = 0; i < 10; i++) {
			assertThat(loop().pass()).isFalse();
		}
		assertThat(this.streams.size()).isBetween(900, 990);
		this.delivering = false;
		for (int i = 0; i < 10; i++) {
			loop().pass();
		}
		assertThat(this.streams.size()).isZero();
	}

	@Test
	void crowdThatLeavesIsClosedAlsoWhereThereAreAlwaysEvents() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		stream.onDisconnected();
		for (int i = 0; i < 1000; i++) {
			publish("a", "event");
		}
		loop().pass();
		assertThat(transport.closed).isTrue();
	}

	@Test
	void clientThatLeavesBeforeItsStreamIsOpenLeavesNothing() {
		DeliveredStream stream = newStream("a");
		stream.onDisconnected();
		loop().pass();
		FakeTransport transport = open(new FakeTransport(), stream);
		assertThat(transport.closed).isTrue();
		assertThat(this.streams.size()).isZero();
		assertThat(this.statistics.opened()).isZero();
	}

	@Test
	void completesAfterWhatWasSentBefore() throws Exception {
		DeliveredStream stream = newStream("a");
		stream.send(SseEmitter.event().name("early").data("one"));
		stream.send("two");
		FakeTransport transport = open(new FakeTransport(), stream);
		publish("a", "three");
		stream.send(List.of(4));
		stream.complete();
		publish("a", "after the end");
		loop().pass();
		assertThat(transport.text())
			.isEqualTo("event:early\ndata: one\n\ndata: two\n\nid: 1-1\ndata: three\n\ndata: [4]\n\n");
		assertThat(transport.closed).isTrue();
		assertThatIllegalStateException().isThrownBy(() -> stream.send("no more"));
	}

	@Test
	@Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void sendsNothingWhereThereIsNothingToSend() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		publish("a", "event");
		stream.send(SseEmitter.event());
		stream.send(Set.of());
		stream.send(Set.of(new ResponseBodyEmitter.DataWithMediaType("", null)));
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: event\n\n");
	}

	@Test
	void completionWaitsForClientThatIsBehind() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 3;
		publish("a", "event");
		stream.complete();
		loop().pass();
		assertThat(transport.closed).isFalse();
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(transport.closed).isTrue();
		assertThat(transport.text()).endsWith("data: event\n\n");
	}

	@Test
	void errorOfTheApplicationIsToldToItsCallback() {
		DeliveredStream stream = newStream("a");
		stream.onError((ex) -> this.callbacks.add("error " + ex.getMessage()));
		stream.onCompletion(() -> this.callbacks.add("completion"));
		open(new FakeTransport(), stream);
		stream.completeWithError(new IllegalStateException("boom"));
		loop().pass();
		assertThat(this.callbacks).containsExactly("error boom", "completion");
	}

	@Test
	void transportThatCannotBeClosedLeavesNothingBehind() {
		DeliveredStream stream = newStream("a");
		stream.onCompletion(() -> this.callbacks.add("completion"));
		open(new FakeTransport() {

			@Override
			public void close() {
				throw new IllegalStateException("for this test");
			}

		}, stream);
		FakeTransport other = open("a");
		stream.complete();
		publish("a", "event");
		loop().pass();
		assertThat(this.streams.size()).isEqualTo(1);
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isEqualTo(1);
		assertThat(this.callbacks).containsExactly("completion");
		assertThat(other.text()).contains("event");
	}

	@Test
	void callbackThatFailsInWhateverWayHoldsUpNoOther() {
		DeliveredStream stream = newStream("a");
		stream.onError((ex) -> {
			throw new NoClassDefFoundError("not really");
		});
		stream.onCompletion(() -> this.callbacks.add("completion"));
		open(new FakeTransport(), stream);
		stream.completeWithError(new IllegalStateException("boom"));
		loop().pass();
		assertThat(this.callbacks).containsExactly("completion");
	}

	@Test
	void refusesToQueueMoreForOneClientThanItsQueueMayHold() {
		DeliveredStream stream = newStream("a");
		for (int i = 0; i < 10; i++) {
			stream.send("event");
		}
		assertThatIllegalStateException().isThrownBy(() -> stream.send("one too many"))
			.withMessageContaining("queue")
			.withMessageContaining("10 events");
	}

	@Test
	void shutDownTellsEachClientWhenToComeBack() {
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			DeliveredStream stream = newStream("a");
			transports.add(open(new FakeTransport(), stream));
			loop().execute(() -> loop().shard().shutDown(stream));
		}
		loop().pass();
		assertThat(transports).allMatch((transport) -> transport.closed)
			.allMatch((transport) -> transport.text().matches("retry: \\d{1,4}\n"));
		assertThat(transports.stream().map(FakeTransport::text).distinct().count()).isGreaterThan(10);
	}

	@Test
	void whatWasMissedComesBeforeTheEndOfAStreamThatWasCompletedBeforeItWasOpen() {
		DeliveredStream stream = newStream("a");
		publish("a", "missed");
		loop().pass();
		stream.send("bye");
		stream.complete();
		FakeTransport transport = new ChunkedTransport();
		loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of()));
		loop().pass();
		assertThat(transport.text()).endsWith("id: 1-1\ndata: missed\n\n\r\n0\r\n\r\n");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void streamThatIsBehindGetsWhatWasPublishedBeforeItIsCompleted() {
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new ChunkedTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 15; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		stream.complete();
		publish("a", "after");
		loop().pass();
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		assertThat(slow.text()).endsWith("data: event 14\n\n\r\n0\r\n\r\n");
		assertThat(slow.closed).isTrue();
	}

	@Test
	void nothingFollowsTheLastChunkWhereTheApplicationShutsDownMeanwhile() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new ChunkedTransport(), stream);
		transport.room = 5;
		publish("a", "event");
		loop().pass();
		stream.complete();
		loop().pass();
		loop().execute(() -> loop().shard().shutDown(stream));
		loop().pass();
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(transport.text()).endsWith("data: event\n\n\r\n0\r\n\r\n");
	}

	@Test
	void nothingFollowsTheLastChunkOfAStreamThatIsSentAwayAtOnce() {
		publish("a", "event");
		end("a");
		loop().pass();
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new ChunkedTransport();
		loop().execute(() -> {
			loop().shard().open(stream, transport, stream.getCursor(), List.of(frame("snapshot")));
			loop().shard().shutDown(stream);
		});
		loop().pass();
		assertThat(transport.text()).endsWith("data: snapshot\n\n\r\n0\r\n\r\n");
	}

	@Test
	void snapshotOfAnySizeFollowsTheFirstLine() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard()
			.open(stream, transport, stream.getCursor(),
					List.of(EventStreamEncoder.retry(Duration.ofSeconds(2)), frame("x".repeat(5000)))));
		loop().pass();
		assertThat(transport.text()).isEqualTo("retry: 2000\ndata: " + "x".repeat(5000) + "\n\n");
	}

	@Test
	void whatTheFirstFramesHoldIsLetGoOfWhenTheyHaveLeft() {
		AtomicInteger released = new AtomicInteger();
		DeliveredStream stream = newStream("a");
		stream.holdWhileOpening(released::incrementAndGet);
		FakeTransport transport = new FakeTransport();
		transport.room = 3000;
		loop().execute(() -> loop().shard()
			.open(stream, transport, stream.getCursor(), List.of(frame("x".repeat(2000)), frame("x".repeat(2000)))));
		loop().pass();
		publish("a", "event");
		loop().pass();
		assertThat(released).hasValue(0);
		transport.room = Integer.MAX_VALUE;
		loop().execute(() -> loop().shard().writable(stream));
		loop().pass();
		assertThat(released).hasValue(1);
		loop().execute(() -> loop().shard().close(stream, CloseReason.DISCONNECTED, null));
		loop().pass();
		assertThat(released).hasValue(1);
	}

	@Test
	void whatTheFirstFramesHoldIsLetGoOfWhenTheyNeverLeave() {
		AtomicInteger released = new AtomicInteger();
		DeliveredStream neverOpened = newStream("a");
		neverOpened.holdWhileOpening(released::incrementAndGet);
		neverOpened.hold(released::incrementAndGet);
		neverOpened.abandon(CloseReason.DISCONNECTED);
		loop().pass();
		assertThat(released).hasValue(2);
		DeliveredStream closed = newStream("a");
		closed.abandon(CloseReason.DISCONNECTED);
		loop().pass();
		closed.holdWhileOpening(released::incrementAndGet);
		open(new FakeTransport(), closed);
		assertThat(released).hasValue(3);
		DeliveredStream slow = newStream("a");
		slow.holdWhileOpening(released::incrementAndGet);
		slow.hold(released::incrementAndGet);
		FakeTransport transport = new FakeTransport();
		transport.room = 10;
		loop().execute(() -> loop().shard().open(slow, transport, slow.getCursor(), List.of(frame("x".repeat(2000)))));
		loop().execute(() -> loop().shard().close(slow, CloseReason.STALLED, null));
		loop().pass();
		assertThat(released).hasValue(5);
	}

	@Test
	void eventsAreQueuedBehindALargeSnapshot() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		transport.room = 10;
		loop().execute(
				() -> loop().shard().open(stream, transport, stream.getCursor(), List.of(frame("x".repeat(5000)))));
		stream.send("alone");
		loop().pass();
		publish("a", "event");
		loop().pass();
		transport.room = Integer.MAX_VALUE;
		loop().execute(() -> loop().shard().writable(stream));
		loop().pass();
		assertThat(transport.text()).contains("x\n\ndata: alone\n\n").contains("data: event");
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
			Object positions = ReflectionTestUtils.getField(loop().shard(), "positions");
			most = Math.max(most, ((Collection<?>) ReflectionTestUtils.getField(positions, "moments")).size());
		}
		assertThat(most).isBetween(2, 40);
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
		loop().execute(() -> loop().shard()
			.open(stream, transport, this.start, List.of(EventStreamEncoder.retry(Duration.ofSeconds(2)))));
		loop().pass();
		publish("strict/a", "live");
		loop().pass();
		assertThat(transport.closed).isFalse();
	}

	@Test
	void endOfInputIsLookedForOnceTheFirstFramesAreWritten() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), List.of(frame("snapshot"))));
		loop().pass();
		publish("a", "event");
		loop().pass();
		assertThat(transport.textBeforeInput).isEqualTo("data: snapshot\n\n");
		assertThat(transport.text()).contains("data: event");
	}

	@Test
	void endOfInputIsLookedForOnceWhatWasMissedIsWritten() {
		DeliveredStream stream = newStream("a");
		for (int i = 0; i < 20; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		FakeTransport transport = new FakeTransport();
		loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of(frame("first"))));
		for (int i = 0; i < 5; i++) {
			loop().pass();
		}
		assertThat(transport.writes).isGreaterThan(2);
		assertThat(transport.textBeforeInput).contains("data: first", "data: event 0\n", "data: event 19\n");
	}

	@Test
	void endOfInputOfAClientThatDoesNotReadIsNotOverlooked() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		transport.room = 3;
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), List.of(frame("snapshot"))));
		loop().pass();
		assertThat(transport.textBeforeInput).isEqualTo("dat");
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		assertThat(transport.text()).isEqualTo("data: snapshot\n\n");
	}

	@Test
	void streamIsClosedWhereTheEndOfItsInputCannotBeLookedFor() {
		FakeTransport transport = new FakeTransport();
		transport.broken = true;
		open(transport, newStream("a"));
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.DISCONNECTED)).isEqualTo(1);
	}

	@Test
	void inputOfAStreamThatEndsAtOnceIsNotLookedAt() {
		DeliveredStream stream = newStream("a");
		stream.complete();
		FakeTransport transport = open(new FakeTransport(), stream);
		assertThat(transport.closed).isTrue();
		assertThat(transport.textBeforeInput).isNull();
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isEqualTo(1);
	}

	@Test
	void streamThatExpiresSaysWhyAfterWhatWasQueued() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new ChunkedTransport(), stream);
		publish("a", "before");
		stream.expire("expired", "logout");
		stream.expire("expired", "session");
		publish("a", "after");
		loop().pass();
		assertThat(transport.text()).contains("data: before")
			.endsWith("event: expired\ndata: logout\n\n\r\n0\r\n\r\n")
			.doesNotContain("after", "session");
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.EXPIRED)).isEqualTo(1);
	}

	@Test
	void streamThatExpiresBeforeItIsOpenEndsAfterTheSnapshot() {
		DeliveredStream stream = newStream("a");
		publish("a", "missed");
		loop().pass();
		stream.expire("expired", "logout");
		FakeTransport transport = new ChunkedTransport();
		loop().execute(() -> loop().shard().open(stream, transport, this.start, List.of(frame("snapshot"))));
		loop().pass();
		assertThat(transport.text()).contains("data: snapshot")
			.endsWith("event: expired\ndata: logout\n\n\r\n0\r\n\r\n")
			.doesNotContain("missed");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void streamThatExpiresBeforeItIsOpenAndHasMissedNothingEndsOnce() {
		DeliveredStream stream = newStream("a");
		stream.expire("expired", "logout");
		FakeTransport transport = open(new ChunkedTransport(), stream);
		assertThat(transport.text()).endsWith("event: expired\ndata: logout\n\n\r\n0\r\n\r\n")
			.containsOnlyOnce("0\r\n\r\n");
	}

	@Test
	void streamThatExpiresDoesNotGetWhatItWasToGetBeforeItsEnd() {
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new ChunkedTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 15; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		stream.complete();
		loop().pass();
		stream.expire("expired", "logout");
		loop().pass();
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		assertThat(slow.text()).doesNotContain("event 14").endsWith("data: logout\n\n\r\n0\r\n\r\n");
		assertThat(this.statistics.closed(CloseReason.EXPIRED)).isEqualTo(1);
	}

	@Test
	void streamOfDataAloneExpiresWithoutAWord() {
		DeliveredStream stream = newStream("a");
		stream.dataOnly();
		FakeTransport transport = open(new ChunkedTransport(), stream);
		publish("a", "before");
		stream.expire("expired", "logout");
		loop().pass();
		assertThat(transport.text()).endsWith("data: before\n\n\r\n0\r\n\r\n");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void completeAnswerIsOneEventInOneWriteAndThenTheEnd() {
		begin("a");
		for (int i = 0; i < 5000; i++) {
			piece("a", "word ");
		}
		end("a");
		while (loop().backlog() > 0) {
			loop().pass();
		}
		FakeTransport transport = openFromTheBeginning(new ChunkedTransport(), "a");
		assertThat(transport.writes).isEqualTo(1);
		assertThat(transport.text()).contains("id: 1-5001\ndata: " + "word ".repeat(5000) + "\n\n")
			.endsWith("\r\n0\r\n\r\n");
		assertThat(transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isEqualTo(1);
	}

	@Test
	void runningAnswerIsWhatThereIsAndThenPieceByPiece() {
		begin("a");
		piece("a", "one ");
		publish("b", "other");
		piece("a", "two ");
		loop().pass();
		FakeTransport topic = openFromTheBeginning(new FakeTransport(), "a");
		FakeTransport both = openFromTheBeginning(new FakeTransport(), "a", "b");
		piece("a", "three ");
		loop().pass();
		piece("a", "four");
		end("a");
		loop().pass();
		String live = "id: 1-5\ndata: three \n\nid: 1-6\ndata: four\n\n";
		assertThat(topic.text()).isEqualTo("id: 1-4\ndata: one two \n\n" + live);
		assertThat(topic.closed).isTrue();
		assertThat(both.text())
			.isEqualTo("id: 1-2\ndata: one \n\nid: 1-3\ndata: other\n\nid: 1-4\ndata: two \n\n" + live);
		assertThat(both.closed).as("the other topic goes on").isFalse();
	}

	@Test
	void clientThatIsBehindGetsTheRestOfAnAnswerJoined() {
		begin("a");
		DeliveredStream stream = newStream("a");
		FakeTransport slow = open(new FakeTransport(), stream);
		slow.room = 0;
		for (int i = 0; i < 100; i++) {
			piece("a", i + " ");
			loop().pass();
		}
		slow.room = Integer.MAX_VALUE;
		stream.onWritable();
		loop().pass();
		loop().pass();
		end("a");
		loop().pass();
		assertThat(slow.text()).startsWith("id: 1-2\ndata: 0 \n\nid: 1-3\ndata: 1 \n\n")
			.endsWith("id: 1-101\ndata: "
					+ IntStream.range(10, 100).mapToObj((i) -> i + " ").collect(Collectors.joining()) + "\n\n");
		assertThat(slow.closed).isTrue();
	}

	@Test
	void beginningIsNothingForClientsAndMakesAnEndedTopicLiveAgain() {
		FakeTransport transport = open("a");
		publish("a", "before");
		begin("a");
		end("a");
		begin("a");
		loop().pass();
		assertThat(transport.text()).isEqualTo("id: 1-1\ndata: before\n\n");
		assertThat(transport.closed).as("it has begun again before the end was routed").isFalse();
		piece("a", "after");
		loop().pass();
		end("a");
		loop().pass();
		assertThat(transport.text()).endsWith("id: 1-5\ndata: after\n\n");
		assertThat(transport.closed).isTrue();
	}

	@Test
	void streamIsCutWhereOneOfItsTopicsHasEndedByACut() {
		begin("a");
		piece("a", "text");
		loop().pass();
		FakeTransport one = openFromTheBeginning(new ChunkedTransport(), "a");
		FakeTransport both = openFromTheBeginning(new ChunkedTransport(), "a", "b");
		append(LogEntry.end(Topic.of("a"), true));
		loop().pass();
		assertThat(one.text()).endsWith("data: text\n\n\r\n");
		assertThat(one.closed).isTrue();
		assertThat(both.closed).isFalse();
		publish("b", "last");
		end("b");
		loop().pass();
		assertThat(both.text()).endsWith("data: last\n\n\r\n");
		assertThat(both.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.FAILED)).isEqualTo(2);
		assertThat(this.histories.isComplete(new EventId(1, 2), List.of(TopicPattern.of("a"))))
			.as("a client that comes back is told that there is no more")
			.isTrue();
		FakeTransport late = openFromTheBeginning(new ChunkedTransport(), "a");
		assertThat(late.text()).endsWith("data: text\n\n\r\n");
		assertThat(late.closed).as("as those that were there").isTrue();
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
		while (loop().shard().isDirty()) {
			loop().pass();
		}
		assertThat(transport.text()).containsOnlyOnce("event: gap")
			.contains("\"topics\":[\"a\",\"b\"]")
			.contains("id: 1-21\ndata: event 10\n\nid: 1-22\ndata: event 10\n\n")
			.contains("id: 1-62\ndata: text\n\n");
		assertThat(this.statistics.gaps()).isEqualTo(1);
	}

	private FakeTransport openFromTheBeginning(FakeTransport transport, String... patterns) {
		DeliveredStream stream = newStream(patterns);
		Beginning beginning = this.histories.beginning(stream.getPatterns());
		List<Frame> first = (beginning.gap() != null) ? List.of(new GapFrame(null, beginning.gap(), EventId::toString))
				: List.of();
		loop().execute(() -> loop().shard().open(stream, transport, beginning.cursor(), first));
		loop().pass();
		return transport;
	}

	private void begin(String topic) {
		append(LogEntry.begin(Topic.of(topic)));
	}

	private void piece(String topic, String text) {
		append(LogEntry.piece(Topic.of(topic), text));
	}

	private static String position(String id) {
		return "id: " + id + "\nevent: cursor\ndata\n\n";
	}

	private FakeTransport open(String... patterns) {
		return open(new FakeTransport(), newStream(patterns));
	}

	private FakeTransport open(FakeTransport transport, DeliveredStream stream) {
		loop().execute(() -> loop().shard().open(stream, transport, stream.getCursor(), List.of()));
		loop().pass();
		return transport;
	}

	private DeliveredStream newStream(String... patterns) {
		return new DeliveredStream("s" + ++this.created, Arrays.stream(patterns).map(TopicPattern::of).toList(),
				new EventId(1, this.sequence), loop(),
				new DirectFrames(Object::toString, new EventSize(Long.MAX_VALUE)), this.settings);
	}

	private void publish(String topic, String data) {
		publish(topic, SseEvent.of(data));
	}

	private void publish(String topic, SseEvent event) {
		append(LogEntry.event(Topic.of(topic), event, event.getData().toString()));
	}

	private void end(String topic) {
		append(LogEntry.end(Topic.of(topic)));
	}

	private void append(LogEntry entry) {
		EventId id = new EventId(1, ++this.sequence);
		Frame frame = (entry.kind() == LogEntry.Kind.END || entry.kind() == LogEntry.Kind.BEGIN) ? Frame.of("")
				: EventStreamEncoder.event(id.toString(), entry.event(), entry.data());
		StoredEvent event = this.histories.add(id, entry, frame, this.now);
		event.enterLoops(1);
		loop().offer(event);
	}

	private long clockOfHistories() {
		if (this.failing) {
			throw new InternalError("not really");
		}
		return this.now;
	}

	private void tick(int seconds) {
		for (int i = 0; i < 20 * seconds; i++) {
			advance(SECOND / 20);
			loop().pass();
		}
	}

	private void advance(long nanos) {
		this.now += nanos;
	}

	private DeliveryLoop loop() {
		if (this.loop == null) {
			Shard shard = new Shard(this.settings, this.statistics, this.histories, this.streams, Runnable::run,
					this.retention, this.start, this.now);
			this.loop = new DeliveryLoop(shard, this.statistics, () -> this.now, 1000, 300_000, () -> this.delivering,
					EventId::toString, new UnheardEvents(() -> this.now));
		}
		return this.loop;
	}

	private static Frame frame(String data) {
		return EventStreamEncoder.event(null, null, data);
	}

	private static DeliverySettings settings(@Nullable Duration heartbeat, @Nullable Duration maxDuration) {
		return settings(heartbeat, maxDuration, Heartbeat.COMMENT);
	}

	private static DeliverySettings settings(@Nullable Duration interval, @Nullable Duration maxDuration,
			Heartbeat heartbeat) {
		return new DeliverySettings(1, 1000, 10, 1000, new TopicPolicies(policy(OverflowPolicy.RESUME), Map.of()),
				100_000, 100, LIMITS, 1000, heartbeat, interval, Duration.ofSeconds(30), maxDuration,
				Duration.ofSeconds(5), Long.MAX_VALUE);
	}

	private static TopicPolicy policy(OverflowPolicy overflow) {
		return new TopicPolicy(20, Long.MAX_VALUE, Duration.ofMinutes(1), overflow);
	}

	private static final class ChunkedTransport extends FakeTransport {

		@Override
		public boolean isChunked() {
			return true;
		}

	}

}
