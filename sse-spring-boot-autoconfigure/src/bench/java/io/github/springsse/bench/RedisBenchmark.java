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
 * Measures the log in Redis with two nodes as processes, one Redis, and all clients in
 * this process: the highest rate at which 1000 streams on each node receive every event,
 * beside that of one node with its log in memory; and the time from publishing on one
 * node to a socket of the other, beside plain Redis publish/subscribe.
 * {@code -Dbench.program=RedisBenchmark}, and {@code -Dbench.options} with
 * {@code rounds=} of the latter.
 */
public final class RedisBenchmark {

	private static final int STREAMS = 1000;

	private static final int SECONDS = 5;

	/** Events a second. */
	private static final int WARM_UP = 1000;

	private static final int FIRST_RATE = 500;

	/** The search ends at a tenth of the rate. */
	private static final int PRECISION = 10;

	private static final int TICKS = 1000;

	private RedisBenchmark() {
	}

	/**
	 * Measure.
	 * @param arguments options
	 * @throws IOException if a process does not answer
	 */
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

	/** Look for the highest rate of events at which every stream gets every event. */
	private static void highestRate(String name, ClusterProcess... nodes) throws IOException {
		try (CountedStreams streams = new CountedStreams(nodes)) {
			streams.read(TimeUnit.SECONDS.toNanos(2));
			holds(streams, WARM_UP, nodes);
			holds(streams, WARM_UP, nodes);
			int highest = 0;
			int tooHigh = FIRST_RATE;
			while (holds(streams, tooHigh, nodes)) {
				highest = tooHigh;
				tooHigh *= 2;
			}
			while (tooHigh - highest > tooHigh / PRECISION) {
				int rate = (highest + tooHigh) / 2;
				boolean holds = holds(streams, rate, nodes);
				highest = holds ? rate : highest;
				tooHigh = holds ? tooHigh : rate;
			}
			System.out.printf("%s: %d events/s, %d deliveries/s, and no gap%n", name, highest,
					(long) highest * STREAMS * nodes.length);
		}
	}

	private static boolean holds(CountedStreams streams, int rate, ClusterProcess... nodes) throws IOException {
		long expected = streams.events + (long) rate * SECONDS * STREAMS * nodes.length;
		long gaps = streams.gaps;
		nodes[0].send("pace group0/topic0 16 " + rate + " " + SECONDS);
		streams.read(TimeUnit.SECONDS.toNanos(SECONDS));
		long before;
		do {
			before = streams.events;
			streams.read(TimeUnit.SECONDS.toNanos(1));
		}
		while (streams.events > before);
		long millis = Long.parseLong(nodes[0].await("paced "));
		System.out.printf("%d events/s: published in %d ms, %s, %d gaps%n", rate, millis,
				(streams.events == expected) ? "all delivered" : "not all delivered", streams.gaps - gaps);
		return streams.events == expected && streams.gaps == gaps && millis < SECONDS * 1050;
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

	/** Streams of all nodes, whose events and gaps are counted. */
	private static final class CountedStreams implements Closeable {

		private final List<Connections> nodes = new ArrayList<>();

		/** Events that are not gaps. */
		private long events;

		private long gaps;

		CountedStreams(ClusterProcess[] processes) throws IOException {
			for (ClusterProcess process : processes) {
				Connections node = new Connections(process.port());
				this.nodes.add(node);
				for (int i = 0; i < STREAMS; i++) {
					node.open("/group0", new CountedLines());
				}
			}
		}

		void read(long nanos) throws IOException {
			long start = System.nanoTime();
			while (System.nanoTime() - start < nanos) {
				for (Connections node : this.nodes) {
					node.poll(1);
				}
			}
		}

		@Override
		public void close() throws IOException {
			for (Connections node : this.nodes) {
				node.close();
			}
		}

		/** The lines of one stream. */
		private final class CountedLines extends Lines {

			private static final byte[] DATA = prefix("data");

			private static final byte[] GAP = prefix("event: gap");

			@Override
			protected void line(byte[] bytes, int from, int to) {
				if (startsWith(DATA, bytes, from, to)) {
					CountedStreams.this.events++;
				}
				else if (startsWith(GAP, bytes, from, to)) {
					CountedStreams.this.gaps++;
					// NOTE: a gap has data, too
					CountedStreams.this.events--;
				}
			}

		}

	}

}
