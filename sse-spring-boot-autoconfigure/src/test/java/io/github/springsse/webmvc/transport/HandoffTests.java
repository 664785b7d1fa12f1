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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.apache.catalina.core.StandardContext;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.handler.StatisticsHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Requests of every shape that reach a server, and which of them are handed over.
 */
class HandoffTests {

	private static final String[] NIO2 = { "test.nio2=true", "sse.stream.queue.max-size=100MB" };

	private static final String[] COMPRESSING = { "server.compression.enabled=true",
			"server.compression.min-response-size=1", "server.compression.mime-types=text/event-stream" };

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class);

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void endsTheRequestAndKeepsTheConnection(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(client.header("Connection")).isEqualTo("close");
			assertThat(client.header("Transfer-Encoding")).isEqualTo("chunked");
			assertGetsEvents(server, client);
			Awaitility.await().until(() -> requestsInProgress(server) == 0);
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_ASYNC", "JETTY_ASYNC" })
	void keepsTheRequestIfNotWanted(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			assertThat(client.header("Connection")).isEmpty();
			assertThat(client.header("Transfer-Encoding")).isEqualTo("chunked");
			assertGetsEvents(server, client);
			assertThat(requestsInProgress(server)).isOne();
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
			Awaitility.await().until(() -> requestsInProgress(server) == 0);
		}
	}

	@Test
	void staysAConnectionForJettysStatistics() throws Exception {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class)) {
			ConnectionStatistics statistics = new ConnectionStatistics();
			statistics.start();
			((JettyWebServer) server.webServer()).getServer().getConnectors()[0].addEventListener(statistics);
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
				assertGetsEvents(server, client);
				assertThat(statistics.getConnections()).isOne();
			}
			Awaitility.await().until(() -> statistics.getConnections() == 0);
		}
	}

	@ParameterizedTest
	@EnumSource
	void servesHttp10(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, "GET /feed HTTP/1.0\r\nHost: localhost\r\n\r\n")
			.readHead()) {
			assertThat(client.header("Transfer-Encoding")).isEmpty();
			assertGetsEvents(server, client);
			if (kind.isHandoff()) {
				Awaitility.await().until(() -> requestsInProgress(server) == 0);
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /read", "TOMCAT_HANDOFF, /unread", "TOMCAT_ASYNC, /read", "TOMCAT_ASYNC, /unread",
			"TOMCAT_BLOCKING, /unread", "JETTY_HANDOFF, /read", "JETTY_HANDOFF, /unread", "JETTY_ASYNC, /read",
			"JETTY_ASYNC, /unread" })
	void servesPost(ServerKind kind, String path) {
		String body = "x".repeat(100_000);
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0,
					"POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n" + "Content-Length: "
							+ body.length() + "\r\n\r\n" + body)
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertGetsEvents(server, client);
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	/**
	 * The stream is there before the rest of a body that the method does not read.
	 */
	@ParameterizedTest
	@EnumSource
	void servesPostWhoseBodyArrivesLate(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0,
					"POST /unread HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\n"
							+ "Content-Length: 8\r\n\r\nlate")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			client.socket().getOutputStream().write("body".getBytes(StandardCharsets.US_ASCII));
			assertGetsEvents(server, client);
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	@ParameterizedTest
	@EnumSource
	void opensNothingForHead(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, "HEAD /feed HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
			assertThat(client.socket().getInputStream().read()).isEqualTo(-1);
			assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
			Awaitility.await().until(() -> requestsInProgress(server) == 0);
		}
	}

	@ParameterizedTest
	@EnumSource
	void compressesNothingByDefault(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed", "Accept-Encoding: gzip")) {
			assertThat(client.header("Content-Encoding")).isEmpty();
			assertThat(client.header("Vary")).isEmpty();
			assertGetsEvents(server, client);
		}
	}

	@ParameterizedTest
	@EnumSource
	void leavesCompressionAlone(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind, COMPRESSING);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed", "Accept-Encoding: gzip")) {
			assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
			Awaitility.await().until(() -> server.registry().count() == 1);
			assertThat(requestsInProgress(server)).isOne();
			String event = "compressed ".repeat(10_000);
			RawStreamClient unzipped = client.unzip();
			for (int i = 0; i < 10; i++) {
				server.sse().publish("feed", event + i);
				unzipped.awaitLine("data: " + event + i);
			}
			server.registry().disconnectTopic("feed");
			unzipped.awaitEnd();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void handsOverWhatTheClientDoesNotWantCompressed(ServerKind kind) {
		TestServer server = servers.get(kind, COMPRESSING);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			assertThat(client.header("Content-Encoding")).isEmpty();
			assertGetsEvents(server, client);
			Awaitility.await().until(() -> requestsInProgress(server) == 0);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "TOMCAT_ASYNC" })
	void servesNio2(ServerKind kind) {
		TestServer server = servers.get(kind, NIO2);
		try (RawStreamClient slow = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/feed"));
				RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			Awaitility.await().until(() -> server.registry().count() == 2);
			assertThat(requestsInProgress(server)).isEqualTo(kind.isHandoff() ? 0 : 2);
			String large = "large ".repeat(50_000);
			for (int i = 0; i < 20; i++) {
				server.sse().publish("feed", i + large);
			}
			for (int i = 0; i < 20; i++) {
				client.awaitLine("data: " + i + large);
			}
			slow.readHead();
			for (int i = 0; i < 20; i++) {
				slow.awaitLine("data: " + i + large);
			}
			for (int i = 0; i < 100; i++) {
				server.sse().publish("feed", "small " + i);
				slow.awaitLine("data: small " + i);
				client.awaitLine("data: small " + i);
			}
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
			slow.awaitEnd();
		}
	}

	@ParameterizedTest
	@EnumSource
	void endsAtOnceWhatIsCompleteBeforeItIsOpen(ServerKind kind) {
		TestServer server = servers.get(kind);
		int rounds = 200;
		long opened = server.delivery().statistics().opened();
		for (int i = 0; i < rounds; i++) {
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/complete")) {
				assertThat(client.readLinesUpTo("data: the only one")).contains("retry: 2000");
				client.awaitEnd();
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(server.delivery().statistics().opened()).isEqualTo(opened + rounds);
		Awaitility.await().until(() -> requestsInProgress(server) == 0);
	}

	/**
	 * NOTE: Tomcat looks for timeouts once in a second, which is waited for once.
	 */
	@Test
	void outlivesTheTimeoutsOfConnections() {
		Map<RawStreamClient, TestServer> open = new LinkedHashMap<>();
		try (TestServers impatient = new TestServers(Controller.class, "server.tomcat.connection-timeout=100ms",
				"server.tomcat.keep-alive-timeout=100ms", "server.jetty.connection-idle-timeout=100ms",
				"sse.heartbeat.interval=1h")) {
			for (ServerKind kind : ServerKind.values()) {
				TestServer server = impatient.get(kind);
				open.put(RawStreamClient.open(server.port(), "/feed"), server);
				Awaitility.await().until(() -> server.registry().count() == 1);
			}
			Awaitility.await()
				.during(Duration.ofMillis(1500))
				.atMost(Duration.ofSeconds(3))
				.until(() -> open.values().stream().allMatch((server) -> server.registry().count() == 1));
			open.forEach((client, server) -> assertGetsEvents(server, client));
		}
		finally {
			open.keySet().forEach(RawStreamClient::close);
		}

	}

	@Test
	void needsNoThreadOfTomcat() throws InterruptedException {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"server.tomcat.threads.max=2", "server.tomcat.threads.min-spare=1",
				"server.tomcat.threads.max-queue-capacity=1", "sse.heartbeat.interval=1h")) {
			CountDownLatch latch = server.bean(Controller.class).latch;
			List<RawStreamClient> clients = new ArrayList<>();
			for (int i = 1; i <= 5; i++) {
				clients.add(RawStreamClient.open(server.port(), "/feed"));
				int expected = i;
				Awaitility.await().until(() -> server.registry().count() == expected);
			}
			List<RawStreamClient> waiting = new ArrayList<>();
			for (int i = 0; i < 3; i++) {
				waiting.add(RawStreamClient.send(server.port(), 0, RawStreamClient.get("/wait")));
			}
			Awaitility.await().until(() -> latch.getCount() == 1);
			clients.remove(0).close();
			Awaitility.await().until(() -> server.registry().count() == 4);
			String large = "large ".repeat(50_000);
			server.sse().publish("feed", large);
			clients.forEach((client) -> client.awaitLine("data: " + large));
			clients.forEach(RawStreamClient::close);
			Awaitility.await().until(() -> server.registry().count() == 0);
			latch.countDown();
			waiting.forEach(RawStreamClient::close);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void ignoresWhatIsPipelined(ServerKind kind) {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, RawStreamClient.get("/feed") + RawStreamClient.get("/feed"))
			.readHead()) {
			assertGetsEvents(server, client);
			assertThat(server.delivery().statistics().opened()).isEqualTo(opened + 1);
			server.registry().disconnectTopic("feed");
			client.awaitEnd();
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, false", "TOMCAT_HANDOFF, true", "JETTY_HANDOFF, false" })
	void closesTheConnectionOfAClientThatKeepsSending(ServerKind kind, boolean nio2) {
		TestServer server = nio2 ? servers.get(kind, NIO2) : servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			byte[] bytes = new byte[8192];
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
				for (int i = 0; i < 10_000; i++) {
					client.socket().getOutputStream().write(bytes);
				}
			});
			Awaitility.await().until(() -> server.registry().count() == 0);
		}
	}

	@Test
	void sendsFirstLineOverNio2ToAClientThatHasSaidAllWithItsRequest() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF, NIO2);
		for (int i = 0; i < 50; i++) {
			try (RawStreamClient client = RawStreamClient.send(server.port(), 0, RawStreamClient.get("/feed"))) {
				client.leave(Leaving.HALF_CLOSE);
				assertThat(client.readHead().awaitCut()).startsWith("retry: 2000\n");
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
	}

	private static void assertGetsEvents(TestServer server, RawStreamClient client) {
		Awaitility.await().until(() -> server.registry().count() == 1);
		for (int i = 0; i < 3; i++) {
			server.sse().publish("feed", "event " + i);
			client.awaitLine("data: event " + i);
		}
	}

	private static int requestsInProgress(TestServer server) {
		if (server.webServer() instanceof TomcatWebServer tomcat) {
			return (int) ((StandardContext) tomcat.getTomcat().getHost().findChildren()[0]).getInProgressAsyncCount();
		}
		StatisticsHandler statistics = ((JettyWebServer) server.webServer()).getServer()
			.getDescendant(StatisticsHandler.class);
		return statistics.getRequestsActive();
	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		/** Counted down by each of two threads that wait, and by the test. */
		private final CountDownLatch latch = new CountDownLatch(3);

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/complete")
		SseStream complete() {
			SseStream stream = this.registry.subscribe("feed");
			stream.send("the only one");
			stream.complete();
			return stream;
		}

		@GetMapping("/wait")
		void await() throws InterruptedException {
			this.latch.countDown();
			this.latch.await();
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@PostMapping("/read")
		@SseTopic("feed")
		void read(@RequestBody String body) {
		}

		@PostMapping("/unread")
		@SseTopic("feed")
		void unread() {
		}

		@Bean
		@ConditionalOnProperty("test.nio2")
		static WebServerFactoryCustomizer<TomcatServletWebServerFactory> nio2() {
			return (factory) -> factory.setProtocol("org.apache.coyote.http11.Http11Nio2Protocol");
		}

	}

}
