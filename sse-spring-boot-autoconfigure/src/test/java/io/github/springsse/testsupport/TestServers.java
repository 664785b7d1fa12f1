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

package io.github.springsse.testsupport;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The same application on servers of several kinds and with several properties, each
 * started when it is first asked for, and kept until all are closed. In a static field
 * with {@code @RegisterExtension}, streams that a test has left open end after it, and
 * the servers are closed after the last test of the class.
 */
public final class TestServers implements AutoCloseable, AfterEachCallback, AfterAllCallback {

	private final Map<Variant, TestServer> servers = new LinkedHashMap<>();

	private final Class<?> source;

	private final String[] properties;

	public TestServers(Class<?> source, String... properties) {
		this.source = source;
		this.properties = properties;
	}

	/**
	 * Return a server, and start it if it is asked for the first time.
	 * @param kind web server and transport
	 * @param properties further properties of the application
	 * @return the server, which other tests use as well
	 */
	public TestServer get(ServerKind kind, String... properties) {
		return this.servers.computeIfAbsent(new Variant(kind, List.of(properties)), (variant) -> TestServer.start(kind,
				this.source, Stream.of(this.properties, properties).flatMap(Stream::of).toArray(String[]::new)));
	}

	public boolean isStarted(ServerKind kind) {
		return this.servers.containsKey(new Variant(kind, List.of()));
	}

	/**
	 * End the streams that a test has left open, so that the next one finds none.
	 */
	public void endStreams() {
		for (TestServer server : this.servers.values()) {
			server.registry().streams().forEach((stream) -> server.registry().disconnect(stream.getId()));
			EventStreamClient.await().until(() -> server.registry().count() == 0);
		}
	}

	/**
	 * Close the servers. Those that are asked for afterwards are started anew.
	 */
	@Override
	public void close() {
		this.servers.values().forEach(TestServer::close);
		this.servers.clear();
	}

	@Override
	public void afterEach(ExtensionContext context) {
		endStreams();
	}

	@Override
	public void afterAll(ExtensionContext context) {
		close();
	}

	private record Variant(ServerKind kind, List<String> properties) {

	}

}
