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

import io.github.springsse.webmvc.jetty.JettyAcceptQueue;
import io.github.springsse.webmvc.jetty.JettyCompression;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of Jetty for streams: an accept queue for many clients that connect
 * at the same time, and compression that flushes each event.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(value = ConfigurableJettyWebServerFactory.class, name = "org.eclipse.jetty.server.ServerConnector")
@ConditionalOnWebApplication(type = Type.SERVLET)
@EnableConfigurationProperties(SseProperties.class)
public final class SseJettyAutoConfiguration {

	private static final String ACCEPT_QUEUE_SIZE = "sse.jetty.accept-queue-size";

	@Bean
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> sseJettyAcceptQueue(SseProperties properties) {
		int size = properties.getJetty().getAcceptQueueSize();
		if (size < 1) {
			throw new InvalidConfigurationPropertyValueException(ACCEPT_QUEUE_SIZE, size, "It must be 1 or more");
		}
		JettyAcceptQueue queue = new JettyAcceptQueue(size);
		return (factory) -> factory.addServerCustomizers(queue::customize);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(name = { "org.eclipse.jetty.compression.gzip.GzipCompression",
			"org.eclipse.jetty.compression.server.CompressionHandler" })
	static class Compression {

		@Bean
		WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> sseJettyCompression() {
			JettyCompression compression = new JettyCompression();
			return (factory) -> factory.addServerCustomizers(compression::customize);
		}

	}

}
