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

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.webmvc.tomcat.TomcatConnections;
import io.github.springsse.webmvc.tomcat.TomcatStreamProtocol;
import io.github.springsse.webmvc.transport.TransportMode;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

	private static Connector connector(TestServer server) {
		return ((TomcatWebServer) server.webServer()).getTomcat().getConnector();
	}

	@Test
	void nothingWithoutTomcat() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.apache.catalina"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

	@Test
	void connectionsAreTomcatsOwnWhereThereIsRoomForThem() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class)) {
			assertThat(connector(server).getProperty("maxConnections")).isEqualTo(8192);
		}
	}

	@Test
	void connectionsAreFewerWhereThereIsNoRoomForThem(CapturedOutput output) {
		Connector connector = new Connector();
		new TomcatConnections(100).customize(connector);
		assertThat(connector.getProperty("maxConnections")).isEqualTo(100);
		assertThat(output).contains("Tomcat accepts 100 connections at once in addition to streams, instead of 8192");
	}

	@Test
	void connectionsAreAsManyAsTheApplicationWants() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"server.tomcat.max-connections=7000")) {
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
