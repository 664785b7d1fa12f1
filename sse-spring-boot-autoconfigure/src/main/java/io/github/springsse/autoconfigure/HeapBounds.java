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

import io.github.springsse.webmvc.TransportMode;

import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Bounds that depend on the heap, where the application does not set them.
 * <p>
 * What a stream costs is nearly all what the web server keeps for its connection, and was
 * measured: with Tomcat two buffers, and with TLS four more of 16KB; with Jetty little
 * without TLS. A stream that is not handed over keeps its request, too.
 */
final class HeapBounds {

	private static final int STREAM = 4 * 1024;

	private static final int TLS = 64 * 1024;

	private static final int TLS_OF_JETTY = 12 * 1024;

	private static final int REQUEST = 88 * 1024;

	private static final int REQUEST_OF_JETTY = 8 * 1024;

	private static final int OTHER_CONNECTIONS = 200;

	private HeapBounds() {
	}

	/**
	 * Return how many bytes of snapshots may be in flight.
	 */
	static long snapshotBytes() {
		return Runtime.getRuntime().maxMemory() / 8;
	}

	/**
	 * Return how many streams there is room for in half of the heap.
	 */
	static int streams(SseProperties properties, Environment environment) {
		return streams(Runtime.getRuntime().maxMemory(), costOfStream(properties, environment));
	}

	/**
	 * Return how many connections there are room for, with some for other requests.
	 */
	static int connections(SseProperties properties, Environment environment) {
		int streams = streams(properties, environment);
		return (int) Math.min(Integer.MAX_VALUE, OTHER_CONNECTIONS + streams + streams / 8L);
	}

	static int streams(long heap, long cost) {
		return (int) Math.min(Integer.MAX_VALUE, heap / 2 / cost);
	}

	private static long costOfStream(SseProperties properties, Environment environment) {
		boolean tls = environment.getProperty("server.ssl.enabled", Boolean.class, true)
				&& (environment.containsProperty("server.ssl.bundle")
						|| environment.containsProperty("server.ssl.key-store")
						|| environment.containsProperty("server.ssl.certificate"));
		boolean request = properties.getTransport() == TransportMode.ASYNC
				|| properties.getTransport() == TransportMode.BLOCKING;
		if (ClassUtils.isPresent("org.apache.catalina.connector.Connector", HeapBounds.class.getClassLoader())) {
			long buffers = Math.max(0, 2 * properties.getTomcat().getBufferSize().toBytes());
			return STREAM + buffers + (tls ? TLS : 0) + (request ? REQUEST : 0);
		}
		return STREAM + (tls ? TLS_OF_JETTY : 0) + (request ? REQUEST_OF_JETTY : 0);
	}

}
