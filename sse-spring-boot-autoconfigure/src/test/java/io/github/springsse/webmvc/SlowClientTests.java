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

package io.github.springsse.webmvc;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.SocketException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.StreamSwarm;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that read slowly, or not at all.
 */
@Tag("long")
class SlowClientTests {

	private static final int STREAMS = 50;

	@ParameterizedTest
	@EnumSource
	void clientThatNeverReadsIsClosedAfterTheWriteTimeoutAndHoldsUpNobody(ServerKind kind) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.write-timeout=1s",
				"sse.heartbeat.interval=0", "sse.stream.queue.max-size=100MB", "sse.stream.queue.max-events=10000",
				"server.tomcat.keep-alive-timeout=100ms");
				SocketChannel neverRead = StreamSwarm.connect(server.port(), "/feed");
				StreamSwarm swarm = new StreamSwarm(server.port(), "/feed", STREAMS - 1)) {
			Awaitility.await().until(() -> server.registry().count() == STREAMS);
			String padding = " ".repeat(16 * 1024);
			int events = 0;
			while (server.delivery().statistics().closed(CloseReason.STALLED) == 0) {
				assertThat(events).as("events until the write timeout").isLessThan(5000);
				server.sse().publish("feed", events++ + padding);
				swarm.awaitEvents(events);
			}
			assertThat(server.registry().count()).isEqualTo(STREAMS - 1);
			server.sse().publish("feed", events++ + padding);
			swarm.awaitEvents(events);
			assertThat(swarm.disorderly()).isZero();
			assertThat(swarm.ended()).isZero();
			assertEnds(neverRead);
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatNeverReadsCostsBoundedMemory(ServerKind kind) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.write-timeout=1h",
				"sse.heartbeat.interval=0", "sse.stream.queue.max-size=1MB", "sse.stream.queue.max-events=10000",
				"sse.replay.max-size=1MB"); SocketChannel neverRead = StreamSwarm.connect(server.port(), "/feed")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			long before = usedHeap();
			String event = "large ".repeat(10_000);
			for (int i = 0; i < 500; i++) {
				server.sse().publish("feed", event);
			}
			Awaitility.await().until(() -> server.delivery().statistics().published() == 500);
			assertThat(usedHeap() - before).isLessThan(10_000_000);
			assertThat(neverRead.isConnected()).isTrue();
		}
	}

	/**
	 * Without a bound of its own, the operating system would take all of it.
	 */
	@Test
	void operatingSystemHoldsLittleForClientThatNeverReads() throws IOException {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.stream.send-buffer-size=16KB", "sse.heartbeat.interval=0");
				RawStreamClient neverReads = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/feed"))) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			for (int i = 0; i < 6; i++) {
				server.sse().publish("feed", " ".repeat(100_000));
			}
			Awaitility.await().until(() -> server.delivery().queuedBytes() > 400_000);
			assertThat(neverReads.socket().isConnected()).isTrue();
		}
	}

	@ParameterizedTest
	@EnumSource
	void clientThatReadsSlowlyGetsEveryByte(ServerKind kind) throws IOException {
		Random random = new Random(20260102);
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.queue.max-size=100MB",
				"sse.heartbeat.interval=1h");
				RawStreamClient client = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/feed"))) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			List<String> events = new ArrayList<>();
			for (int length : new int[] { 60_000, 1, 300_000, 8192, 8191, 1_000_000, 65_536, 10, 8193, 700_000 }) {
				events.add(text(random, length));
			}
			events.forEach((event) -> server.sse().publish("feed", event));
			BufferedReader reader = new BufferedReader(new InputStreamReader(
					new SmallPieces(client.readHead().body(), random), StandardCharsets.US_ASCII));
			for (String event : events) {
				String line = reader.readLine();
				while (!line.startsWith("data: ")) {
					line = reader.readLine();
				}
				assertThat(line.substring(6)).isEqualTo(event);
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	private static void assertEnds(SocketChannel channel) throws IOException {
		byte[] buffer = new byte[100_000];
		channel.socket().setSoTimeout(20_000);
		try {
			while (channel.socket().getInputStream().read(buffer) >= 0) {
				// what had been sent before
			}
		}
		catch (SocketException ex) {
			assertThat(ex).hasMessageContaining("reset");
		}
	}

	private static String text(Random random, int length) {
		StringBuilder text = new StringBuilder(length);
		while (text.length() < length) {
			text.append((char) ('!' + random.nextInt(94)));
		}
		return text.toString();
	}

	private static long usedHeap() {
		System.gc();
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	/**
	 * Reads little at a time.
	 */
	private static final class SmallPieces extends FilterInputStream {

		private final Random random;

		SmallPieces(InputStream input, Random random) {
			super(input);
			this.random = random;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			return super.read(bytes, offset, Math.min(length, 1 + this.random.nextInt(3000)));
		}

	}

	@RestController
	@Import(SmallSendBuffers.class)
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
