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

import org.apache.coyote.ProtocolHandler;
import org.apache.coyote.http11.Http11NioProtocol;

import org.springframework.util.ClassUtils;

/**
 * Tomcat's HTTP/1.1 protocol with separate limits for streams and for ordinary requests:
 * connections that were handed over do not count towards {@code maxConnections}.
 * <p>
 * Public because Tomcat instantiates it. Not for applications.
 */
public final class TomcatStreamProtocol extends Http11NioProtocol {

	private final TomcatStreamEndpoint endpoint;

	/**
	 * Create a protocol.
	 */
	public TomcatStreamProtocol() {
		this(new TomcatStreamEndpoint());
	}

	private TomcatStreamProtocol(TomcatStreamEndpoint endpoint) {
		super(endpoint);
		this.endpoint = endpoint;
	}

	/**
	 * Return whether Tomcat can instantiate this class. Tomcat loads it by name, and
	 * cannot see classes of a child class loader, such as the class loader of Spring
	 * Boot's developer tools.
	 * @return whether the class is visible to Tomcat
	 */
	public static boolean isVisible() {
		return ClassUtils.isVisible(TomcatStreamProtocol.class, ProtocolHandler.class.getClassLoader());
	}

	TomcatStreamEndpoint endpoint() {
		return this.endpoint;
	}

}
