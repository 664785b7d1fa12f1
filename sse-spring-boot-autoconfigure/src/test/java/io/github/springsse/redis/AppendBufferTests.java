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

package io.github.springsse.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.redis.Replies.NoReplyException;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link AppendBuffer}.
 */
class AppendBufferTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	/**
	 * One by one this would take a minute.
	 */
	@Test
	void whatWaitsIsAppendedManyAtOnceAndInOrder() {
		TestRedis redis = this.closing.add(TestRedis.start());
		TcpProxy proxy = this.closing.add(new TcpProxy(redis.port(), Duration.ofMillis(20)));
		RedisNode node = this.closing.add(new RedisNode(proxy.port(), RedisNode.settings(100_000, 3000)));
		proxy.cut();
		IntStream.range(0, 3000).forEach(node::publish);
		assertThat(node.log.buffered()).isEqualTo(3000);
		proxy.leadTo(redis.port());
		EventStreamClient.await().atMost(Duration.ofSeconds(20)).until(() -> node.log.buffered() == 0);
		node.recorder.await(3000);
		assertThat(node.recorder.data())
			.containsExactly(IntStream.range(0, 3000).mapToObj(String::valueOf).toArray(String[]::new));
	}

	@Test
	void aBatchIsBoundedInNumberAndBytes() {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch full = new CountDownLatch(1);
		List<List<String>> batches = new CopyOnWriteArrayList<>();
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000), (entries) -> {
			begun.countDown();
			await(full);
			batches.add(entries.stream().map(AppendBufferTests::text).toList());
			return entries.size();
		});
		buffer.add(fields("first"), null);
		await(begun);
		IntStream.range(0, 150).forEach((i) -> buffer.add(fields("short"), null));
		IntStream.range(0, 3).forEach((i) -> buffer.add(fields("x".repeat(200_000)), null));
		full.countDown();
		EventStreamClient.await().until(() -> buffer.size() == 0);
		assertThat(batches.stream().map(List::size)).containsExactly(1, 100, 51, 1, 1);
	}

	@Test
	void fewerAreAppendedAtOnceWhereThereIsNoAnswerInTimeAndNoneIsLost() {
		List<Integer> sizes = new CopyOnWriteArrayList<>();
		List<String> appended = new CopyOnWriteArrayList<>();
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch full = new CountDownLatch(1);
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000), (entries) -> {
			begun.countDown();
			await(full);
			sizes.add(entries.size());
			if (entries.size() > 10) {
				throw new NoReplyException("for this test", null);
			}
			entries.forEach((fields) -> appended.add(text(fields)));
			return entries.size();
		});
		buffer.add(fields("0"), null);
		await(begun);
		IntStream.range(1, 100).forEach((i) -> buffer.add(fields(String.valueOf(i)), null));
		full.countDown();
		EventStreamClient.await().until(() -> buffer.size() == 0);
		assertThat(appended).containsExactly(IntStream.range(0, 100).mapToObj(String::valueOf).toArray(String[]::new));
		assertThat(sizes).startsWith(1, 99, 25, 6, 12, 3, 6);
	}

	@Test
	void anEntryThatCannotBeAppendedIsGivenUpAlone() {
		List<String> appended = new CopyOnWriteArrayList<>();
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000), (entries) -> {
			if (text(entries.get(0)).equals("2")) {
				throw new IllegalStateException("for this test");
			}
			appended.add(text(entries.get(0)));
			return 1;
		});
		IntStream.range(0, 5).forEach((i) -> buffer.add(fields(String.valueOf(i)), null));
		EventStreamClient.await().until(() -> buffer.size() == 0);
		assertThat(appended).containsExactly("0", "1", "3", "4");
	}

	@Test
	void drainingGoesOnAfterAFailureOfItsThread() {
		List<String> appended = new CopyOnWriteArrayList<>();
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000), (entries) -> {
			entries.forEach((fields) -> appended.add(text(fields)));
			return entries.size();
		});
		AtomicBoolean failed = new AtomicBoolean();
		buffer.add(new HashMap<>(fields("0")) {

			@Override
			public Collection<byte[]> values() {
				if (Thread.currentThread().getName().startsWith("sse-redis") && failed.compareAndSet(false, true)) {
					throw new InternalError("for this test");
				}
				return super.values();
			}

		}, null);
		EventStreamClient.await().untilTrue(failed);
		buffer.add(fields("1"), null);
		EventStreamClient.await().until(() -> buffer.size() == 0);
		assertThat(appended).containsExactly("0", "1");
	}

	@Test
	void entryIsRefusedWhereThereIsNoThreadAndTheNextOneBeginsAgain() {
		List<String> appended = new CopyOnWriteArrayList<>();
		AtomicBoolean failing = new AtomicBoolean(true);
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000), (entries) -> {
			entries.forEach((fields) -> appended.add(text(fields)));
			return entries.size();
		}, (task) -> {
			if (failing.get()) {
				throw new OutOfMemoryError("unable to create native thread, for this test");
			}
			return new Thread(task);
		});
		assertThatExceptionOfType(EventLogUnavailableException.class).isThrownBy(() -> buffer.add(fields("0"), null));
		assertThat(buffer.size()).isZero();
		failing.set(false);
		buffer.add(fields("1"), null);
		EventStreamClient.await().until(() -> buffer.size() == 0);
		assertThat(appended).containsExactly("1");
	}

	@Test
	void stopThatIsInterruptedWaitsOnWithoutSpinningAndKeepsItsInterrupt() {
		CountDownLatch end = new CountDownLatch(1);
		AppendBuffer buffer = new AppendBuffer(RedisNode.settings(1000, 1000, Duration.ofSeconds(30)), (entries) -> {
			await(end);
			return entries.size();
		});
		buffer.add(fields("0"), null);
		AtomicBoolean interrupted = new AtomicBoolean();
		Thread stopping = new Thread(() -> {
			buffer.stop();
			interrupted.set(Thread.currentThread().isInterrupted());
		});
		stopping.start();
		EventStreamClient.await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
		stopping.interrupt();
		EventStreamClient.await().until(() -> !stopping.isInterrupted());
		assertThat(stopping.isAlive()).isTrue();
		end.countDown();
		EventStreamClient.await().until(() -> !stopping.isAlive());
		assertThat(interrupted).isTrue();
		assertThat(buffer.size()).isZero();
	}

	private static void await(CountDownLatch latch) {
		EventStreamClient.await().until(() -> latch.getCount() == 0);
	}

	private static Map<byte[], byte[]> fields(String text) {
		return Map.of(new byte[] { 'd' }, text.getBytes(StandardCharsets.UTF_8));
	}

	private static String text(Map<byte[], byte[]> fields) {
		return new String(fields.values().iterator().next(), StandardCharsets.UTF_8);
	}

}
