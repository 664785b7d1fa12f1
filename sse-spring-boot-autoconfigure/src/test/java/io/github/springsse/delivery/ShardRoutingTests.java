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
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import io.github.springsse.SseEvent;
import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Tests for {@link Shard}: which stream gets which event, and when it is written.
 */
class ShardRoutingTests extends AbstractShardTests {

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
		loop().open(stream, transport, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		publish("a", "after");
		loop().pass();
		assertThat(transport.text()).isEqualTo("data: snapshot\n\nid: 1-2\ndata: between\n\nid: 1-4\ndata: after\n\n");
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
		read(stream, transport);
		assertThat(transport.text())
			.isEqualTo("id: 1-1\ndata: " + "x".repeat(50) + "\n\nid: 1-2\ndata: two\n\nid: 1-3\ndata: three\n\n");
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
	void snapshotOfAnySizeFollowsTheFirstLine() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().open(stream, transport, stream.getCursor(),
				List.of(EventStreamEncoder.retry(Duration.ofSeconds(2)), frame("x".repeat(5000))), NOTHING);
		loop().pass();
		assertThat(transport.text()).isEqualTo("retry: 2000\ndata: " + "x".repeat(5000) + "\n\n");
	}

	@Test
	void eventsAreQueuedBehindALargeSnapshot() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		transport.room = 10;
		loop().open(stream, transport, stream.getCursor(), List.of(frame("x".repeat(5000))), NOTHING);
		stream.send("alone");
		loop().pass();
		publish("a", "event");
		loop().pass();
		transport.room = Integer.MAX_VALUE;
		loop().writable(stream);
		loop().pass();
		assertThat(transport.text()).contains("x\n\ndata: alone\n\n").contains("data: event");
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

	/**
	 * Otherwise the client would receive later events without the first frames.
	 */
	@Test
	void streamThatCannotGetWhatComesFirstIsClosed() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		List<Frame> first = Arrays.asList(frame("snapshot"), null);
		loop().open(stream, transport, stream.getCursor(), first, NOTHING);
		assertThatNullPointerException().isThrownBy(() -> loop().pass());
		assertThat(transport.closed).isTrue();
		assertThat(this.streams.size()).isZero();
		publish("a", "one");
		loop().pass();
		assertThat(transport.text()).isEmpty();
	}

	@Test
	void namesOfUsersForgeNoLinesOfTheLog() {
		assertThat(newStream("a").describe("ann\nforged")).endsWith(", topics=[a], user=\"ann<EOL>forged\"]");
	}

}
