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
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.CodeBlock;
import io.github.springsse.testsupport.FreePort;
import io.github.springsse.testsupport.ProxyKind;
import io.github.springsse.testsupport.ProxyProcess;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Streams behind the reverse proxies of the documentation, with the configurations that
 * it shows. A proxy that is not installed is skipped.
 */
@Tag("long")
class ProxyTests {

	private static final Path CONFIGURATIONS = Path.of("src/proxies/conf");

	/** They take longer than the read timeout of one or two seconds. */
	private static final int HEARTBEATS = 12;

	/** For tests that run at the same time. */
	private static TestServer server;

	private static TestServer serverWithoutHeartbeats;

	/** For a test that counts streams. */
	private static TestServer counting;

	private static TestServer countingWithoutHeartbeats;

	private static TestServer compressing;

	@TempDir
	private Path directory;

	@BeforeAll
	static void start() {
		server = start("250ms");
		serverWithoutHeartbeats = start("1h");
		counting = start("250ms");
		countingWithoutHeartbeats = start("1h");
		compressing = start("1h", "sse.compression.enabled=true");
	}

	private static TestServer start(String heartbeats, String... further) {
		String[] properties = Arrays.copyOf(further, further.length + 1);
		properties[further.length] = "sse.heartbeat.interval=" + heartbeats;
		return TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, properties);
	}

	@AfterAll
	static void stop() {
		List.of(server, serverWithoutHeartbeats, counting, countingWithoutHeartbeats, compressing)
			.forEach(TestServer::close);
	}

	@ParameterizedTest
	@EnumSource
	void passesEventsAndResumesAndNoticesThatAClientHasLeft(ProxyKind kind) throws IOException {
		TestServer application = kind.noticesDepartures() ? countingWithoutHeartbeats : counting;
		try (ProxyProcess proxy = start(kind, application, false)) {
			List<String> lines = new ArrayList<>();
			try (RawStreamClient client = open(proxy)) {
				assertThat(client.readLinesUpTo("event: snapshot")).isNotEmpty();
				client.awaitLine("");
				List<Duration> delays = new ArrayList<>();
				for (int i = 0; i < 20; i++) {
					long start = System.nanoTime();
					application.sse().publish("feed", "event " + i);
					lines.addAll(client.readLinesUpTo("data: event " + i));
					delays.add(Duration.ofNanos(System.nanoTime() - start));
				}
				// NOTE: one is enough, as others may be late because of the machine
				assertThat(Collections.min(delays)).isLessThan(Duration.ofMillis(100));
			}
			Awaitility.await().until(() -> application.registry().count() == 0);
			application.sse().publish("feed", "missed");
			String id = lines.get(lines.indexOf("data: event 18") - 1);
			try (RawStreamClient client = open(proxy, "Last-Event-ID:" + id.substring("id:".length()))) {
				assertThat(client.readLinesUpTo("data: missed")).contains("data: event 19")
					.doesNotContain("event: snapshot", "data: event 18");
			}
			Awaitility.await().until(() -> application.registry().count() == 0);
		}
	}

	@ParameterizedTest
	@EnumSource
	@Execution(ExecutionMode.CONCURRENT)
	void heartbeatsKeepTheStreamOpenBeyondTheReadTimeout(ProxyKind kind) throws IOException {
		assumeTrue(kind.hasTimeout(), kind + " has no read timeout by default");
		try (ProxyProcess proxy = start(kind, server, true); RawStreamClient client = open(proxy)) {
			for (int i = 0; i < HEARTBEATS; i++) {
				client.awaitLine(": heartbeat");
			}
			server.sse().publish("feed", "still here");
			client.awaitLine("data: still here");
		}
	}

	/**
	 * Shows that the read timeout of the test above is in effect.
	 */
	@ParameterizedTest
	@EnumSource
	@Execution(ExecutionMode.CONCURRENT)
	void streamWithoutHeartbeatsEndsAfterTheReadTimeout(ProxyKind kind) throws IOException {
		assumeTrue(kind.hasTimeout(), kind + " has no read timeout by default");
		try (ProxyProcess proxy = start(kind, serverWithoutHeartbeats, true); RawStreamClient client = open(proxy)) {
			client.awaitLine("event: snapshot");
			awaitEndOrCut(client);
		}
	}

	/**
	 * Each event can be decoded as soon as it has arrived, and the end is complete.
	 */
	@ParameterizedTest
	@EnumSource
	void passesStreamsThatTheApplicationCompresses(ProxyKind kind) throws IOException {
		String topic = "through/" + kind;
		try (ProxyProcess proxy = start(kind, compressing, false);
				RawStreamClient client = RawStreamClient.open(proxy.port(), "/" + topic, "Accept-Encoding: gzip")) {
			assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
			client.unzip().awaitLine("event: snapshot");
			for (int i = 0; i < 20; i++) {
				compressing.sse().publish(topic, "event " + i);
				client.awaitLine("data: event " + i);
			}
			compressing.sse().complete(topic);
			assertThat(client.awaitEnd()).isEmpty();
		}
	}

	@ParameterizedTest
	@CsvSource({ "NGINX, nginx-away.conf", "HAPROXY, haproxy-away.cfg", "CADDY, Caddyfile-away" })
	void answersWithARetryWhileTheApplicationIsDown(ProxyKind kind, String file) throws IOException {
		try (ProxyProcess proxy = start(kind, file, FreePort.next(), false)) {
			try (RawStreamClient client = RawStreamClient.open(proxy.port(), "/feed")) {
				assertThat(client.head()).startsWith("HTTP/1.1 200 ");
				assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
				client.awaitLine("retry: 3000").awaitLine("");
			}
			String page = "GET / HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n";
			try (RawStreamClient client = RawStreamClient.send(proxy.port(), 0, page).readHead()) {
				assertThat(client.head()).startsWith("HTTP/1.1 50");
			}
		}
		try (ProxyProcess proxy = start(kind, file, server.port(), false); RawStreamClient client = open(proxy)) {
			client.awaitLine("event: snapshot");
		}
	}

	@Test
	void documentationShowsTheseConfigurations() throws IOException {
		List<String> configurations = new ArrayList<>();
		try (Stream<Path> files = Files.list(CONFIGURATIONS)) {
			for (Path file : files.toList()) {
				configurations.add(Files.readString(file));
			}
		}
		assertThat(CodeBlock.ofPage("proxies.md")).extracting(CodeBlock::text)
			.containsExactlyInAnyOrderElementsOf(configurations);
	}

	private ProxyProcess start(ProxyKind kind, TestServer application, boolean shortTimeout) throws IOException {
		return start(kind, kind.file(), application.port(), shortTimeout);
	}

	private ProxyProcess start(ProxyKind kind, String file, int application, boolean shortTimeout) throws IOException {
		assumeTrue(kind.executable().isPresent(), kind + " is not installed");
		int port = FreePort.next();
		String configuration = kind.withPorts(Files.readString(CONFIGURATIONS.resolve(file)), port, application)
			.replace("/etc/haproxy", CONFIGURATIONS.toAbsolutePath().toString());
		return new ProxyProcess(kind, this.directory, port, configuration, shortTimeout);
	}

	/**
	 * Open a stream as a browser does, which accepts compressed responses.
	 */
	private static RawStreamClient open(ProxyProcess proxy, String... headers) {
		List<String> all = new ArrayList<>(List.of(headers));
		all.add("Accept-Encoding: gzip");
		RawStreamClient client = RawStreamClient.open(proxy.port(), "/feed", all.toArray(String[]::new));
		assertThat(client.head()).startsWith("HTTP/1.1 200 ");
		assertThat(client.header("Content-Encoding")).isEmpty();
		return client;
	}

	private static void awaitEndOrCut(RawStreamClient client) throws IOException {
		try {
			client.body().readAllBytes();
		}
		catch (SocketTimeoutException ex) {
			throw ex;
		}
		catch (IOException ex) {
			// cut
		}
	}

	@RestController
	static class Controller {

		/**
		 * Return a snapshot of a size that a proxy might keep in order to compress it.
		 */
		@GetMapping("/feed")
		@SseTopic("feed")
		String feed() {
			return "large ".repeat(1000);
		}

		@GetMapping("/through/{proxy}")
		@SseTopic("through/{proxy}")
		String through(@PathVariable String proxy) {
			return "large ".repeat(1000);
		}

	}

}
