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
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.FreePort;
import io.github.springsse.testsupport.ProxyKind;
import io.github.springsse.testsupport.ProxyProcess;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
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

	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class, "sse.stream.queue.max-size=10MB");

	@TempDir
	private Path directory;

	@BeforeAll
	static void findNginx() {
		assumeTrue(ProxyKind.NGINX.executable().isPresent(), "nginx is not installed");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, 1.1", "TOMCAT_HANDOFF, 1.0", "TOMCAT_ASYNC, 1.1", "TOMCAT_ASYNC, 1.0",
			"JETTY_HANDOFF, 1.1", "JETTY_HANDOFF, 1.0", "JETTY_ASYNC, 1.1", "JETTY_ASYNC, 1.0" })
	void passesEventsOnAtOnceAndTellsThatAClientHasGone(ServerKind kind, String version) throws IOException {
		TestServer server = server(kind);
		try (ProxyProcess proxy = start(server, version)) {
			RawStreamClient client = RawStreamClient.open(proxy.port(), "/feed");
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
		TestServer server = server(kind);
		try (ProxyProcess proxy = start(server, version);
				RawStreamClient client = RawStreamClient.open(proxy.port(), "/feed")) {
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
		TestServer server = server(kind);
		try (ProxyProcess proxy = start(server, version);
				RawStreamClient client = RawStreamClient.open(proxy.port(), "/feed")) {
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
	 * With heartbeats where a client that has left is only noticed by them.
	 */
	private static TestServer server(ServerKind kind) {
		return servers.get(kind, "sse.heartbeat.interval=" + (kind.isHandoff() ? "1h" : "200ms"));
	}

	/**
	 * Start nginx with the configuration of the documentation, or with HTTP/1.0.
	 */
	private ProxyProcess start(TestServer server, String version) throws IOException {
		int port = FreePort.next();
		String configuration = Files.readString(Path.of("src/proxies/conf", ProxyKind.NGINX.file()));
		assertThat(configuration).contains("proxy_http_version 1.1;");
		return new ProxyProcess(ProxyKind.NGINX, this.directory, port, ProxyKind.NGINX
			.withPorts(configuration.replace("version 1.1", "version " + version), port, server.port()), false);
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
