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
import java.io.UncheckedIOException;
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
 * this process: the highest rate at which 1000 streams on each node receive every event,
 * beside that of one node with its log in memory; and the time from publishing on one
 * node to a socket of the other, beside plain Redis publish/subscribe.
 * {@code -Dbench.program=RedisBenchmark}, and {@code -Dbench.options} with the number of
 * rounds of the latter.
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
	 * @param arguments the number of rounds, 3 by default
	 * @throws IOException if a process does not answer
	 */
	public static void main(String[] arguments) throws IOException {
		int rounds = (arguments.length > 0) ? Integer.parseInt(arguments[0]) : 3;
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

	/**
	 * Look for the highest rate of events at which every stream gets every event.
	 */
	private static void highestRate(String name, ClusterProcess... nodes) throws IOException {
		int[] ports = Arrays.stream(nodes).mapToInt(ClusterProcess::port).toArray();
		try (CountingReader streams = new CountingReader(ports)) {
			LockSupport.parkNanos(2_000_000_000L);
			holds(streams, nodes, WARM_UP);
			holds(streams, nodes, WARM_UP);
			int highest = 0;
			int tooHigh = FIRST_RATE;
			while (holds(streams, nodes, tooHigh)) {
				highest = tooHigh;
				tooHigh *= 2;
			}
			while (tooHigh - highest > tooHigh / PRECISION) {
				int rate = (highest + tooHigh) / 2;
				if (holds(streams, nodes, rate)) {
					highest = rate;
				}
				else {
					tooHigh = rate;
				}
			}
			System.out.printf("%s: %d events/s, %d deliveries/s, and no gap%n", name, highest,
					(long) highest * STREAMS * nodes.length);
		}
	}

	private static boolean holds(CountingReader streams, ClusterProcess[] nodes, int rate) throws IOException {
		long events = streams.events();
		long gaps = streams.gaps();
		nodes[0].send("pace group0/topic0 16 " + rate + " " + SECONDS);
		long millis = Long.parseLong(nodes[0].await("paced "));
		long before;
		do {
			before = streams.events();
			LockSupport.parkNanos(1_000_000_000L);
		}
		while (streams.events() > before);
		boolean complete = before - events == (long) rate * SECONDS * STREAMS * nodes.length;
		boolean holds = complete && streams.gaps() == gaps && millis < SECONDS * 1050;
		System.out.printf("%d events/s: published in %d ms, %s, %d gaps%n", rate, millis,
				complete ? "all delivered" : "not all delivered", streams.gaps() - gaps);
		return holds;
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

	private static List<Long> plain(int port) {
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

	/**
	 * Streams that one thread reads, and counts their events and gaps.
	 */
	private static final class CountingReader implements Closeable {

		private final Connections connections = new Connections();

		private final AtomicLong events = new AtomicLong();

		private final AtomicLong gaps = new AtomicLong();

		private final Thread thread = new Thread(this::read, "streams");

		private volatile boolean closed;

		CountingReader(int[] ports) throws IOException {
			for (int port : ports) {
				for (int i = 0; i < STREAMS; i++) {
					this.connections.open(port, "/group0", new Lines());
				}
			}
			this.thread.setDaemon(true);
			this.thread.start();
		}

		private void read() {
			try {
				while (!this.closed) {
					this.connections.poll(100);
				}
				this.connections.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		/** Events that are not gaps. */
		long events() {
			return this.events.get();
		}

		long gaps() {
			return this.gaps.get();
		}

		@Override
		public void close() {
			this.closed = true;
		}

		/**
		 * Counts the lines of one stream that begin with {@code data}, and those that
		 * begin with {@code event: gap}.
		 */
		private final class Lines implements Connections.Receiver {

			private static final String GAP = "event: gap";

			private int column;

			/** Bytes of the current line that are the same in a gap. */
			private int same;

			@Override
			public void receive(int status, byte[] bytes, int count) {
				int newEvents = 0;
				int newGaps = 0;
				for (int i = 0; i < count; i++) {
					if (bytes[i] == '\n') {
						this.column = 0;
						this.same = 0;
						continue;
					}
					newEvents += (this.column == 0 && bytes[i] == 'd') ? 1 : 0;
					if (this.same == this.column && this.same < GAP.length() && GAP.charAt(this.same) == bytes[i]) {
						newGaps += (++this.same == GAP.length()) ? 1 : 0;
					}
					this.column++;
				}
				// NOTE: a gap has data, too
				CountingReader.this.events.addAndGet(newEvents - newGaps);
				CountingReader.this.gaps.addAndGet(newGaps);
			}

			@Override
			public void end(boolean failed) {
				throw new IllegalStateException("A stream has ended");
			}

		}

	}

}
