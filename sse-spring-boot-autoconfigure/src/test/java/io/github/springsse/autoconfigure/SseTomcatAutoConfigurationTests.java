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
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.webmvc.tomcat.TomcatStreamProtocol;
import io.github.springsse.webmvc.transport.TransportMode;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseTomcatAutoConfiguration}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SseTomcatAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseTomcatAutoConfiguration.class));

	@Test
	void connectionsHaveBuffersOfThisSizeAndServeLargeResponsesAndEvents() throws IOException, InterruptedException {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.tomcat.buffer-size=512B"); RawStreamClient client = RawStreamClient.open(server.port(), "/feed")) {
			assertThat(bufferSizes(server)).containsExactly("512", "512");
			assertThat(HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(server.uri("/large")).build(), BodyHandlers.ofString())
				.body()).isEqualTo(Controller.LARGE);
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", Controller.LARGE);
			client.awaitLine("data: " + Controller.LARGE);
		}
	}

	@Test
	void buffersAreTomcatsOwnIfNotSet() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class)) {
			assertThat(bufferSizes(server)).containsExactly("8192", "8192");
		}
	}

	private static Object[] bufferSizes(TestServer server) {
		Connector connector = connector(server);
		return new Object[] { connector.getProperty("socket.appReadBufSize"),
				connector.getProperty("socket.appWriteBufSize") };
	}

	private static Connector connector(TestServer server) {
		return ((TomcatWebServer) server.webServer()).getTomcat().getConnector();
	}

	@Test
	void nothingWithoutTomcat() {
		this.contextRunner.withPropertyValues("sse.tomcat.buffer-size=1KB")
			.withClassLoader(new FilteredClassLoader("org.apache.catalina"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

	@Test
	void connectionsAreTomcatsOwnWhereThereIsRoomForThem() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.tomcat.buffer-size=256B")) {
			assertThat(connector(server).getProperty("maxConnections")).isEqualTo(8192);
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 7000, 10 })
	void connectionsAreFewerWhereTheHeapHasNoRoomForThem(int streams, CapturedOutput output) {
		long room = 3 * (Runtime.getRuntime().maxMemory() / 8) / (2 * 1024 * 1024 + 4096);
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.tomcat.buffer-size=1MB", "sse.limits.streams=" + streams)) {
			assertThat((int) connector(server).getProperty("maxConnections"))
				.isEqualTo((int) (200 + room + room / 3 - Math.min(room, streams)))
				.isLessThan(8192);
			assertThat(output).contains("connections at once in addition to streams, instead of 8192");
		}
	}

	@Test
	void connectionsAreAsManyAsTheApplicationWants() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.tomcat.buffer-size=1MB", "server.tomcat.max-connections=7000")) {
			assertThat((int) connector(server).getProperty("maxConnections")).isEqualTo(7000);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "TOMCAT_ASYNC", "TOMCAT_BLOCKING" })
	void protocolIsTomcatsOwnWhereNothingIsHandedOver(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class)) {
			assertThat(connector(server).getProtocolHandler())
				.isExactlyInstanceOf(kind.isHandoff() ? TomcatStreamProtocol.class : Http11NioProtocol.class);
		}
	}

	@Test
	void protocolIsTheOneOfTheApplication() {
		StreamProtocolCustomizer customizer = new StreamProtocolCustomizer(TransportMode.AUTO);
		TomcatServletWebServerFactory factory = new TomcatServletWebServerFactory();
		factory.setProtocol("AJP/1.3");
		customizer.customize(factory);
		assertThat(factory.getProtocol()).isEqualTo("AJP/1.3");
		assertThat(customizer.getOrder()).as("customizers of the application come later")
			.isEqualTo(Ordered.HIGHEST_PRECEDENCE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "255B", "1025KB", "-1KB" })
	void valuesThatCannotWorkAreExplained(String value) {
		this.contextRunner.withPropertyValues("sse.tomcat.buffer-size=" + value)
			.withBean(TomcatServletWebServerFactory.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, "sse.tomcat.buffer-size=" + value)
					.hasDescription("'sse.tomcat.buffer-size'", "It must be from 256B to 1048576B")));
	}

	@RestController
	static class Controller {

		private static final String LARGE = "large ".repeat(100_000);

		@GetMapping("/large")
		String large() {
			return LARGE;
		}

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
