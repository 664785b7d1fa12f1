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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Shard}: how a stream closes, and what it holds until then.
 */
class ShardClosingTests extends AbstractShardTests {

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
	void tellsTheEndOfAStreamThatWasNeverOpened() {
		DeliveredStream stream = newStream("a");
		stream.onCompletion(() -> this.callbacks.add("completed"));
		stream.abandon(CloseReason.COMPLETED);
		loop().pass();
		assertThat(this.callbacks).containsExactly("completed");
		assertThat(this.statistics.closed(CloseReason.COMPLETED)).isZero();
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
		read(stream, slow);
		loop().pass();
		assertThat(slow.closed).isTrue();
		assertThat(slow.text()).endsWith("data: event 14\n\n");
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
	void completionWaitsForClientThatIsBehind() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 3;
		publish("a", "event");
		stream.complete();
		loop().pass();
		assertThat(transport.closed).isFalse();
		read(stream, transport);
		assertThat(transport.closed).isTrue();
		assertThat(transport.text()).endsWith("data: event\n\n");
	}

	/**
	 * Otherwise it would look for its events for ever, and never close.
	 */
	@Test
	void streamThatIsCompletedWhileWhatItMissedIsLostIsSentAway() {
		DeliveredStream stream = newStream("a");
		stream.setSnapshotPossible(true);
		FakeTransport transport = open(new FakeTransport(), stream);
		transport.room = 0;
		for (int i = 0; i < 15; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		stream.complete();
		loop().pass();
		for (int i = 15; i < 60; i++) {
			publish("a", "event " + i);
		}
		loop().pass();
		transport.room = Integer.MAX_VALUE;
		stream.onWritable();
		for (int i = 0; i < 10; i++) {
			loop().pass();
		}
		assertThat(transport.closed).isTrue();
		assertThat(shard().isDirty()).isFalse();
		assertThat(transport.text()).contains("retry: ");
		assertThat(this.statistics.closed(CloseReason.OVERFLOW)).isOne();
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
	void shutDownTellsEachClientWhenToComeBack() {
		List<FakeTransport> transports = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			DeliveredStream stream = newStream("a");
			transports.add(open(new FakeTransport(), stream));
			loop().shutDown(stream);
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
		loop().open(stream, transport, this.start, List.of(), NOTHING);
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
		read(stream, slow);
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
		loop().shutDown(stream);
		loop().pass();
		read(stream, transport);
		assertThat(transport.text()).endsWith("data: event\n\n\r\n0\r\n\r\n");
	}

	@Test
	void nothingFollowsTheLastChunkOfAStreamThatIsSentAwayAtOnce() {
		publish("a", "event");
		end("a");
		loop().pass();
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new ChunkedTransport();
		loop().open(stream, transport, stream.getCursor(), List.of(frame("snapshot")),
				(mailbox) -> mailbox.shutDown(stream));
		loop().pass();
		assertThat(transport.text()).endsWith("data: snapshot\n\n\r\n0\r\n\r\n");
	}

	@Test
	void whatTheFirstFramesHoldIsLetGoOfWhenTheyHaveLeft() {
		AtomicInteger released = new AtomicInteger();
		DeliveredStream stream = newStream("a");
		stream.holdWhileOpening(released::incrementAndGet);
		FakeTransport transport = new FakeTransport();
		transport.room = 3000;
		loop().open(stream, transport, stream.getCursor(), List.of(frame("x".repeat(2000)), frame("x".repeat(2000))),
				NOTHING);
		loop().pass();
		publish("a", "event");
		loop().pass();
		assertThat(released).hasValue(0);
		transport.room = Integer.MAX_VALUE;
		loop().writable(stream);
		loop().pass();
		assertThat(released).hasValue(1);
		loop().close(stream, CloseReason.DISCONNECTED, null);
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
		loop().open(slow, transport, slow.getCursor(), List.of(frame("x".repeat(2000))), NOTHING);
		loop().close(slow, CloseReason.STALLED, null);
		loop().pass();
		assertThat(released).hasValue(5);
	}

	@Test
	void endOfInputIsLookedForOnceTheFirstFramesAreWritten() {
		DeliveredStream stream = newStream("a");
		FakeTransport transport = new FakeTransport();
		loop().open(stream, transport, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
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
		loop().open(stream, transport, this.start, List.of(frame("first")), NOTHING);
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
		loop().open(stream, transport, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		assertThat(transport.textBeforeInput).isEqualTo("dat");
		read(stream, transport);
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
		loop().open(stream, transport, this.start, List.of(frame("snapshot")), NOTHING);
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
		read(stream, slow);
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

}
