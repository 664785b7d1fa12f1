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

import io.github.springsse.Topic;
import io.github.springsse.log.LogEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link DeliveryLoop}: its backlog, low-priority commands, and failures.
 */
class DeliveryLoopTests extends AbstractShardTests {

	@Test
	void goesOnAfterAFailureOfWhateverKind() {
		FakeTransport transport = open("a");
		Thread thread = new Thread(loop());
		thread.start();
		loop().open(newStream("b"), new FakeTransport(), this.start, List.of(), (mailbox) -> {
			throw new OutOfMemoryError("not really");
		});
		publish("a", "one");
		Awaitility.await().until(() -> transport.text().equals("id: 1-1\ndata: one\n\n"));
		assertThat(loop().backlog()).isZero();
		loop().stop();
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
	void streamsThatAreLeftWhereWritingFailsAreNextToBeWrittenTo() {
		PendingWrites pending = new PendingWrites();
		List<StreamState> added = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			StreamState state = newStream("a").state();
			state.markReady();
			added.add(state);
			pending.add(state);
			pending.add(state);
		}
		assertThatIllegalStateException().isThrownBy(() -> pending.take((state) -> {
			throw new IllegalStateException();
		}));
		pending.add(added.get(0));
		List<StreamState> written = new ArrayList<>();
		assertThat(pending.take((state) -> {
			written.add(state);
			pending.add(added.get(0));
			return 5;
		})).isEqualTo(15);
		assertThat(written).containsExactly(added.get(1), added.get(2), added.get(0));
		assertThat(pending.isEmpty()).as("added while it was written to").isFalse();
		pending.take((state) -> 0);
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

}
