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

/**
 * The size of the two buffers that Tomcat keeps for every connection. With its default
 * they are nearly all of what an idle stream costs, though a stream that was handed over
 * without TLS does not use them. They are a setting of the whole connector: what goes out
 * in ordinary responses is copied through them, piece by piece.
 */
public final class TomcatBuffers {

	private final String size;

	/**
	 * Create buffers of a size.
	 * @param size bytes of each buffer
	 */
	public TomcatBuffers(int size) {
		this.size = Integer.toString(size);
	}

	/**
	 * Have the connections of a connector use such buffers.
	 * @param connector the connector, not yet started
	 */
	public void customize(Connector connector) {
		connector.setProperty("socket.appReadBufSize", this.size);
		connector.setProperty("socket.appWriteBufSize", this.size);
	}

}
