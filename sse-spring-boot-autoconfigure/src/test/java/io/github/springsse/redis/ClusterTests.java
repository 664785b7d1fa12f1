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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;

import io.github.springsse.log.EventId;
import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.RestlessClient;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with three nodes in separate processes, and one Redis. Nodes are killed, paused
 * and started, and Redis is killed and started, while all nodes publish and clients move
 * from one node to another. In the end, each client has exactly the acknowledged events
 * of its topics.
 */
@Tag("long")
@Torture
class ClusterTests {

	private static final int NODES = 3;

	private static final int CLIENTS = Rounds.of(100, 300);

	private static final int EVENTS = Rounds.of(6_000, 35_000);

	private static final int THREADS = Rounds.of(4, 16);

	private static final int GROUPS = 50;

	private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();

	private final AtomicInteger count = new AtomicInteger();

	private final AtomicReferenceArray<ClusterProcess> nodes = new AtomicReferenceArray<>(NODES);

	/** With less than that on disk, Redis may lose what it acknowledged, and does. */
	private final TestRedis redis = TestRedis.persistent();

	@Test
	void everyClientEndsWithExactlyWhatWasAcknowledgedOfItsTopics() throws Exception {
		ExecutorService executor = Executors.newCachedThreadPool();
		try {
			List<Future<?>> starting = new ArrayList<>();
			for (int i = 0; i < NODES; i++) {
				int index = i;
				starting.add(executor.submit(() -> start(index)));
			}
			for (Future<?> future : starting) {
				future.get(60, TimeUnit.SECONDS);
			}
			List<RestlessClient> clients = new ArrayList<>();
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < CLIENTS; i++) {
				RestlessClient client = new RestlessClient(this::anyPort, path(i), false, i);
				clients.add(client);
				running.add(executor.submit(client));
			}
			// what came before its first cursor is not for a client
			EventStreamClient.await()
				.atMost(60, TimeUnit.SECONDS)
				.until(() -> clients.stream().allMatch((client) -> client.firstId() != null));
			for (int i = 0; i < NODES; i++) {
				publish(i, "first" + i);
			}
			disturb();
			awaitAcknowledged(EVENTS);
			for (int i = 0; i < NODES; i++) {
				this.nodes.get(i).send("stop");
				this.nodes.get(i).await("stopped");
			}
			for (int group = 0; group < GROUPS; group++) {
				this.nodes.get(0).send("send group" + group + "/topic0 end");
				this.nodes.get(0).await("sent");
			}
			for (Future<?> client : running) {
				client.get(60, TimeUnit.SECONDS);
			}
			Map<String, String> dataOfIds = new HashMap<>();
			for (int i = 0; i < CLIENTS; i++) {
				check(i, clients.get(i), dataOfIds);
			}
			assertThat(clients.stream().mapToInt(RestlessClient::connections).sum()).isGreaterThan(2 * CLIENTS);
		}
		finally {
			executor.shutdownNow();
			for (int i = 0; i < NODES; i++) {
				close(i);
			}
			this.redis.close();
		}
	}

	private void disturb() {
		awaitAcknowledged(EVENTS / 5);
		this.nodes.get(1).kill();
		awaitAcknowledged(2 * EVENTS / 5);
		this.redis.restart();
		TestRedis.signal(this.nodes.get(2).process(), "STOP");
		start(1);
		publish(1, "second1");
		TestRedis.signal(this.nodes.get(2).process(), "CONT");
		awaitAcknowledged(3 * EVENTS / 5);
		this.redis.kill();
		this.nodes.get(0).kill();
		this.redis.restart();
		start(0);
		publish(0, "second0");
		awaitAcknowledged(4 * EVENTS / 5);
		this.redis.restart();
	}

	private void start(int index) {
		this.nodes.set(index, ClusterProcess.start("node" + index, (line) -> {
			this.acknowledged.add(line);
			this.count.incrementAndGet();
		}, Stream
			.concat(Stream.of(this.redis.properties()), Stream.of("sse.replay.events-per-topic=1000000",
					"sse.replay.max-size=400MB", "sse.redis.max-length=1000000"))
			.toArray(String[]::new)));
	}

	private void close(int index) {
		ClusterProcess node = this.nodes.get(index);
		if (node != null) {
			node.close();
		}
	}

	private void publish(int index, String name) {
		this.nodes.get(index).send("start " + name + " " + THREADS + " " + GROUPS);
	}

	private void awaitAcknowledged(int events) {
		EventStreamClient.await().atMost(120, TimeUnit.SECONDS).until(() -> this.count.get() >= events);
	}

	private int anyPort() {
		return this.nodes.get(ThreadLocalRandom.current().nextInt(NODES)).port();
	}

	private static String path(int client) {
		return (client % 2 == 0) ? "/group" + group(client) : "/topic0/group" + group(client);
	}

	private static int group(int client) {
		return client / 2 % GROUPS;
	}

	private void check(int index, RestlessClient client, Map<String, String> dataOfIds) {
		String topics = "group" + group(index) + ((index % 2 == 0) ? "/" : "/topic0 ");
		Set<String> expected = new HashSet<>();
		this.acknowledged.stream()
			.filter((line) -> line.startsWith(topics))
			.forEach((line) -> expected.add(line.substring(line.indexOf(' ') + 1)));
		List<EventId> ids = client.ids().stream().map(EventId::parse).toList();
		for (int i = 1; i < ids.size(); i++) {
			assertThat(ids.get(i).isAfter(ids.get(i - 1))).as("in order, once").isTrue();
		}
		assertThat(client.gaps()).as("gaps, though everything was kept").isEmpty();
		assertThat(client.data()).doesNotHaveDuplicates();
		for (int i = 0; i < ids.size(); i++) {
			String data = client.data().get(i);
			assertThat(dataOfIds.computeIfAbsent(client.ids().get(i), (id) -> data)).as("same id, same event")
				.isEqualTo(data);
		}
		expected.removeAll(client.data());
		assertThat(expected).as("acknowledged, and not delivered to %s", client.firstId()).isEmpty();
	}

}
