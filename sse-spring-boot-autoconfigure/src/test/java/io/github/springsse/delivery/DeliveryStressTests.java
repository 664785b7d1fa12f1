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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.springsse.OverflowPolicy;
import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.history.TopicPolicies;
import io.github.springsse.history.TopicPolicy;
import io.github.springsse.log.EventId;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The invariant of delivery under many threads: a stream gets every event of its topics
 * after its cursor, once, in the order of the log, until it is closed.
 */
@Torture
class DeliveryStressTests {

	private static final Pattern ID = Pattern.compile("id: (.+)\ndata: (x+)\n\n");

	private static final List<String> TOPICS = List.of("a", "a/b", "a/c", "d/b", "d/e/f");

	/** Those that have pieces of an answer beside events. */
	private static final Set<String> ANSWERS = Set.of("a/b", "d/e/f");

	private static final List<String> PATTERNS = List.of("a", "a/b", "a/*", "*/b", "**", "d/**", "d/e/f");

	private final InMemoryEventLog log = new InMemoryEventLog(1);

	/** Topic of each event, by the thread of the log. */
	private final Map<Long, Topic> published = new ConcurrentHashMap<>();

	/** How far publishing may go. */
	private final AtomicLong wanted = new AtomicLong(100);

	private final ExecutorService executor = Executors.newCachedThreadPool();

	@Test
	void streamsThatComeAndGoWhileManyThreadsPublish() throws Exception {
		this.log.follow(this.log.head(), (id, entry) -> {
			if (entry.kind() != LogEntry.Kind.BEGIN) {
				this.published.put(id.sequence(), entry.topic());
			}
		});
		TopicPolicy policy = new TopicPolicy(1_000_000, Long.MAX_VALUE, Duration.ofHours(1), OverflowPolicy.RESUME);
		DeliverySettings settings = DeliverySettings.builder()
			.threads(3)
			.maxBacklog(500)
			.queueEvents(50)
			.queueBytes(1000)
			.policies(new TopicPolicies(policy, Map.of()))
			.historyBytes(Long.MAX_VALUE)
			.historyTopics(100)
			.heartbeat(Heartbeat.EVENT)
			.heartbeatInterval(Duration.ofMillis(100))
			.writeTimeout(Duration.ofSeconds(60))
			.build();
		try (Delivery delivery = new Delivery(this.log, Object::toString, settings)) {
			ANSWERS.forEach((topic) -> this.log.append(LogEntry.begin(Topic.of(topic))));
			AtomicBoolean publishing = new AtomicBoolean(true);
			List<Future<?>> publishers = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Random random = new Random(i);
				publishers.add(this.executor.submit(() -> {
					while (publishing.get()) {
						Topic topic = Topic.of(TOPICS.get(random.nextInt(TOPICS.size())));
						while (publishing.get() && this.log.head().sequence() > this.wanted.get()) {
							Thread.yield();
						}
						boolean piece = ANSWERS.contains(topic.toString()) && random.nextInt(4) > 0;
						this.log
							.append(piece ? LogEntry.piece(topic, "x") : LogEntry.event(topic, SseEvent.of("x"), "x"));
					}
				}));
			}
			List<Future<List<Client>>> clients = new ArrayList<>();
			for (int i = 0; i < 4; i++) {
				Random random = new Random(100 + i);
				clients.add(this.executor.submit(() -> comeAndGo(delivery, random)));
			}
			List<Client> all = new ArrayList<>();
			for (Future<List<Client>> future : clients) {
				all.addAll(future.get());
			}
			publishing.set(false);
			for (Future<?> future : publishers) {
				future.get();
			}
			long last = this.log.head().sequence();
			Awaitility.await().until(() -> all.stream().allMatch((client) -> client.isComplete(last)));
			all.forEach(this::check);
			all.forEach((client) -> client.stream.complete());
			Awaitility.await().until(() -> delivery.streamCount() == 0);
			assertThat(delivery.topicCount()).isZero();
			assertThat(delivery.statistics().opened()).isPositive().isEqualTo(closed(delivery));
			assertThat(last).as("events published").isGreaterThan(1000);
		}
		finally {
			this.executor.shutdownNow();
		}
	}

	private static long closed(Delivery delivery) {
		return Arrays.stream(CloseReason.values()).mapToLong(delivery.statistics()::closed).sum();
	}

	private List<Client> comeAndGo(Delivery delivery, Random random) {
		List<Client> result = new ArrayList<>();
		for (int i = 0; i < Rounds.of(40, 100); i++) {
			// let some events happen in between
			long wanted = this.wanted.addAndGet(25);
			while (this.log.head().sequence() < wanted - 100) {
				Thread.yield();
			}
			Client client = new Client(this.log, this.executor, random.nextLong());
			EventId cursor = delivery.position();
			List<TopicPattern> patterns = new ArrayList<>();
			for (int p = random.nextInt(3); p >= 0; p--) {
				patterns.add(TopicPattern.of(PATTERNS.get(random.nextInt(PATTERNS.size()))));
			}
			client.stream = delivery.newStream(patterns, cursor);
			delivery.open(client.stream, client, null, cursor, List.of());
			result.add(client);
			if (random.nextInt(3) > 0) {
				Client leaving = result.get(random.nextInt(result.size()));
				if (random.nextBoolean()) {
					leaving.stream.onDisconnected();
				}
				else {
					leaving.stream.complete();
				}
			}
		}
		return result;
	}

	private void check(Client client) {
		Map<Long, Integer> events = client.events();
		List<Long> got = List.copyOf(events.keySet());
		long from = client.stream.getCursor().sequence();
		long to = client.isClosed() ? (got.isEmpty() ? from : got.get(got.size() - 1)) : this.log.head().sequence();
		List<Long> expected = new ArrayList<>();
		for (long id = from + 1; id <= to; id++) {
			Topic topic = this.published.get(id);
			if (topic != null && client.stream.getPatterns().stream().anyMatch((pattern) -> pattern.matches(topic))) {
				expected.add(id);
			}
		}
		int at = 0;
		for (Map.Entry<Long, Integer> event : events.entrySet()) {
			Topic topic = this.published.get(event.getKey());
			List<Long> parts = expected.subList(at, Math.min(at + event.getValue(), expected.size()));
			at += event.getValue();
			assertThat(parts).as(client.stream::toString).hasSize(event.getValue()).endsWith(event.getKey());
			assertThat(parts).as(client.stream::toString).allMatch((id) -> topic.equals(this.published.get(id)));
		}
		assertThat(at).as(client.stream::toString).isEqualTo(expected.size());
	}

	/**
	 * A client that accepts bytes in pieces of random size, and blocks at random.
	 */
	private static final class Client implements StreamTransport {

		private final InMemoryEventLog log;

		private final ExecutorService executor;

		private final Random random;

		private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

		/** The end of the bytes. */
		private String tail = "";

		private DeliveredStream stream;

		private boolean closed;

		Client(InMemoryEventLog log, ExecutorService executor, long seed) {
			this.log = log;
			this.executor = executor;
			this.random = new Random(seed);
		}

		@Override
		public synchronized boolean write(ByteBuffer buffer) {
			assertThat(this.closed).as("written to after it was closed").isFalse();
			boolean all = this.random.nextInt(4) > 0;
			byte[] taken = new byte[all ? buffer.remaining() : this.random.nextInt(buffer.remaining() + 1)];
			buffer.get(taken);
			this.bytes.writeBytes(taken);
			this.tail += new String(taken, StandardCharsets.US_ASCII);
			this.tail = this.tail.substring(Math.max(0, this.tail.length() - 100));
			if (!all) {
				this.executor.execute(this.stream::onWritable);
			}
			return all;
		}

		@Override
		public boolean keepsBuffers() {
			return false;
		}

		@Override
		public synchronized void close() {
			this.closed = true;
		}

		synchronized boolean isClosed() {
			return this.closed;
		}

		/**
		 * Return the ids of the events, and how many were joined to each.
		 */
		synchronized Map<Long, Integer> events() {
			Map<Long, Integer> result = new LinkedHashMap<>();
			Matcher matcher = ID.matcher(this.bytes.toString(StandardCharsets.US_ASCII));
			while (matcher.find()) {
				Integer before = result.put(this.log.parse(matcher.group(1)).sequence(), matcher.group(2).length());
				assertThat(before).as("got once").isNull();
			}
			return result;
		}

		/**
		 * Whether the client is closed, or its cursor has reached the end, with an event
		 * or a heartbeat.
		 */
		synchronized boolean isComplete(long last) {
			String id = this.log.format(new EventId(1, last));
			return this.closed || this.tail.endsWith("id: " + id + "\nevent: heartbeat\ndata\n\n")
					|| this.tail.endsWith("id: " + id + "\ndata: x\n\n");
		}

	}

}
