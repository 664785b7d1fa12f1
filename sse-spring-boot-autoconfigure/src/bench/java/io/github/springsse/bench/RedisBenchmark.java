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

package io.github.springsse.bench;

import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.testsupport.ClusterProcess;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TestRedis;
import io.lettuce.core.RedisClient;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;

/**
 * Measures two nodes and Redis: the time from publishing on one node to a socket of the
 * other, beside plain Redis publish/subscribe; and the highest rate at which 1000 streams
 * of each node receive every event, beside that of one node with its log in memory. An
 * instance has the streams of some nodes.
 */
public final class RedisBenchmark implements Closeable {

	private static final int STREAMS = 1000;

	private static final int SECONDS = 5;

	private static final int TICKS = 1000;

	private final ClusterProcess[] nodes;

	private final List<Connections> connections = new ArrayList<>();

	/** Events that are not gaps. */
	private long events;

	private long gaps;

	private RedisBenchmark(ClusterProcess... nodes) throws IOException {
		this.nodes = nodes;
		for (ClusterProcess node : nodes) {
			Connections streams = new Connections(node.port());
			this.connections.add(streams);
			for (int i = 0; i < STREAMS; i++) {
				streams.open("/group0", new CountedLines(streams));
			}
		}
	}

	public static void main(String[] arguments) throws IOException {
		int rounds = new Options(arguments, "rounds=3").integer("rounds");
		try (TestRedis redis = TestRedis.start()) {
			try (ClusterProcess one = start("one", redis.properties());
					ClusterProcess two = start("two", redis.properties())) {
				for (int round = 1; round <= rounds; round++) {
					print("publish/subscribe, round " + round, plain(redis.port()));
					print("from node to node, round " + round, fromNodeToNode(one, two));
				}
				highestRate("log in Redis, two nodes", one, two);
			}
			try (ClusterProcess alone = start("memory", "sse.event-log=memory")) {
				highestRate("log in memory, one node", alone);
			}
		}
	}

	private static ClusterProcess start(String name, String... properties) {
		return ClusterProcess.start("bench-" + name, (line) -> {
		}, properties);
	}

	/** Look for the highest rate at which every stream gets every event, within 10 %. */
	private static void highestRate(String name, ClusterProcess... nodes) throws IOException {
		try (RedisBenchmark streams = new RedisBenchmark(nodes)) {
			streams.read(2);
			streams.holds(1000);
			streams.holds(1000);
			int highest = 0;
			int tooHigh = 500;
			while (streams.holds(tooHigh)) {
				highest = tooHigh;
				tooHigh *= 2;
			}
			while (tooHigh - highest > tooHigh / 10) {
				int rate = (highest + tooHigh) / 2;
				boolean holds = streams.holds(rate);
				highest = holds ? rate : highest;
				tooHigh = holds ? tooHigh : rate;
			}
			System.out.printf("%s: %d events/s, %d deliveries/s, and no gap%n", name, highest,
					(long) highest * STREAMS * nodes.length);
		}
	}

	private boolean holds(int rate) throws IOException {
		long expected = this.events + (long) rate * SECONDS * STREAMS * this.nodes.length;
		long gapsBefore = this.gaps;
		this.nodes[0].send("pace group0/topic0 16 " + rate + " " + SECONDS);
		read(SECONDS);
		long before;
		do {
			before = this.events;
			read(1);
		}
		while (this.events > before);
		long millis = Long.parseLong(this.nodes[0].await("paced "));
		System.out.printf("%d events/s: published in %d ms, %s, %d gaps%n", rate, millis,
				(this.events == expected) ? "all delivered" : "not all delivered", this.gaps - gapsBefore);
		return this.events == expected && this.gaps == gapsBefore && millis < SECONDS * 1050;
	}

	private void read(int seconds) throws IOException {
		long start = System.nanoTime();
		while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(seconds)) {
			for (Connections streams : this.connections) {
				streams.poll(1);
			}
		}
	}

	@Override
	public void close() throws IOException {
		for (Connections streams : this.connections) {
			streams.close();
		}
	}

	private static Queue<Long> fromNodeToNode(ClusterProcess one, ClusterProcess two) {
		Queue<Long> times = new ConcurrentLinkedQueue<>();
		try (EventStreamClient client = EventStreamClient
			.open(URI.create("http://localhost:" + two.port() + "/group1"))) {
			client.onEvent((event) -> times.add(System.nanoTime() - Long.parseLong(event.data())));
			LockSupport.parkNanos(500_000_000L);
			one.send("ticks group1/topic0 " + TICKS + " 3");
			one.await("ticked");
			EventStreamClient.await().until(() -> times.size() >= TICKS);
		}
		return times;
	}

	private static Queue<Long> plain(int port) {
		Queue<Long> times = new ConcurrentLinkedQueue<>();
		RedisClient client = RedisClient.create("redis://127.0.0.1:" + port);
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
		return times;
	}

	private static void print(String name, Queue<Long> all) {
		List<Long> times = all.stream().skip(TICKS / 10).sorted().toList();
		System.out.printf("%s: p50 %.2f ms, p99 %.2f ms%n", name, times.get(times.size() / 2) / 1e6,
				times.get(times.size() * 99 / 100) / 1e6);
	}

	/** The lines of one stream. */
	private final class CountedLines extends Lines {

		private static final byte[] DATA = prefix("data");

		private static final byte[] GAP = prefix("event: gap");

		private final Connections streams;

		private CountedLines(Connections streams) {
			this.streams = streams;
		}

		@Override
		protected void line(byte[] bytes, int from, int to) {
			if (startsWith(DATA, bytes, from, to)) {
				RedisBenchmark.this.events++;
			}
			else if (startsWith(GAP, bytes, from, to)) {
				RedisBenchmark.this.gaps++;
				// NOTE: a gap has data, too
				RedisBenchmark.this.events--;
			}
		}

		/** A node closes streams that are too slow for a rate: not all is delivered. */
		@Override
		public void ended(boolean failed) throws IOException {
			this.streams.open("/group0", this);
		}

	}

}
