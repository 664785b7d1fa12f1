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

import io.github.springsse.webmvc.tomcat.TomcatConnections;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Auto-configuration for the connections of Tomcat: a limit where there is little heap or
 * few files, and a protocol for which streams do not count as connections.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(value = ConfigurableTomcatWebServerFactory.class, name = "org.apache.catalina.connector.Connector")
@ConditionalOnWebApplication(type = Type.SERVLET)
@EnableConfigurationProperties(SseProperties.class)
public final class SseTomcatAutoConfiguration {

	/**
	 * Limit the connections to a number that the heap has room for. With more, Tomcat's
	 * own threads would fail.
	 */
	@Bean
	WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> sseTomcatMaxConnections(SseProperties properties,
			Environment environment) {
		DefaultLimits limits = new DefaultLimits(properties, environment);
		TomcatConnections connections = new TomcatConnections(limits.connections());
		return (factory) -> {
			if (!limits.areConnectionsSet()) {
				factory.addConnectorCustomizers(connections::customize);
			}
		};
	}

	/**
	 * Exclude streams that were handed over from the connections of ordinary requests.
	 */
	@Bean
	StreamProtocolCustomizer sseTomcatProtocol(SseProperties properties) {
		return new StreamProtocolCustomizer(properties.getTransport());
	}

}
