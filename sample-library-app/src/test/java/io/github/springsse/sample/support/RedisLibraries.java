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

package io.github.springsse.sample.support;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.stream.Stream;

import io.github.springsse.sample.LibraryApplication;
import redis.embedded.RedisServer;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Two libraries on ports of their own that are one: both have the profile {@code redis},
 * the same Redis, and the same database.
 */
public final class RedisLibraries implements AutoCloseable {

	private final RedisServer redis;

	private final String[] arguments;

	private ConfigurableApplicationContext one;

	private ConfigurableApplicationContext two;

	/**
	 * Start Redis and the libraries.
	 * @param directory where the database is
	 * @param arguments further arguments of the libraries
	 */
	public RedisLibraries(Path directory, String... arguments) throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0)) {
			port = socket.getLocalPort();
		}
		this.redis = RedisServer.newRedisServer().port(port).setting("save \"\"").build();
		this.redis.start();
		this.arguments = Stream
			.concat(Stream.of(arguments), Stream.of("--server.port=0",
					"--spring.data.redis.url=redis://localhost:" + port, "--spring.datasource.url=jdbc:h2:file:"
							+ directory.resolve("library") + ";MODE=PostgreSQL;AUTO_SERVER=TRUE"))
			.toArray(String[]::new);
		this.one = start();
		this.two = start();
	}

	private ConfigurableApplicationContext start() {
		return new SpringApplicationBuilder(LibraryApplication.class).profiles("redis").run(this.arguments);
	}

	/**
	 * Start each library again that has been closed.
	 */
	public void restart() {
		this.one = this.one.isActive() ? this.one : start();
		this.two = this.two.isActive() ? this.two : start();
	}

	public ConfigurableApplicationContext one() {
		return this.one;
	}

	public ConfigurableApplicationContext two() {
		return this.two;
	}

	public static int port(ConfigurableApplicationContext library) {
		return library.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	@Override
	public void close() throws IOException {
		this.one.close();
		this.two.close();
		this.redis.stop();
	}

}
