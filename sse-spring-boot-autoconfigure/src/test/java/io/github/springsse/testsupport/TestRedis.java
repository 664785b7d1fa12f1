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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.core.ConditionFactory;
import redis.embedded.core.ExecutableProvider;

import org.springframework.util.FileSystemUtils;

/**
 * A Redis server as a process of its own, to be killed, paused and started again.
 */
public final class TestRedis implements AutoCloseable {

	private static final Path EXECUTABLE = executable();

	private final int port;

	private final Path directory;

	private final List<String> options;

	private Process process;

	private TestRedis(int port, Path directory, List<String> options) throws IOException {
		this.port = port;
		this.directory = directory;
		this.options = options;
		this.process = launch();
	}

	/**
	 * Start a server that keeps nothing on disk.
	 * @param options further options, each before its values
	 * @return the server
	 */
	public static TestRedis start(String... options) {
		List<String> all = new ArrayList<>(List.of("--save", "", "--appendonly", "no"));
		all.addAll(List.of(options));
		return start(all);
	}

	/**
	 * Start a server that is a cluster by itself.
	 * @return the server
	 */
	public static TestRedis cluster() {
		TestRedis redis = start("--cluster-enabled", "yes");
		redis.command(
				Stream.concat(Stream.of("CLUSTER", "ADDSLOTS"), IntStream.range(0, 16384).mapToObj(String::valueOf))
					.toArray(String[]::new));
		EventStreamClient.await().until(() -> redis.command("CLUSTER", "INFO").contains("cluster_state:ok"));
		return redis;
	}

	/**
	 * Start a server that has a port for TLS besides, where clients need a certificate,
	 * too.
	 * @param port the port
	 * @param certificate the one that it has, and trusts
	 * @return the server
	 */
	public static TestRedis withTls(int port, SelfSignedCertificate certificate) {
		String pem = certificate.pem().toString();
		return start("--tls-port", Integer.toString(port), "--tls-cert-file", pem, "--tls-key-file", pem,
				"--tls-ca-cert-file", pem);
	}

	/**
	 * Start a server that has everything on disk before it answers.
	 * @return the server
	 */
	public static TestRedis persistent() {
		return start(List.of("--save", "", "--appendonly", "yes", "--appendfsync", "always"));
	}

	/**
	 * Start a sentinel that has a replica take over by itself if the primary has not
	 * answered for half a second.
	 * @param name what it calls the primary
	 * @param primary the primary, which has its replicas already
	 * @return the sentinel
	 */
	public static TestRedis sentinel(String name, TestRedis primary) {
		try {
			Path file = Files.writeString(Files.createTempDirectory("test-sentinel").resolve("sentinel.conf"), """
					sentinel monitor %1$s 127.0.0.1 %2$d 1
					sentinel down-after-milliseconds %1$s 500
					sentinel failover-timeout %1$s 3000
					""".formatted(name, primary.port));
			return start(file.getParent(), List.of(file.toString(), "--sentinel"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static TestRedis start(List<String> options) {
		try {
			return start(Files.createTempDirectory("test-redis"), options);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static TestRedis start(Path directory, List<String> options) throws IOException {
		TestRedis redis = new TestRedis(FreePort.next(), directory, options);
		redis.awaitReady();
		return redis;
	}

	private static Path executable() {
		try {
			Path directory = Files.createTempDirectory("redis-server");
			Runtime.getRuntime()
				.addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
			return ExecutableProvider.newJarResourceProvider(directory.toFile()).get().toPath();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Begin to wait for a condition, for as long as nodes need to detect an outage of
	 * Redis, or its end.
	 * @return what takes the condition
	 */
	public static ConditionFactory await() {
		return EventStreamClient.await().atMost(Duration.ofSeconds(30));
	}

	private Process launch() throws IOException {
		List<String> command = new ArrayList<>(List.of(EXECUTABLE.toString()));
		command.addAll(this.options);
		command.addAll(List.of("--port", Integer.toString(this.port), "--bind", "127.0.0.1", "--dir",
				this.directory.toString()));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.directory.resolve("redis.log").toFile())
			.start();
	}

	private void awaitReady() {
		EventStreamClient.await().ignoreExceptions().until(() -> command("PING").startsWith("+PONG"));
	}

	public int port() {
		return this.port;
	}

	/**
	 * The properties that have an application use this server.
	 * @return the properties
	 */
	public String[] properties() {
		return new String[] { "sse.event-log=redis", "spring.data.redis.port=" + this.port,
				"spring.data.redis.host=127.0.0.1" };
	}

	/**
	 * Send a command, and return what is answered, as it comes.
	 * @param words the command and its arguments
	 * @return the answer, or its beginning
	 */
	public String command(String... words) {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress("127.0.0.1", this.port), 1000);
			socket.setSoTimeout(5000);
			StringBuilder request = new StringBuilder("*" + words.length + "\r\n");
			for (String word : words) {
				request.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
			}
			socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
			InputStream input = socket.getInputStream();
			byte[] bytes = new byte[65536];
			int count = input.read(bytes);
			return new String(bytes, 0, Math.max(0, count), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Count the connections to this server, but for the one that asks.
	 * @return the number
	 */
	public int connections() {
		return (int) command("CLIENT", "LIST").lines().filter((line) -> line.startsWith("id=")).count() - 1;
	}

	/**
	 * Kill the process, as a crash would.
	 */
	public void kill() {
		this.process.destroyForcibly();
		try {
			this.process.waitFor(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Start the process again, with what it has on disk.
	 */
	public void restart() {
		kill();
		try {
			this.process = launch();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		awaitReady();
	}

	public void pause() {
		signal(this.process, "STOP");
	}

	public void resume() {
		signal(this.process, "CONT");
	}

	/**
	 * Send a signal to a process.
	 * @param process the process
	 * @param signal the name of the signal
	 */
	public static void signal(Process process, String signal) {
		try {
			new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void close() {
		resume();
		kill();
		FileSystemUtils.deleteRecursively(this.directory.toFile());
	}

}
