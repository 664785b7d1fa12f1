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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.FreePort;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Streams behind nginx, which buffers responses unless it is told not to. Skipped where
 * there is no nginx.
 */
class NginxTests {

	private static Path nginx;

	@TempDir
	private Path directory;

	@BeforeAll
	static void findNginx() {
		Optional<Path> found = Stream.of("/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/bin/nginx")
			.map(Path::of)
			.filter(Files::isExecutable)
			.findFirst();
		assumeTrue(found.isPresent(), "No nginx in /usr/sbin, /usr/bin or /usr/local/bin");
		nginx = found.orElseThrow();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, 1.1", "TOMCAT_HANDOFF, 1.0", "TOMCAT_ASYNC, 1.1", "TOMCAT_ASYNC, 1.0",
			"JETTY_HANDOFF, 1.1", "JETTY_HANDOFF, 1.0", "JETTY_ASYNC, 1.1", "JETTY_ASYNC, 1.0" })
	void passesEventsOnAtOnceAndTellsThatAClientHasGone(ServerKind kind, String version) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class,
				"sse.heartbeat.interval=" + (kind.isHandoff() ? "1h" : "200ms"));
				Proxy proxy = new Proxy(server, version)) {
			RawStreamClient client = RawStreamClient.open(proxy.port, "/feed");
			assertThat(client.header("Server")).startsWith("nginx");
			Awaitility.await().until(() -> server.registry().count() == 1);
			for (int i = 0; i < 20; i++) {
				server.sse().publish("feed", "event " + i);
				client.awaitLine("data: event " + i);
			}
			client.close();
			Awaitility.await().until(() -> server.registry().count() == 0);
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, 1.1", "TOMCAT_HANDOFF, 1.0", "TOMCAT_ASYNC, 1.1", "JETTY_HANDOFF, 1.1",
			"JETTY_ASYNC, 1.1" })
	void passesOnTheEnd(ServerKind kind, String version) throws IOException {
		String large = "large ".repeat(100_000);
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.queue.max-size=10MB");
				Proxy proxy = new Proxy(server, version);
				RawStreamClient client = RawStreamClient.open(proxy.port, "/feed")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", large);
			server.sse().publish("feed", "last");
			server.registry().disconnectTopic("feed");
			assertThat(client.readLinesUpTo("data: last")).contains("data: " + large);
			client.awaitEnd();
		}
	}

	/**
	 * Over HTTP/1.0 the body ends with the connection, so that nginx takes a cut for the
	 * end.
	 */
	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, 1.1, true", "JETTY_HANDOFF, 1.1, true", "TOMCAT_HANDOFF, 1.0, false",
			"JETTY_HANDOFF, 1.0, false" })
	void passesOnACut(ServerKind kind, String version, boolean seen) throws IOException {
		try (TestServer server = TestServer.start(kind, Controller.class);
				Proxy proxy = new Proxy(server, version);
				RawStreamClient client = RawStreamClient.open(proxy.port, "/feed")) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", "last");
			client.awaitLine("data: last");
			server.registry().streams().forEach((stream) -> stream.completeWithError(new IOException("on purpose")));
			if (seen) {
				client.awaitCut();
			}
			else {
				client.awaitEnd();
			}
		}
	}

	/**
	 * The proxy, as one process that goes with the test.
	 */
	private final class Proxy implements AutoCloseable {

		private final int port = FreePort.next();

		private final Process process;

		Proxy(TestServer server, String version) throws IOException {
			Path directory = NginxTests.this.directory;
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
						server {
							listen 127.0.0.1:%2$d;
							location / {
								proxy_pass http://127.0.0.1:%3$d;
								proxy_http_version %4$s;
							}
						}
					}
					""".formatted(directory, this.port, server.port(), version));
			this.process = new ProcessBuilder(nginx.toString(), "-p", directory.toString(), "-e", "stderr", "-c",
					configuration.toString())
				.redirectErrorStream(true)
				.redirectOutput(directory.resolve("nginx.log").toFile())
				.start();
			try {
				Awaitility.await().ignoreExceptions().pollInterval(Duration.ofMillis(10)).until(() -> {
					new Socket(InetAddress.getLoopbackAddress(), this.port).close();
					return true;
				});
			}
			catch (RuntimeException ex) {
				close();
				throw new IllegalStateException(Files.readString(directory.resolve("nginx.log")), ex);
			}
		}

		@Override
		public void close() {
			this.process.destroy();
			Awaitility.await().until(this::isGone);
		}

		/**
		 * NOTE: without a master process, nginx may look for signals just before one
		 * comes, and then wait for a connection.
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

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
