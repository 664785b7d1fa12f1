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

import java.net.Socket;
import java.time.Duration;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.apache.catalina.util.ServerInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Streams over TLS, where bytes do not go to the socket as they are.
 */
@ExtendWith(OutputCaptureExtension.class)
class TlsTests {

	private static final SelfSignedCertificate certificate = SelfSignedCertificate.get();

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class);

	@AfterAll
	static void stop(CapturedOutput output) {
		servers.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void slowReaderGetsLargeEventsAndACleanEnd(ServerKind kind, CapturedOutput output) {
		assumeTrue(kind.isHandoff() || !ServerInfo.getServerNumber().equals("11.0.0.0"),
				"Asynchronous responses of Tomcat 11.0.0 over TLS may stall (Tomcat bug 69982)");
		TestServer server = start(kind);
		try (RawStreamClient slow = RawStreamClient.send(certificate.connect(server.port(), 4096),
				RawStreamClient.get("/feed")); RawStreamClient client = open(server)) {
			assertThat(client.header("Connection")).isEqualTo(kind.isHandoff() ? "close" : "");
			Awaitility.await().until(() -> server.registry().count() == 2);
			int[] sizes = { 60_000, 61_000, 62_000, 1, 300_000, 1_000_000, 16_384, 16_385 };
			for (int size : sizes) {
				server.sse().publish("feed", event(size));
			}
			for (int size : sizes) {
				client.awaitLine("data: " + event(size));
			}
			slow.readHead();
			for (int size : sizes) {
				slow.awaitLine("data: " + event(size));
			}
			for (int i = 0; i < 100; i++) {
				server.sse().publish("feed", "small " + i);
				client.awaitLine("data: small " + i);
				slow.awaitLine("data: small " + i);
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
			slow.awaitEnd();
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, CLOSE", "TOMCAT_HANDOFF, RESET", "JETTY_HANDOFF, CLOSE", "JETTY_HANDOFF, RESET" })
	void handoffNoticesAtOnceThatAClientHasGone(ServerKind kind, Leaving leaving, CapturedOutput output) {
		TestServer server = start(kind);
		try (RawStreamClient client = open(server)) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			client.leave(leaving);
			Awaitility.await()
				.pollInterval(Duration.ofMillis(5))
				.atMost(Duration.ofSeconds(5))
				.until(() -> server.registry().count() == 0);
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	/**
	 * The end of the input is there before the stream is opened. Tomcat gives many a
	 * client that ends TLS with its request no answer at all, not even to requests that
	 * have nothing to do with streams.
	 */
	@Test
	void handoffSendsTheSnapshotToAClientThatHasSaidAllWithItsRequest(CapturedOutput output) {
		TestServer server = start(ServerKind.JETTY_HANDOFF);
		for (int i = 0; i < 20; i++) {
			try (RawStreamClient client = RawStreamClient.send(certificate.connect(server.port(), 0),
					RawStreamClient.get("/snapshot"))) {
				client.leave(Leaving.HALF_CLOSE);
				assertThat(client.readHead().awaitCut()).contains("event: snapshot\ndata: snapshot\n");
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void handoffClosesAClientThatNeverReads(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class,
				certificate.properties("sse.heartbeat.interval=0", "sse.stream.write-timeout=1s",
						"sse.stream.queue.max-size=100MB"));
				RawStreamClient neverReads = RawStreamClient.send(certificate.connect(server.port(), 4096),
						RawStreamClient.get("/feed"));
				RawStreamClient client = open(server)) {
			Awaitility.await().until(() -> server.registry().count() == 2);
			for (int i = 0; i < 10; i++) {
				server.sse().publish("feed", event(500_000));
				client.awaitLine("data: " + event(500_000));
			}
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", "still here");
			client.awaitLine("data: still here");
			assertThat(neverReads.socket().isConnected()).isTrue();
		}
	}

	private static TestServer start(ServerKind kind) {
		return servers.get(kind,
				certificate.properties("sse.heartbeat.interval=1h", "sse.stream.queue.max-size=100MB"));
	}

	private static RawStreamClient open(TestServer server) {
		Socket socket = certificate.connect(server.port(), 0);
		return RawStreamClient.send(socket, RawStreamClient.get("/feed")).readHead();
	}

	private static String event(int size) {
		StringBuilder event = new StringBuilder(size);
		for (int i = 0; event.length() < size; i++) {
			event.append(i % 10_000).append(' ');
		}
		event.setLength(size - 1);
		return event + "!";
	}

	@RestController
	@Import(SmallSendBuffers.class)
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/snapshot")
		@SseTopic("snapshot")
		String snapshot() {
			return "snapshot";
		}

	}

}
