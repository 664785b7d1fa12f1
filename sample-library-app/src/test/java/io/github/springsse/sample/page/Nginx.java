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

package io.github.springsse.sample.page;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.awaitility.Awaitility;

/**
 * The installed nginx in front of two libraries, configured as the README of the library
 * says.
 */
final class Nginx implements AutoCloseable {

	private static final Pattern SNIPPET = Pattern.compile("```nginx\\n(.*?)```", Pattern.DOTALL);

	private final int port;

	private final Process process;

	/**
	 * Start nginx.
	 * @param directory for its files
	 * @param onePort the port of a library
	 * @param otherPort the port of the other
	 */
	Nginx(Path directory, int onePort, int otherPort) throws IOException {
		this.port = freePort();
		Path configuration = directory.resolve("nginx.conf");
		Files.writeString(configuration, """
				daemon off;
				master_process off;
				pid %1$s/nginx.pid;
				error_log stderr;
				events { }
				http {
					access_log off;
					client_body_temp_path %1$s/body;
					proxy_temp_path %1$s/proxy;
					fastcgi_temp_path %1$s/fastcgi;
					uwsgi_temp_path %1$s/uwsgi;
					scgi_temp_path %1$s/scgi;
					%2$s
				}
				""".formatted(directory, servers(onePort, otherPort)));
		Path log = directory.resolve("nginx.log");
		this.process = new ProcessBuilder(executable().orElseThrow().toString(), "-p", directory.toString(), "-e",
				"stderr", "-c", configuration.toString())
			.redirectErrorStream(true)
			.redirectOutput(log.toFile())
			.start();
		try {
			Awaitility.await().ignoreExceptions().pollInterval(Duration.ofMillis(10)).until(() -> {
				new Socket(InetAddress.getLoopbackAddress(), this.port).close();
				return true;
			});
		}
		catch (RuntimeException ex) {
			close();
			throw new IllegalStateException(Files.readString(log), ex);
		}
	}

	static boolean isInstalled() {
		return executable().isPresent();
	}

	int port() {
		return this.port;
	}

	private String servers(int onePort, int otherPort) throws IOException {
		String readme = Files.readString(Path.of("README.md"));
		String snippet = SNIPPET.matcher(readme)
			.results()
			.findFirst()
			.map((result) -> result.group(1))
			.orElseThrow(() -> new AssertionError("There is nothing of nginx in the README"));
		return replace(replace(replace(snippet, "localhost:8080", "127.0.0.1:" + onePort), "localhost:8081",
				"127.0.0.1:" + otherPort), "listen 8000", "listen 127.0.0.1:" + this.port);
	}

	private static String replace(String text, String target, String replacement) {
		if (!text.contains(target)) {
			throw new AssertionError("'%s' is not in%n%s".formatted(target, text));
		}
		return text.replace(target, replacement);
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static Optional<Path> executable() {
		return Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx")
			.map(Path::of)
			.filter(Files::isExecutable)
			.findFirst();
	}

	@Override
	public void close() {
		this.process.destroy();
		Awaitility.await().until(this::isGone);
	}

	/**
	 * NOTE: without a master process, nginx may look for signals just before one comes,
	 * and then wait for a connection.
	 */
	private boolean isGone() {
		try {
			new Socket(InetAddress.getLoopbackAddress(), this.port).close();
		}
		catch (IOException ex) {
			// it listens no longer
		}
		return !this.process.isAlive();
	}

}
