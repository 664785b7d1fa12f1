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

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

import io.github.springsse.codec.EventStreamEncoder;
import io.github.springsse.codec.Frame;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Shard}: streams that are opened before their first frames exist.
 */
class ShardWaitingTests extends AbstractShardTests {

	private static final Frame LINE = Frame.of("retry: 5\n");

	private final FakeTransport transport = new FakeTransport();

	@Test
	void receivesTheEventsAfterTheCursorOnceTheFirstFramesExist() {
		publish("a", "before");
		DeliveredStream stream = openWaiting();
		assertThat(this.transport.text()).isEqualTo("retry: 5\n");
		assertThat(this.transport.textBeforeInput).as("departure is noticed").isEqualTo("retry: 5\n");
		publish("a", "during 1");
		publish("b", "other topic");
		publish("a", "during 2");
		loop().pass();
		assertThat(this.transport.text()).isEqualTo("retry: 5\n");
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		publish("a", "after");
		loop().pass();
		loop().pass();
		assertThat(this.transport.text())
			.isEqualTo("retry: 5\ndata: snapshot\n\nid: 1-2\ndata: during 1\n\nid: 1-4\ndata: during 2\n\n"
					+ "id: 1-5\ndata: after\n\n");
	}

	@Test
	void cursorMayBeOlderThanTheStream() {
		DeliveredStream first = newStream("a");
		publish("a", "one");
		loop().pass();
		DeliveredStream stream = openWaiting();
		loop().begin(stream, first.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		assertThat(this.transport.text()).endsWith("data: snapshot\n\nid: 1-1\ndata: one\n\n");
	}

	@Test
	void framesForThisStreamAloneFollowTheFirstFrames() throws Exception {
		DeliveredStream stream = openWaiting();
		stream.send("alone");
		loop().pass();
		assertThat(this.transport.text()).isEqualTo("retry: 5\n");
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		stream.send("later");
		loop().pass();
		assertThat(this.transport.text()).isEqualTo("retry: 5\ndata: snapshot\n\ndata: alone\n\ndata: later\n\n");
	}

	@Test
	void resourcesOfTheFirstFramesAreHeldUntilTheseAreWritten() {
		DeliveredStream stream = newStream("a");
		stream.holdWhileOpening(() -> this.callbacks.add("released"));
		openWaiting(stream);
		assertThat(this.callbacks).isEmpty();
		this.transport.room = 3;
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		assertThat(this.callbacks).isEmpty();
		read(stream, this.transport);
		assertThat(this.callbacks).containsExactly("released");
	}

	@Test
	void bodyEndsNormallyUnlessItIsDataOnly() {
		assertThat(textOfFailure(newStream("a"))).matches("(?s)9\r\nretry: 5\n\r\n[0-9a-f]+\r\nretry: .*0\r\n\r\n");
		DeliveredStream dataOnly = newStream("a");
		dataOnly.dataOnly();
		assertThat(textOfFailure(dataOnly)).as("cut off").isEqualTo("9\r\nretry: 5\n\r\n");
	}

	private String textOfFailure(DeliveredStream stream) {
		FakeTransport chunked = new ChunkedTransport();
		loop().openWaiting(stream, chunked, List.of(LINE), NOTHING);
		loop().pass();
		loop().fail(stream);
		loop().pass();
		assertThat(chunked.closed).isTrue();
		return chunked.text();
	}

	@Test
	void isToldWhenToReconnectIfTheFirstFramesWillNeverExist() {
		DeliveredStream stream = openWaiting();
		loop().fail(stream);
		loop().pass();
		assertThat(this.transport.text()).startsWith("retry: 5\nretry: ").endsWith("\n");
		assertThat(this.transport.closed).isTrue();
		assertThat(this.statistics.closed(CloseReason.FAILED)).isEqualTo(1);
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		assertThat(this.transport.text()).doesNotContain("snapshot");
	}

	@Test
	void isNotLeftToWaitForEver() {
		openWaiting();
		tick(59);
		assertThat(this.transport.closed).isFalse();
		assertThat(this.transport.text()).as("no heartbeat, which could carry an id").isEqualTo("retry: 5\n");
		tick(2);
		assertThat(this.transport.closed).isTrue();
		assertThat(this.transport.text()).startsWith("retry: 5\nretry: ");
	}

	@Test
	void waitingTimeDoesNotCountOnceTheStreamHasBegun() {
		DeliveredStream stream = openWaiting();
		tick(30);
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		tick(60);
		assertThat(this.transport.closed).isFalse();
	}

	@Test
	void canBeClosedInEveryWayMeanwhile() {
		assertThat(endOf((stream) -> stream.complete())).isEqualTo(CloseReason.COMPLETED);
		assertThat(endOf((stream) -> loop().shutDown(stream))).isEqualTo(CloseReason.SHUTDOWN);
		assertThat(endOf((stream) -> stream.expire("expired", "session"))).isEqualTo(CloseReason.EXPIRED);
		assertThat(endOf((stream) -> stream.replace(RefusalReason.USER, Duration.ofSeconds(1))))
			.isEqualTo(CloseReason.REPLACED);
		assertThat(endOf(DeliveredStream::onDisconnected)).isEqualTo(CloseReason.DISCONNECTED);
	}

	private CloseReason endOf(Consumer<DeliveredStream> end) {
		long[] before = counts();
		FakeTransport transport = new FakeTransport();
		DeliveredStream stream = newStream("a");
		stream.holdWhileOpening(() -> this.callbacks.add("released"));
		this.callbacks.clear();
		loop().openWaiting(stream, transport, List.of(LINE), NOTHING);
		loop().pass();
		end.accept(stream);
		loop().pass();
		loop().pass();
		assertThat(transport.closed).isTrue();
		assertThat(this.callbacks).containsExactly("released");
		publish("a", "event");
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		assertThat(this.streams.size()).isZero();
		assertThat(transport.text()).doesNotContain("snapshot").doesNotContain("data: event");
		long[] after = counts();
		for (CloseReason reason : CloseReason.values()) {
			if (after[reason.ordinal()] > before[reason.ordinal()]) {
				return reason;
			}
		}
		throw new AssertionError("Not closed");
	}

	private long[] counts() {
		long[] result = new long[CloseReason.values().length];
		for (CloseReason reason : CloseReason.values()) {
			result[reason.ordinal()] = this.statistics.closed(reason);
		}
		return result;
	}

	@Test
	void endOfTheTopicMeanwhileEndsTheStreamAfterItsFirstFrames() {
		DeliveredStream stream = openWaiting();
		publish("a", "last");
		end("a");
		loop().pass();
		assertThat(this.transport.closed).isFalse();
		loop().begin(stream, stream.getCursor(), List.of(frame("snapshot")), NOTHING);
		loop().pass();
		loop().pass();
		assertThat(this.transport.text()).isEqualTo("retry: 5\ndata: snapshot\n\nid: 1-1\ndata: last\n\n");
		assertThat(this.transport.closed).isTrue();
	}

	@Test
	void compressedStreamHasOneHeader() throws Exception {
		Compression compression = new Compression(new CompressionSettings(6, 10, List.of()));
		DeliveredStream stream = newStream("a");
		stream.setCompression(compression);
		openWaiting(stream);
		Frame snapshot = compression.compressShared(EventStreamEncoder.event(null, null, "x".repeat(5000)));
		assertThat(compression.compressIfLarge(snapshot)).isSameAs(snapshot);
		loop().begin(stream, stream.getCursor(), List.of(snapshot), NOTHING);
		loop().pass();
		stream.complete();
		loop().pass();
		loop().pass();
		assertThat(this.transport.closed).isTrue();
		try (GZIPInputStream text = new GZIPInputStream(new ByteArrayInputStream(this.transport.bytes()))) {
			assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
				.isEqualTo("retry: 5\ndata: " + "x".repeat(5000) + "\n\n");
		}
	}

	private DeliveredStream openWaiting() {
		return openWaiting(newStream("a"));
	}

	private DeliveredStream openWaiting(DeliveredStream stream) {
		loop().openWaiting(stream, this.transport, List.of(LINE), NOTHING);
		loop().pass();
		return stream;
	}

}
