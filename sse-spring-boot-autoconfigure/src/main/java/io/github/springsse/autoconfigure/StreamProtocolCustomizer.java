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

import io.github.springsse.webmvc.tomcat.TomcatStreamProtocol;
import io.github.springsse.webmvc.transport.TransportMode;

import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Sets {@link TomcatStreamProtocol} as the protocol of Tomcat's connector, unless the
 * application has chosen a protocol other than the default. It is applied first, so that
 * customizers of the application can override it.
 */
final class StreamProtocolCustomizer implements WebServerFactoryCustomizer<TomcatServletWebServerFactory>, Ordered {

	private final TransportMode mode;

	/**
	 * Create a customizer.
	 * @param mode how streams write to their sockets
	 */
	StreamProtocolCustomizer(TransportMode mode) {
		this.mode = mode;
	}

	@Override
	public void customize(TomcatServletWebServerFactory factory) {
		boolean handsOver = this.mode == TransportMode.AUTO;
		if (handsOver && TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())
				&& TomcatStreamProtocol.isVisible()) {
			factory.setProtocol(TomcatStreamProtocol.class.getName());
		}
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
