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
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

import io.github.springsse.testsupport.ProxyKind;
import io.github.springsse.testsupport.ProxyProcess;

/**
 * The installed nginx in front of two libraries, configured as the README of the library
 * says.
 */
final class Nginx implements AutoCloseable {

	private static final Pattern SNIPPET = Pattern.compile("```nginx\\n(.*?)```", Pattern.DOTALL);

	private final ProxyProcess process;

	/**
	 * Start nginx.
	 * @param directory for its files
	 * @param onePort the port of a library
	 * @param otherPort the port of the other
	 */
	Nginx(Path directory, int onePort, int otherPort) throws IOException {
		int port = freePort();
		this.process = new ProxyProcess(ProxyKind.NGINX, directory, port, servers(port, onePort, otherPort), false);
	}

	static boolean isInstalled() {
		return ProxyKind.NGINX.executable().isPresent();
	}

	int port() {
		return this.process.port();
	}

	private static String servers(int port, int onePort, int otherPort) throws IOException {
		String readme = Files.readString(Path.of("README.md"));
		String snippet = SNIPPET.matcher(readme)
			.results()
			.findFirst()
			.map((result) -> result.group(1))
			.orElseThrow(() -> new AssertionError("There is nothing of nginx in the README"));
		return replace(replace(replace(snippet, "localhost:8080", "127.0.0.1:" + onePort), "localhost:8081",
				"127.0.0.1:" + otherPort), "listen 8000", "listen 127.0.0.1:" + port);
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

	@Override
	public void close() {
		this.process.close();
	}

}
