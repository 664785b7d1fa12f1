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
 * The queue of connections that the operating system has established and Jetty has not
 * accepted yet. Jetty leaves its size to the JDK, whose default is 50: of a crowd that
 * connects at the same time, as the clients of a node do that was restarted, some would
 * wait for the retries of TCP, a minute at worst.
 */
public final class JettyAcceptQueue {

	private final int size;

	/**
	 * Create a queue of a size.
	 * @param size the number of connections, of which the operating system may allow
	 * fewer
	 */
	public JettyAcceptQueue(int size) {
		this.size = size;
	}

	/**
	 * Have the connectors of a server use such a queue, unless the application has set
	 * the size of theirs.
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
