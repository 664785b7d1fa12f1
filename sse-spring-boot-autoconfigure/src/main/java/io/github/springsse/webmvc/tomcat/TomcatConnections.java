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

import org.apache.catalina.connector.Connector;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Limits the number of connections of Tomcat if the memory or the number of files does
 * not suffice for its default. Each accepted connection has two buffers, whatever it is
 * used for. Further connections wait in the operating system.
 */
public final class TomcatConnections {

	private static final Log logger = LogFactory.getLog(TomcatConnections.class);

	private static final String NAME = "maxConnections";

	private final int most;

	/**
	 * Create a limit.
	 * @param most the maximum number of connections
	 */
	public TomcatConnections(int most) {
		this.most = most;
	}

	/**
	 * Lower the maximum number of connections of a connector to this limit.
	 * @param connector the connector, not yet started
	 */
	public void customize(Connector connector) {
		if (connector.getProperty(NAME) instanceof Integer current && (current > this.most || current < 0)) {
			connector.setProperty(NAME, Integer.toString(this.most));
			logger.info("Tomcat accepts " + this.most + " connections at once in addition to streams, instead of "
					+ current + ": the heap of " + Runtime.getRuntime().maxMemory() / (1024 * 1024)
					+ " MB, or the number of files that the process may open, does not suffice for more. Raise these, or set "
					+ "sse.limits.streams or server.tomcat.max-connections");
		}
	}

}
