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

import java.util.Arrays;

import org.eclipse.jetty.server.ServerConnector;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Small send buffers of the sockets, so that a client that does not read is felt early.
 */
@Configuration(proxyBeanMethods = false)
class SmallSendBuffers {

	private static final int SIZE = 16 * 1024;

	@Bean
	WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcatBuffers() {
		return (factory) -> factory
			.addConnectorCustomizers((connector) -> connector.setProperty("socket.txBufSize", String.valueOf(SIZE)));
	}

	@Bean
	WebServerFactoryCustomizer<JettyServletWebServerFactory> jettyBuffers() {
		return (factory) -> factory.addServerCustomizers((server) -> Arrays.stream(server.getConnectors())
			.map(ServerConnector.class::cast)
			.forEach((connector) -> connector.setAcceptedSendBufferSize(SIZE)));
	}

}
