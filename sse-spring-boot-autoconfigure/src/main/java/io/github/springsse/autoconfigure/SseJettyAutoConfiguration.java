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

import io.github.springsse.webmvc.JettyCompression;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication.Type;
import org.springframework.boot.jetty.ConfigurableJettyWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration for streams that Jetty compresses.
 *
 * @since 0.1.0
 */
@AutoConfiguration
@ConditionalOnClass(value = ConfigurableJettyWebServerFactory.class,
		name = { "org.eclipse.jetty.compression.gzip.GzipCompression",
				"org.eclipse.jetty.compression.server.CompressionHandler" })
@ConditionalOnWebApplication(type = Type.SERVLET)
public final class SseJettyAutoConfiguration {

	@Bean
	WebServerFactoryCustomizer<ConfigurableJettyWebServerFactory> sseJettyCompression() {
		JettyCompression compression = new JettyCompression();
		return (factory) -> factory.addServerCustomizers(compression::customize);
	}

}
