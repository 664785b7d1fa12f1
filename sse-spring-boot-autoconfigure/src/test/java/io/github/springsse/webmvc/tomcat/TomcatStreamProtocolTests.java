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

package io.github.springsse.webmvc.tomcat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.testsupport.Torture;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.tomcat.TomcatMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.AbstractProtocol;
import org.apache.coyote.http11.Http11Nio2Protocol;
import org.apache.tomcat.util.modeler.Registry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.test.util.ReflectionTestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What counts for {@code server.tomcat.max-connections}: ordinary connections, and no
 * stream that was handed over. Tomcat counts one more than there are, the next that it is
 * to accept, unless it waits for room.
 */
@Torture
@ExtendWith(OutputCaptureExtension.class)
class TomcatStreamProtocolTests {

	private static final int MOST = 3;

	/** How long is waited for an answer that must not come. */
	private static final int NO_ANSWER_MILLIS = 300;

	private static final String[] PROPERTIES = { "server.tomcat.max-connections=" + MOST, "sse.limits.streams=1000",
			"sse.heartbeat.interval=1h" };

	private static final TestServers servers = new TestServers(Controller.class, PROPERTIES);

	@AfterEach
	void endStreams() {
		servers.endStreams();
		if (servers.isStarted(ServerKind.TOMCAT_HANDOFF)) {
			TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
			Awaitility.await().until(() -> count(server) == 1);
		}
	}

	@AfterAll
	static void stop(CapturedOutput output) {
		servers.close();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void ordinaryRequestsAreServedBesideMoreStreamsThanConnections() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (Clients clients = new Clients(server)) {
			clients.openStreams(10 * MOST);
			Awaitility.await().until(() -> count(server) == 1);
			for (int i = 0; i < MOST; i++) {
				clients.ask().readHead();
			}
			server.sse().publish("feed", "to all");
			clients.streams.forEach((stream) -> stream.awaitLine("data: to all"));
		}
	}

	@Test
	void ordinaryConnectionsHaveTheirLimitBesideStreams() throws IOException {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (Clients clients = new Clients(server)) {
			clients.openStreams(2 * MOST);
			for (int i = 0; i < MOST; i++) {
				clients.ask().readHead();
			}
			RawStreamClient oneMore = clients.ask();
			assertHasNoAnswer(oneMore);
			assertThat(count(server)).isEqualTo(MOST);
			clients.ordinary.get(0).close();
			oneMore.readHead();
		}
	}

	/**
	 * Tomcat's thread is waiting for room when the connection is handed over, and no
	 * connection is closed.
	 */
	@Test
	void aHandoffMakesRoomAtOnce() throws IOException {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (Clients clients = new Clients(server)) {
			clients.ask().readHead();
			clients.ask().readHead();
			RawStreamClient held = RawStreamClient.send(server.port(), 0, RawStreamClient.get("/held"));
			clients.streams.add(held);
			RawStreamClient oneMore = clients.ask();
			assertHasNoAnswer(oneMore);
			assertThat(count(server)).isEqualTo(MOST);
			server.bean(Controller.class).held.countDown();
			held.readHead();
			oneMore.readHead();
		}
	}

	@ParameterizedTest
	@EnumSource
	void closedStreamsLeaveTheLimitAsItWas(Leaving leaving) throws IOException {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (Clients clients = new Clients(server)) {
			for (int i = 0; i < 5; i++) {
				clients.openStreams(2 * MOST);
				clients.streams.forEach((client) -> client.leave(leaving));
				clients.streams.clear();
				awaitNoStream(server);
				clients.openStreams(2 * MOST);
				Awaitility.await().until(() -> server.registry().count() == 2 * MOST);
				server.registry().disconnectTopic("feed");
				clients.streams.forEach(RawStreamClient::awaitEnd);
				clients.streams.clear();
				awaitNoStream(server);
			}
			Awaitility.await().until(() -> count(server) == 1);
			assertLimitHolds(clients);
		}
	}

	/**
	 * With TLS, Tomcat closes connections by itself.
	 */
	@ParameterizedTest
	@EnumSource(names = { "CLOSE", "RESET" })
	void closedStreamsWithTlsLeaveTheLimitAsItWas(Leaving leaving, @TempDir Path directory, CapturedOutput output) {
		SelfSignedCertificate certificate = new SelfSignedCertificate(directory);
		try (TestServer server = start(certificate.properties())) {
			for (int i = 0; i < 5; i++) {
				List<RawStreamClient> streams = new ArrayList<>();
				for (int j = 0; j < 2 * MOST; j++) {
					streams
						.add(RawStreamClient.send(certificate.connect(server.port(), 0), RawStreamClient.get("/feed"))
							.readHead());
				}
				Awaitility.await().until(() -> count(server) == 1);
				streams.forEach((client) -> client.leave(leaving));
				awaitNoStream(server);
				Awaitility.await().until(() -> count(server) == 1);
			}
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void nothingIsLostWhereManyComeAndLeaveAtOnce(CapturedOutput output) throws Exception {
		int threads = 8;
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (Clients clients = new Clients(server)) {
			List<Future<?>> results = new ArrayList<>();
			for (int i = 0; i < threads; i++) {
				Leaving leaving = (i % 2 == 0) ? Leaving.CLOSE : Leaving.RESET;
				boolean early = i % 4 < 2;
				results.add(executor.submit(() -> {
					for (int j = 0; j < Rounds.of(50, 200); j++) {
						RawStreamClient client = RawStreamClient.send(server.port(), 0, RawStreamClient.get("/feed"));
						if (!early) {
							client.readHead();
						}
						client.leave(leaving);
					}
				}));
			}
			for (Future<?> result : results) {
				result.get();
			}
			awaitNoStream(server);
			Awaitility.await().until(() -> count(server) == 1);
			assertLimitHolds(clients);
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void connectionsMayBeUnlimited() {
		try (TestServer server = start("test.unlimited=true"); Clients clients = new Clients(server)) {
			clients.openStreams(2 * MOST);
			clients.ask().readHead();
			assertThat(count(server)).isEqualTo(-1);
			clients.closeStreams();
			awaitNoStream(server);
			clients.ask().readHead();
		}
	}

	@Test
	void aConnectorMayBeStoppedAndStartedAgain() throws Exception {
		try (TestServer server = start(); Clients clients = new Clients(server)) {
			clients.openStreams(2 * MOST);
			connector(server).stop();
			connector(server).start();
			Clients again = new Clients(server.webServer().getPort());
			again.openStreams(2 * MOST);
			// NOTE: Tomcat before 11.0.23 notifies no one that it has closed the first
			// streams
			server.sse().publish("feed", "for whom it is there");
			again.streams.forEach((stream) -> stream.awaitLine("data: for whom it is there"));
			clients.closeStreams();
			again.closeStreams();
			awaitNoStream(server);
			Awaitility.await().until(() -> count(server) == 1);
			assertLimitHolds(again);
			again.close();
		}
	}

	/**
	 * NOTE: a server without the beans of Tomcat takes them away from all that follow in
	 * the same process, and one that runs has the names of those of the next.
	 */
	@Test
	void metricsHaveOrdinaryConnectionsAndTheirLimit() {
		servers.close();
		MeterRegistry registry = new SimpleMeterRegistry();
		Object beans = ReflectionTestUtils.getField(Registry.class, "registry");
		ReflectionTestUtils.setField(Registry.class, "registry", null);
		try (TestServer server = start("server.tomcat.mbeanregistry.enabled=true");
				Clients clients = new Clients(server);
				TomcatMetrics metrics = new TomcatMetrics(null, List.of())) {
			clients.openStreams(2 * MOST);
			clients.ask().readHead();
			metrics.bindTo(registry);
			assertThat(registry.get("tomcat.connections.config.max").gauge().value()).isEqualTo(MOST);
			Awaitility.await().until(() -> registry.get("tomcat.connections.current").gauge().value() == 2);
		}
		finally {
			ReflectionTestUtils.setField(Registry.class, "registry", beans);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "server.shutdown=graceful", "server.shutdown=immediate" })
	void shutdownEndsStreamsWhileNoConnectionIsLeft(String property, CapturedOutput output) {
		List<RawStreamClient> streams;
		try (TestServer server = start(property); Clients clients = new Clients(server)) {
			clients.openStreams(2 * MOST);
			for (int i = 0; i < MOST; i++) {
				clients.ask().readHead();
			}
			streams = List.copyOf(clients.streams);
			// NOTE: a client has the head of its response before its stream is open
			EventStreamClient.await().until(() -> server.registry().count() == 2 * MOST);
			server.close();
			streams.forEach((stream) -> assertThat(stream.awaitEnd()).startsWith("retry:"));
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void streamsOfAnotherProtocolCountAsBefore() throws IOException {
		try (TestServer server = start("test.protocol=" + Http11Nio2Protocol.class.getName());
				Clients clients = new Clients(server)) {
			clients.openStreams(MOST);
			RawStreamClient oneMore = clients.ask();
			assertHasNoAnswer(oneMore);
			clients.streams.get(0).close();
			oneMore.readHead();
		}
	}

	@ParameterizedTest
	@CsvSource({ "/callable, org.apache.coyote.http11.Http11NioProtocol, false",
			"/callable, io.github.springsse.webmvc.tomcat.TomcatStreamProtocol, true",
			"/feed, org.apache.coyote.http11.Http11Nio2Protocol, false" })
	void streamsWhoseConnectionsCountLeaveSomeForOthers(String path, String protocol, boolean others) {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"server.tomcat.max-connections=4", "test.protocol=" + protocol);
				Clients clients = new Clients(server)) {
			clients.openStreams(path, 2);
			RawStreamClient refused = RawStreamClient.open(server.port(), path);
			assertThat(refused.awaitEnd()).startsWith("retry:");
			refused.close();
			clients.ask().readHead();
			if (others) {
				clients.openStreams(5);
				clients.ask().readHead();
			}
			int count = clients.streams.size();
			Awaitility.await().until(() -> server.registry().count() == count);
			clients.streams.remove(0).leave(Leaving.RESET);
			Awaitility.await().until(() -> {
				server.sse().publish("feed", "who is there");
				return server.registry().count() < count;
			});
			clients.openStreams(path, 1);
			RawStreamClient last = clients.streams.get(clients.streams.size() - 1);
			Awaitility.await().until(() -> server.registry().count() == count);
			server.sse().publish("feed", "again");
			last.awaitLine("data: again");
		}
	}

	private static TestServer start(String... properties) {
		return TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				Stream.concat(Stream.of(PROPERTIES), Stream.of(properties)).toArray(String[]::new));
	}

	private static void awaitNoStream(TestServer server) {
		Awaitility.await().until(() -> server.registry().count() == 0);
	}

	private static Connector connector(TestServer server) {
		return ((TomcatWebServer) server.webServer()).getTomcat().getConnector();
	}

	private static long count(TestServer server) {
		return ((AbstractProtocol<?>) connector(server).getProtocolHandler()).getConnectionCount();
	}

	private static void assertLimitHolds(Clients clients) throws IOException {
		for (int i = 0; i < MOST; i++) {
			clients.ask().readHead();
		}
		assertHasNoAnswer(clients.ask());
	}

	private static void assertHasNoAnswer(RawStreamClient client) throws IOException {
		int timeout = client.socket().getSoTimeout();
		client.socket().setSoTimeout(NO_ANSWER_MILLIS);
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(client::readHead)
			.withCauseInstanceOf(SocketTimeoutException.class);
		client.socket().setSoTimeout(timeout);
	}

	/**
	 * Clients of a server, each with a connection.
	 */
	private static final class Clients implements AutoCloseable {

		private final int port;

		private final List<RawStreamClient> streams = new ArrayList<>();

		private final List<RawStreamClient> ordinary = new ArrayList<>();

		Clients(TestServer server) {
			this(server.port());
		}

		Clients(int port) {
			this.port = port;
		}

		void openStreams(int count) {
			openStreams("/feed", count);
		}

		void openStreams(String path, int count) {
			for (int i = 0; i < count; i++) {
				this.streams.add(RawStreamClient.open(this.port, path));
			}
		}

		/**
		 * Have a connection with an ordinary request, which is kept.
		 */
		RawStreamClient ask() {
			RawStreamClient client = RawStreamClient.send(this.port, 0,
					"GET /ordinary HTTP/1.1\r\nHost: localhost\r\n\r\n");
			this.ordinary.add(client);
			return client;
		}

		void closeStreams() {
			this.streams.forEach(RawStreamClient::close);
			this.streams.clear();
		}

		@Override
		public void close() {
			closeStreams();
			this.ordinary.forEach(RawStreamClient::close);
		}

	}

	@RestController
	static class Controller {

		private final CountDownLatch held = new CountDownLatch(1);

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/ordinary")
		String ordinary() {
			return "ordinary";
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/callable")
		Callable<SseStream> callable() {
			return () -> this.registry.subscribe("feed");
		}

		@GetMapping("/held")
		@SseTopic("feed")
		void held() throws InterruptedException {
			this.held.await();
		}

		/**
		 * NOTE: Spring Boot ignores a property that is not positive.
		 */
		@Bean
		@ConditionalOnProperty("test.unlimited")
		static WebServerFactoryCustomizer<TomcatServletWebServerFactory> unlimited() {
			return (factory) -> factory
				.addConnectorCustomizers((connector) -> connector.setProperty("maxConnections", "-1"));
		}

		@Bean
		@ConditionalOnProperty("test.protocol")
		static WebServerFactoryCustomizer<TomcatServletWebServerFactory> protocol(
				@Value("${test.protocol}") String protocol) {
			return (factory) -> factory.setProtocol(protocol);
		}

	}

}
