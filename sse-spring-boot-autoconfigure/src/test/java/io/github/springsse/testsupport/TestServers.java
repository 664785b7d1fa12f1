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

import java.util.EnumMap;
import java.util.Map;

/**
 * The same application on servers of several kinds, each started when it is first asked
 * for, and kept until all are closed.
 */
public final class TestServers implements AutoCloseable {

	private final Map<ServerKind, TestServer> servers = new EnumMap<>(ServerKind.class);

	private final Class<?> source;

	private final String[] properties;

	public TestServers(Class<?> source, String... properties) {
		this.source = source;
		this.properties = properties;
	}

	public TestServer get(ServerKind kind) {
		return this.servers.computeIfAbsent(kind, (key) -> TestServer.start(key, this.source, this.properties));
	}

	public boolean isStarted(ServerKind kind) {
		return this.servers.containsKey(kind);
	}

	@Override
	public void close() {
		this.servers.values().forEach(TestServer::close);
	}

}
