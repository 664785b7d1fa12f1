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
import java.lang.management.MemoryType;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import tools.jackson.databind.json.JsonMapper;

/**
 * The control port of a server program. One connection is served at a time, by the thread
 * that publishes.
 */
final class ControlPort {

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
	static void serve(int httpPort, Audience audience, JsonMapper jsonMapper) throws IOException {
		ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		Thread thread = new Thread(new ControlPort(socket, audience, jsonMapper)::accept, "publisher");
		thread.setDaemon(true);
		thread.start();
		System.out.println("ready " + httpPort + " " + socket.getLocalPort());
		System.in.transferTo(System.out);
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
		BufferedReader reader = new BufferedReader(input, 1 << 17);
		String line;
		while ((line = reader.readLine()) != null) {
			int space = line.indexOf(' ');
			if (space < 0) {
				connection.getOutputStream().write((answer(line) + "\n").getBytes(StandardCharsets.US_ASCII));
			}
			else if (line.charAt(space + 1) == '=') {
				this.audience.publish(line.substring(space + 2));
			}
			else {
				publish(line.substring(0, space), this.jsonMapper.readValue(line.substring(space + 1), Tick.class));
			}
		}
	}

	private void publish(String topic, Tick tick) {
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
	 * Some objects need a second collection. What is used is that just after it: later,
	 * threads have taken buffers of megabytes for their next objects.
	 */
	private static long liveHeap() {
		System.gc();
		System.gc();
		return ManagementFactory.getMemoryPoolMXBeans()
			.stream()
			.filter((pool) -> pool.getType() == MemoryType.HEAP && pool.getCollectionUsage() != null)
			.mapToLong((pool) -> pool.getCollectionUsage().getUsed())
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

		/** Send a tick to the streams of a topic, or to all where there are no topics. */
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

	/** The data of an event: its number, when it was due, and text to make it longer. */
	record Tick(long number, long sent, String text) {

	}

}
