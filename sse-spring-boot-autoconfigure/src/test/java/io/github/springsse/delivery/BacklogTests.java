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

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.log.EventId;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what waits while delivery is behind, and what must not.
 */
@Timeout(60)
class BacklogTests {

	private static final int MAX_BACKLOG = 4;

	private final InMemoryEventLog log = new InMemoryEventLog(1);

	private final Delivery delivery = new Delivery(this.log, Object::toString,
			DeliverySettings.builder().maxBacklog(MAX_BACKLOG).queueEvents(50).queueBytes(1000).build());

	private final DeliveredStream stream = this.delivery.newStream(List.of(TopicPattern.of("topic")),
			this.delivery.position());

	private final CountDownLatch go = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.go.countDown();
		this.delivery.close();
	}

	@Test
	void publishingWaitsWhileDeliveryIsBehind() {
		holdUp(() -> {
		});
		Thread publisher = publishOneTooMany();
		Awaitility.await()
			.during(Duration.ofMillis(200))
			.until(() -> publisher.isAlive() && this.delivery.backlog() == MAX_BACKLOG);
		this.go.countDown();
		Awaitility.await().until(() -> !publisher.isAlive());
		Awaitility.await().until(() -> this.delivery.statistics().published() == MAX_BACKLOG + 1);
	}

	@Test
	void deliveryThreadThatPublishesDoesNotWaitForItself() {
		CountDownLatch published = new CountDownLatch(3);
		holdUp(() -> {
			for (int i = 0; i < 3; i++) {
				publish();
				published.countDown();
			}
		});
		Thread publisher = publishOneTooMany();
		this.go.countDown();
		Awaitility.await().until(() -> published.getCount() == 0);
		Awaitility.await().until(() -> !publisher.isAlive());
		assertThat(this.log.head().sequence()).isEqualTo(MAX_BACKLOG + 4);
		Awaitility.await().until(() -> this.delivery.backlog() == 0);
	}

	@Test
	void commandsDoNotWaitBehindPublishers() {
		holdUp(() -> {
		});
		publishOneTooMany();
		Thread command = start(() -> this.log.append(LogEntry.disconnectTopic(Topic.of("other"))));
		Awaitility.await().until(() -> !command.isAlive());
	}

	@Test
	void requestThatResumesDoesNotWaitBehindPublishers() {
		holdUp(() -> {
		});
		publishOneTooMany();
		Thread request = start(() -> this.delivery.parse(this.delivery.format(new EventId(1, 1))));
		Awaitility.await().until(() -> !request.isAlive());
	}

	@Test
	void publisherThatIsInterruptedWaitsOnWithoutSpinningAndKeepsItsInterrupt() {
		holdUp(() -> {
		});
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread publisher = start(() -> {
			publish();
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		awaitWaiting(publisher);
		publisher.interrupt();
		Awaitility.await().until(() -> !publisher.isInterrupted());
		assertThat(publisher.isAlive()).isTrue();
		this.go.countDown();
		Awaitility.await().until(() -> !publisher.isAlive());
		assertThat(interrupted).isTrue();
	}

	@Test
	void shutdownThatIsInterruptedWaitsOnWithoutSpinningAndKeepsItsInterrupt() {
		FakeTransport slow = new FakeTransport();
		slow.room = 0;
		this.delivery.open(this.stream, slow, null, this.delivery.position(), List.of());
		Awaitility.await().until(() -> this.delivery.streamCount() == 1);
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread shutdown = start(() -> {
			this.delivery.closeStreams(Duration.ofSeconds(50));
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		awaitWaiting(shutdown);
		shutdown.interrupt();
		Awaitility.await().until(() -> !shutdown.isInterrupted());
		assertThat(shutdown.isAlive()).isTrue();
		this.stream.onDisconnected();
		Awaitility.await().until(() -> !shutdown.isAlive());
		assertThat(interrupted).isTrue();
	}

	/**
	 * An interrupted thread cannot write: the channel would be closed.
	 */
	@Test
	void interruptOfADeliveryThreadDoesNotReachTheNextWrite() {
		AtomicBoolean interrupted = new AtomicBoolean();
		CountDownLatch written = new CountDownLatch(1);
		this.delivery.open(this.stream, new FakeTransport() {

			@Override
			public boolean write(ByteBuffer bytes) {
				interrupted.set(Thread.currentThread().isInterrupted());
				bytes.position(bytes.limit());
				written.countDown();
				return true;
			}

		}, null, this.delivery.position(), List.of());
		CountDownLatch done = new CountDownLatch(1);
		this.stream.loop().post(() -> {
			Thread.currentThread().interrupt();
			done.countDown();
		});
		Awaitility.await().until(() -> done.getCount() == 0);
		publish();
		Awaitility.await().until(() -> written.getCount() == 0);
		assertThat(interrupted).isFalse();
	}

	@Test
	void nothingIsKeptAfterTheEnd() {
		publish();
		this.delivery.close();
		publish();
		assertThat(this.delivery.statistics().published()).isEqualTo(1);
		assertThat(this.delivery.position()).hasToString("1-1");
	}

	/**
	 * Fill the backlog while the delivery thread does something else.
	 * @param then called on the delivery thread when it is released
	 */
	private void holdUp(Runnable then) {
		CountDownLatch held = new CountDownLatch(1);
		this.stream.loop().post(() -> {
			held.countDown();
			try {
				this.go.await(50, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			then.run();
		});
		Awaitility.await().until(() -> held.getCount() == 0);
		for (int i = 0; i < MAX_BACKLOG; i++) {
			publish();
		}
	}

	private Thread publishOneTooMany() {
		Thread publisher = start(this::publish);
		awaitWaiting(publisher);
		return publisher;
	}

	private static void awaitWaiting(Thread thread) {
		Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
	}

	private static Thread start(Runnable task) {
		Thread thread = new Thread(task);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void publish() {
		this.log.append(LogEntry.event(Topic.of("topic"), SseEvent.of("x"), "x"));
	}

}
