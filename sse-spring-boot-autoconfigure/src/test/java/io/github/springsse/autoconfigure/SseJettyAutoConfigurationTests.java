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

package io.github.springsse.autoconfigure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.gzip.GzipEncoderConfig;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.jetty.JettyWebServer;
import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseJettyAutoConfiguration}.
 */
class SseJettyAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseJettyAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(ints = { 1, 100_000, 900_000 })
	void compressedEventsArriveWhileTheStreamIsOpen(int size) throws IOException {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class,
				"server.compression.enabled=true", "server.compression.mime-types=text/plain,text/event-stream");
				RawStreamClient client = RawStreamClient.open(server.port(), "/feed", "Accept-Encoding: gzip")) {
			assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
			Awaitility.await().until(() -> server.registry().count() == 1);
			RawStreamClient unzipped = client.unzip();
			Random random = new Random(size);
			for (int i = 0; i < 10; i++) {
				String event = text(random, size);
				server.sse().publish("feed", event);
				unzipped.awaitLine("data: " + event);
			}
			server.registry().disconnectTopic("feed");
			unzipped.awaitEnd();
		}
	}

	private static String text(Random random, int size) {
		return random.ints(size, 'A', 'z')
			.collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
			.toString();
	}

	@Test
	void compressionIsJettysOwnIfStreamsAreNotCompressed() {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class,
				"server.compression.enabled=true", "server.compression.mime-types=text/plain");
				RawStreamClient client = RawStreamClient.open(server.port(), "/feed", "Accept-Encoding: gzip")) {
			assertThat(client.header("Content-Encoding")).isEmpty();
			assertThat(syncFlushes(server)).containsExactly(false);
		}
	}

	@Test
	void nothingToDoWithoutCompression() {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class)) {
			assertThat(syncFlushes(server)).isEmpty();
		}
	}

	private static Stream<Boolean> syncFlushes(TestServer server) {
		return ((JettyWebServer) server.webServer()).getServer()
			.getContainedBeans(GzipCompression.class)
			.stream()
			.map((compression) -> ((GzipEncoderConfig) compression.getDefaultEncoderConfig()).isSyncFlush());
	}

	@Test
	void nothingToHoldBackWithoutCompressionOfJetty() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.eclipse.jetty.compression"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("sseJettyAcceptQueue")
				.doesNotHaveBean("sseJettyCompression"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework.boot.jetty", "org.eclipse.jetty.server" })
	void nothingWithoutJetty(String absent) {
		this.contextRunner.withPropertyValues("sse.jetty.accept-queue-size=0")
			.withClassLoader(new FilteredClassLoader(absent))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

	@Test
	void acceptQueueHasRoomForACrowd() {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class)) {
			assertThat(acceptQueueSizes(server)).containsExactly(1024);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 20_000 })
	void acceptQueueHasTheSizeThatIsSet(int size) {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class,
				"sse.jetty.accept-queue-size=" + size)) {
			assertThat(acceptQueueSizes(server)).containsExactly(size);
		}
	}

	@Test
	void acceptQueueOfTlsHasRoomForACrowd(@TempDir Path directory) {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, Controller.class,
				new SelfSignedCertificate(directory).properties())) {
			assertThat(acceptQueueSizes(server)).containsExactly(1024);
		}
	}

	@Test
	void acceptQueueIsLeftAloneIfTheApplicationHasSetIt() {
		try (TestServer server = TestServer.start(ServerKind.JETTY_HANDOFF, ControllerWithOwnQueue.class,
				"sse.jetty.accept-queue-size=20")) {
			assertThat(acceptQueueSizes(server)).containsExactly(77);
		}
	}

	private static Stream<Integer> acceptQueueSizes(TestServer server) {
		return Arrays.stream(((JettyWebServer) server.webServer()).getServer().getConnectors())
			.map((connector) -> ((ServerConnector) connector).getAcceptQueueSize());
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1 })
	void acceptQueueSizesThatCannotWorkAreExplained(int size) {
		this.contextRunner.withPropertyValues("sse.jetty.accept-queue-size=" + size)
			.withBean(JettyServletWebServerFactory.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses
					.assertThatAnalysisOf(failure, "sse.jetty.accept-queue-size=" + size)
					.hasDescription("'sse.jetty.accept-queue-size'", "It must be 1 or more")));
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

	/**
	 * Has a customizer of its own, which runs before that of the library.
	 */
	@Import(Controller.class)
	static class ControllerWithOwnQueue {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> ownQueue() {
			return (factory) -> factory.addServerCustomizers((server) -> {
				for (Connector connector : server.getConnectors()) {
					((ServerConnector) connector).setAcceptQueueSize(77);
				}
			});
		}

	}

}
