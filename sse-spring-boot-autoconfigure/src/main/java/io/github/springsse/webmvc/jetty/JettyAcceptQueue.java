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

package io.github.springsse.webmvc.jetty;

import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * Sets the size of the accept queue: the queue of connections that the operating system
 * has established and Jetty has not accepted yet. Jetty uses the default of the JDK,
 * which is 50. If many clients connect at the same time, such as after a restart of the
 * node, some of them would wait for retries of TCP, for a minute in the worst case.
 */
public final class JettyAcceptQueue {

	private final int size;

	/**
	 * Create an instance.
	 * @param size the number of connections, which the operating system may reduce
	 */
	public JettyAcceptQueue(int size) {
		this.size = size;
	}

	/**
	 * Set the size for the connectors of a server, unless the application has set it.
	 * @param server the server, not yet started
	 */
	public void customize(Server server) {
		for (Connector connector : server.getConnectors()) {
			if (connector instanceof ServerConnector serverConnector && serverConnector.getAcceptQueueSize() == 0) {
				serverConnector.setAcceptQueueSize(this.size);
			}
		}
	}

}
