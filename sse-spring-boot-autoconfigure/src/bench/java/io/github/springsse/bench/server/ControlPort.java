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

package io.github.springsse.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

import tools.jackson.databind.json.JsonMapper;

/**
 * The control port of a server program. One connection is served at a time, by the thread
 * that publishes.
 */
final class ControlPort {

	private static final int BUFFER = 1 << 17;

	private final ServerSocket socket;

	private final Audience audience;

	private final JsonMapper jsonMapper;

	/** Nanoseconds that publishing took the last times. */
	private final long[] times = new long[1 << 16];

	private long published;

	private ControlPort(ServerSocket socket, Audience audience, JsonMapper jsonMapper) {
		this.socket = socket;
		this.audience = audience;
		this.jsonMapper = jsonMapper;
	}

	/** Listen on a free port, print it, and serve until the standard input ends. */
	static void serve(int httpPort, Audience audience, JsonMapper jsonMapper) {
		try {
			ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
			Thread thread = new Thread(new ControlPort(socket, audience, jsonMapper)::accept, "publisher");
			thread.setDaemon(true);
			thread.start();
			System.out.println("ready " + httpPort + " " + socket.getLocalPort());
			System.in.transferTo(System.out);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		Runtime.getRuntime().halt(0);
	}

	private void accept() {
		while (true) {
			try (Socket connection = this.socket.accept()) {
				connection.setTcpNoDelay(true);
				serve(connection);
			}
			catch (IOException ex) {
				System.err.println("Control connection ended: " + ex);
			}
		}
	}

	private void serve(Socket connection) throws IOException {
		Reader input = new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII);
		BufferedReader reader = new BufferedReader(input, BUFFER);
		String line;
		while ((line = reader.readLine()) != null) {
			if (line.startsWith("=")) {
				this.audience.publish(line.substring(1));
			}
			else if (line.endsWith("}")) {
				publish(line);
			}
			else {
				connection.getOutputStream().write((answer(line) + "\n").getBytes(StandardCharsets.US_ASCII));
			}
		}
	}

	private void publish(String line) {
		int start = line.indexOf('{');
		Tick tick = this.jsonMapper.readValue(line.substring(start), Tick.class);
		String topic = (start > 0) ? line.substring(0, start - 1) : "";
		long before = System.nanoTime();
		this.audience.publish(topic, tick);
		this.times[(int) (this.published++ % this.times.length)] = System.nanoTime() - before;
	}

	private long answer(String question) {
		return switch (question) {
			case "?" -> this.audience.count();
			case "heap" -> liveHeap();
			case "runs" -> this.audience.runs();
			case "publishing" -> takeMedianTime();
			default -> -1;
		};
	}

	/**
	 * Objects that are reachable from collected objects only need a second collection.
	 * What is used is that just after it: later, threads have taken buffers of megabytes
	 * for their next objects.
	 */
	private static long liveHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP)
			.map(MemoryPoolMXBean::getCollectionUsage)
			.filter(Objects::nonNull)
			.mapToLong(MemoryUsage::getUsed)
			.sum();
	}

	private long takeMedianTime() {
		int size = (int) Math.min(this.published, this.times.length);
		this.published = 0;
		Arrays.sort(this.times, 0, size);
		return (size > 0) ? this.times[size / 2] : -1;
	}

	/** The streams of a server. */
	interface Audience {

		/**
		 * Send a tick to all streams, or to those of a topic.
		 * @param topic the topic, empty for all streams
		 */
		void publish(String topic, Tick tick);

		/** Send an event of which the data is given to all streams. */
		default void publish(String data) {
			throw new UnsupportedOperationException("This server has no events with given data");
		}

		/** Return how often methods with a snapshot have run. */
		default long runs() {
			return -1;
		}

		/** Return the number of open streams. */
		int count();

	}

	/**
	 * The data of an event. Its JSON has the fields in this order.
	 *
	 * @param number counts the events of a server
	 * @param sent when it was due, by the clock of the client
	 * @param text makes the event as long as requested
	 */
	record Tick(long number, long sent, String text) {

	}

}
