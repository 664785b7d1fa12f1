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
import java.util.List;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.log.EventId;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for commands that come while a stream is not open yet.
 */
class CommandTests {

	private final InMemoryEventLog log = new InMemoryEventLog(1);

	private final Delivery delivery = new Delivery(this.log, Object::toString,
			DeliverySettings.builder().queueEvents(50).queueBytes(1000).build());

	@AfterEach
	void close() {
		this.delivery.close();
	}

	@Test
	void streamOfAUserIsClosedThoughItsMethodWasRunningWhenTheCommandCame() {
		DeliveredStream before = newStream("topic");
		DeliveredStream ofAnother = newStream("topic");
		this.log.append(LogEntry.disconnectUser("ann"));
		DeliveredStream after = newStream("topic");
		assertThatOnlyTheFirstIsClosed(before, ofAnother, after);
	}

	@Test
	void streamOfATopicIsClosedThoughItsMethodWasRunningWhenTheCommandCame() {
		DeliveredStream before = newStream("topic");
		DeliveredStream ofAnother = newStream("other");
		this.log.append(LogEntry.disconnectTopic(Topic.of("topic")));
		DeliveredStream after = newStream("topic");
		assertThatOnlyTheFirstIsClosed(before, ofAnother, after);
	}

	/**
	 * Where a client resumes says nothing of when its request came.
	 */
	@Test
	void streamThatResumesFromBeforeACommandStaysOpen() {
		DeliveredStream early = newStream("topic");
		this.log.append(LogEntry.disconnectUser("ann"));
		DeliveredStream resuming = newStream("topic");
		this.delivery.open(resuming, new FakeTransport(), "ann", early.getCursor(), List.of());
		Awaitility.await().until(() -> this.delivery.streamCount() == 1);
		Awaitility.await().during(Duration.ofMillis(200)).until(() -> this.delivery.streamCount() == 1);
	}

	@Test
	void onlyTheNewestCommandsAreKept() {
		RecentCommands commands = new RecentCommands();
		for (int i = 0; i <= RecentCommands.MAX; i++) {
			LogEntry command = LogEntry.disconnectUser("user" + i);
			commands.add(this.log.append(command), command);
		}
		assertThat(commands.after(this.log.head())).isEmpty();
		assertThat(commands.after(newStream("topic").getCursor())).isEmpty();
		assertThat(commands.after(EventId.MIN)).hasSize(RecentCommands.MAX)
			.startsWith(LogEntry.disconnectUser("user" + RecentCommands.MAX))
			.endsWith(LogEntry.disconnectUser("user1"));
	}

	private void assertThatOnlyTheFirstIsClosed(DeliveredStream first, DeliveredStream second, DeliveredStream third) {
		this.delivery.open(first, new FakeTransport(), "ann", first.getCursor(), List.of());
		this.delivery.open(second, new FakeTransport(), "bob", second.getCursor(), List.of());
		this.delivery.open(third, new FakeTransport(), "ann", third.getCursor(), List.of());
		Awaitility.await().until(first::isClosed);
		Awaitility.await().until(() -> this.delivery.streamCount() == 2);
		assertThat(second.isClosed()).isFalse();
		assertThat(third.isClosed()).isFalse();
	}

	private DeliveredStream newStream(String topic) {
		return this.delivery.newStream(List.of(TopicPattern.of(topic)), this.delivery.position());
	}

}
