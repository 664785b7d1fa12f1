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

package io.github.springsse.bench.redis;

import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

/**
 * Measures the log in Redis with two nodes as processes, one Redis, and all clients in
 * this process: events a second to 1000 streams on each node, beside one node with its
 * log in memory; and the time from publishing on one node to a socket of the other,
 * beside bare Redis publish/subscribe. {@code mvn -Pbench verify} with
 * {@code -Dbench.program=redis.RedisBenchmark}.
 */
public final class RedisBenchmark {

	private static final int STREAMS = 1000;

	private static final int SECONDS = 10;

	private static final int TICKS = 1000;

	private RedisBenchmark() {
	}

	/**
	 * Run.
	 * @param arguments none
	 * @throws IOException if a process could not be talked to
	 */
	public static void main(String[] arguments) throws IOException {
		try (TestRedis redis = TestRedis.start()) {
			AtomicLong acknowledged = new AtomicLong();
			try (ClusterProcess one = start("one", acknowledged, redis.properties());
					ClusterProcess two = start("two", acknowledged, redis.properties())) {
				for (int round = 1; round <= 3; round++) {
					print("publish/subscribe, round " + round, bare(redis.port()));
					print("from node to node, round " + round, fromNodeToNode(one, two));
				}
				for (int round = 1; round <= 2; round++) {
					throughput("log in Redis, two nodes", acknowledged, one, two);
				}
			}
			try (ClusterProcess alone = start("memory", acknowledged, "sse.log=memory")) {
				for (int round = 1; round <= 2; round++) {
					throughput("log in memory, one node", acknowledged, alone);
				}
			}
		}
	}

	private static ClusterProcess start(String name, AtomicLong acknowledged, String... properties) {
		return ClusterProcess.start("bench-" + name, (line) -> acknowledged.incrementAndGet(), properties);
	}

	private static void throughput(String name, AtomicLong acknowledged, ClusterProcess... nodes) throws IOException {
		int[] ports = Arrays.stream(nodes).mapToInt(ClusterProcess::port).toArray();
		try (CountingStreams streams = new CountingStreams(ports, STREAMS, "/group0")) {
			LockSupport.parkNanos(2_000_000_000L);
			nodes[0].send("start bench 16 1");
			LockSupport.parkNanos(3_000_000_000L);
			long published = acknowledged.get();
			long frames = streams.frames();
			long start = System.nanoTime();
			LockSupport.parkNanos(SECONDS * 1_000_000_000L);
			double seconds = (System.nanoTime() - start) / 1e9;
			System.out.printf("%s: %.0f events/s published, %.0f deliveries/s, %.0f events/s at each stream%n", name,
					(acknowledged.get() - published) / seconds, (streams.frames() - frames) / seconds,
					(streams.frames() - frames) / seconds / (STREAMS * nodes.length));
			nodes[0].send("stop");
			nodes[0].await("stopped");
		}
	}

	private static List<Long> fromNodeToNode(ClusterProcess one, ClusterProcess two) {
		try (EventStreamClient client = EventStreamClient
			.open(URI.create("http://localhost:" + two.port() + "/group1"))) {
			ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
			client.onEvent((event) -> times.add(System.nanoTime() - Long.parseLong(event.data())));
			LockSupport.parkNanos(500_000_000L);
			one.send("ticks group1/topic0 " + TICKS + " 3");
			one.await("ticked");
			EventStreamClient.await().until(() -> times.size() >= TICKS);
			return times.stream().skip(TICKS / 10).sorted().toList();
		}
	}

	private static List<Long> bare(int port) {
		RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
		ConcurrentLinkedQueue<Long> times = new ConcurrentLinkedQueue<>();
		try (StatefulRedisPubSubConnection<String, String> subscriber = client.connectPubSub();
				StatefulRedisPubSubConnection<String, String> publisher = client.connectPubSub()) {
			subscriber.addListener(new RedisPubSubAdapter<>() {

				@Override
				public void message(String channel, String message) {
					times.add(System.nanoTime() - Long.parseLong(message));
				}

			});
			subscriber.sync().subscribe("ticks");
			for (int i = 0; i < TICKS; i++) {
				publisher.sync().publish("ticks", Long.toString(System.nanoTime()));
				LockSupport.parkNanos(3_000_000L);
			}
			EventStreamClient.await().until(() -> times.size() >= TICKS);
		}
		finally {
			client.shutdown();
		}
		return times.stream().skip(TICKS / 10).sorted().toList();
	}

	private static void print(String name, List<Long> times) {
		System.out.printf("%s: p50 %.2f ms, p99 %.2f ms%n", name, times.get(times.size() / 2) / 1e6,
				times.get(times.size() * 99 / 100) / 1e6);
	}

}
