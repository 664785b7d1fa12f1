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

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;

/**
 * A reverse proxy that runs for a test.
 */
public final class ProxyProcess implements AutoCloseable {

	private final int port;

	private final Process process;

	/**
	 * Start a proxy and wait until it listens.
	 * @param kind the proxy
	 * @param directory an empty folder for its files
	 * @param port its port
	 * @param configuration its configuration, with this port
	 * @param shortTimeout whether its read timeout is one or two seconds instead of the
	 * default
	 * @throws IOException if it cannot be started
	 */
	public ProxyProcess(ProxyKind kind, Path directory, int port, String configuration, boolean shortTimeout)
			throws IOException {
		this.port = port;
		// NOTE: those that are started as root go on as another user
		File folder = directory.toFile();
		folder.setReadable(true, false);
		folder.setWritable(true, false);
		folder.setExecutable(true, false);
		Path file = Files.writeString(directory.resolve("proxy.conf"),
				fill(kind.text(configuration, shortTimeout), directory));
		List<String> command = new ArrayList<>();
		command.add(kind.executable().orElseThrow().toString());
		kind.arguments(shortTimeout)
			.forEach((argument) -> command.add(fill(argument, directory).replace("{file}", file.toString())));
		ProcessBuilder builder = new ProcessBuilder(command).directory(folder).redirectErrorStream(true);
		builder.environment().put("HOME", directory.toString());
		Path log = directory.resolve("proxy.log");
		this.process = builder.redirectOutput(log.toFile()).start();
		try {
			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.pollInterval(Duration.ofMillis(10))
				.until(() -> isListening() || !this.process.isAlive());
			if (!this.process.isAlive()) {
				throw new IllegalStateException(kind + " ended with status " + this.process.exitValue());
			}
		}
		catch (RuntimeException ex) {
			close();
			throw new IllegalStateException(command + "\n" + Files.readString(file) + "\n" + Files.readString(log), ex);
		}
	}

	private String fill(String text, Path directory) {
		return text.replace("{directory}", directory.toString()).replace("{port}", String.valueOf(this.port));
	}

	public int port() {
		return this.port;
	}

	private boolean isListening() {
		try {
			new Socket(InetAddress.getLoopbackAddress(), this.port).close();
			return true;
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * NOTE: without a master process, nginx may look for signals just before one comes,
	 * and then wait for a connection.
	 */
	@Override
	public void close() {
		this.process.destroy();
		try {
			for (int i = 0; !this.process.waitFor(100, TimeUnit.MILLISECONDS); i++) {
				isListening();
				if (i == 100) {
					this.process.destroyForcibly();
				}
			}
		}
		catch (InterruptedException ex) {
			this.process.destroyForcibly();
			Thread.currentThread().interrupt();
		}
	}

}
