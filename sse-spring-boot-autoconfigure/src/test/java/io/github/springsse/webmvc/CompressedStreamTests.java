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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.zip.GZIPInputStream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Streams whose events are compressed once for all, on every server and transport.
 */
class CompressedStreamTests {

	private static final String GZIP = "Accept-Encoding: gzip";

	private static final String ENABLED = "sse.compression.enabled=true";

	/** A topic that a test completes is no other's. */
	@RegisterExtension
	private static final TestServers servers = new TestServers(Feeds.class, ENABLED);

	private static final String SNAPSHOT = "a large snapshot ".repeat(10_000);

	@ParameterizedTest
	@EnumSource
	void clientGetsEachEventAtOnceAndAnEndThatIsRight(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/at-once", GZIP);
				RawStreamClient plain = RawStreamClient.open(server.port(), "/feeds/at-once")) {
			assertThat(client.header("Content-Encoding")).isEqualTo("gzip");
			assertThat(client.header("Vary")).contains("Accept-Encoding");
			assertThat(plain.header("Content-Encoding")).isEmpty();
			assertThat(plain.header("Vary")).contains("Accept-Encoding");
			client.unzip();
			awaitStreams(server, 2);
			for (int i = 0; i < 20; i++) {
				server.sse().publish("feeds/at-once", json(i));
				client.awaitLine("data: " + json(i));
				plain.awaitLine("data: " + json(i));
			}
			server.registry().streams().forEach((stream) -> stream.send("for one"));
			client.awaitLine("data: for one");
			plain.awaitLine("data: for one");
			server.sse().publish("feeds/at-once", "after it");
			server.sse().complete("feeds/at-once");
			client.awaitLine("data: after it");
			assertThat(client.awaitEnd()).as("the end, which checks the sum of all bytes").isEmpty();
			plain.awaitLine("data: after it");
		}
	}

	@ParameterizedTest
	@EnumSource
	void snapshotIsCompressedAndResumingClientGetsWhatItMissed(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		String id;
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/with-snapshot", GZIP)) {
			client.unzip().awaitLine("data: " + SNAPSHOT);
			id = client.readLine();
		}
		assertThat(id).isEmpty();
		String first = server.sse().publish("with-snapshot", "one");
		for (int i = 0; i < 20; i++) {
			server.sse().publish("with-snapshot", json(i));
		}
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/with-snapshot", GZIP,
				"Last-Event-ID: " + first)) {
			client.unzip();
			List<String> lines = client.readLinesUpTo("data: " + json(19));
			assertThat(lines).contains("data: " + json(0)).doesNotContain("data: " + SNAPSHOT, "data: one");
		}
	}

	@Test
	void curlDecodesEachEventAtOnce() throws IOException {
		Path curl = Path.of("/usr/bin/curl");
		assumeTrue(Files.isExecutable(curl), "curl is not installed");
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		Process process = new ProcessBuilder(curl.toString(), "--silent", "--no-buffer", "--compressed",
				"http://localhost:" + server.port() + "/feeds/curl")
			.start();
		try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
			awaitStreams(server, 1);
			for (int i = 0; i < 20; i++) {
				server.sse().publish("feeds/curl", json(i));
				String expected = "data: " + json(i);
				Awaitility.await().until(output::readLine, expected::equals);
			}
			server.sse().complete("feeds/curl");
			Awaitility.await().until(() -> !process.isAlive());
			assertThat(process.exitValue()).as("curl reports a stream that is cut off").isZero();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@ParameterizedTest
	@CsvSource({ "'', false", "'Accept-Encoding: br, gzip;q=0.5', true", "Accept-Encoding: *, true",
			"'Accept-Encoding: *, gzip;q=0', false", "Accept-Encoding: GZIP, true",
			"'Accept-Encoding: gzip; q=0', false", "'Accept-Encoding: *;q=0', false",
			"'Accept-Encoding: gzip;q=none', false", "Accept-Encoding: identity, false", "Accept-Encoding: br, false" })
	void clientChooses(String header, boolean compressed) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (RawStreamClient client = header.isEmpty() ? RawStreamClient.open(server.port(), "/feeds/chosen")
				: RawStreamClient.open(server.port(), "/feeds/chosen", header)) {
			assertThat(client.header("Content-Encoding")).isEqualTo(compressed ? "gzip" : "");
			assertThat(client.header("Vary")).contains("Accept-Encoding");
			(compressed ? client.unzip() : client).awaitLine("retry: 2000");
		}
	}

	/**
	 * Otherwise each stream would have a compressor of its own, and keep its request.
	 */
	@ParameterizedTest
	@EnumSource
	void compressionOfTheServerLeavesStreamsAlone(ServerKind kind) {
		TestServer server = servers.get(kind, "server.compression.enabled=true",
				"server.compression.min-response-size=1", "server.compression.mime-types=text/event-stream,text/plain");
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/left-alone", GZIP);
				RawStreamClient other = RawStreamClient.open(server.port(), "/text", GZIP, "Accept: text/plain")) {
			assertThat(client.head().toLowerCase(Locale.ROOT)).containsOnlyOnce("content-encoding");
			if (kind.isHandoff()) {
				assertThat(client.header("Connection")).as("handed over").isEqualTo("close");
			}
			client.unzip();
			awaitStreams(server, 1);
			server.sse().publish("feeds/left-alone", json(1));
			client.awaitLine("data: " + json(1));
			assertThat(other.header("Content-Encoding")).as("an ordinary response").isEqualTo("gzip");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void slowClientGetsTheBytesThatItWouldGetOtherwise(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind, "sse.stream.queue.max-events=50", "sse.stream.send-buffer-size=4KB",
				"sse.topics.newest.overflow=drop-oldest");
		try (RawStreamClient client = RawStreamClient.send(server.port(), 2048, RawStreamClient.get("/newest", GZIP))
			.readHead()) {
			awaitStreams(server, 1);
			for (int i = 0; i < 3000; i++) {
				server.sse().publish("newest", noise(i));
			}
			server.sse().complete("newest");
			client.unzip();
			List<String> lines = client.readLinesUpTo("data: " + noise(2999));
			assertThat(lines).anyMatch((line) -> line.startsWith("event: gap"));
			assertThat(client.awaitEnd()).isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void streamsOfHttp2AreCompressed(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind, "server.http2.enabled=true");
		HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
		http.send(HttpRequest.newBuilder(server.uri("/text")).build(), HttpResponse.BodyHandlers.discarding());
		HttpResponse<InputStream> response = http.send(
				HttpRequest.newBuilder(server.uri("/feeds/of-http2")).header("Accept-Encoding", "gzip").build(),
				HttpResponse.BodyHandlers.ofInputStream());
		assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
		awaitStreams(server, 1);
		server.sse().publish("feeds/of-http2", json(7));
		server.sse().complete("feeds/of-http2");
		try (InputStream text = new GZIPInputStream(response.body())) {
			assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8)).contains("data: " + json(7));
		}
	}

	@Test
	void bytesOnTheWireAreFew() throws IOException {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		try (RawStreamClient client = RawStreamClient.open(server.port(), "/feeds/few-bytes", GZIP)) {
			awaitStreams(server, 1);
			long text = 0;
			for (int i = 0; i < 200; i++) {
				server.sse().publish("feeds/few-bytes", json(i));
				text += json(i).length();
			}
			server.sse().complete("feeds/few-bytes");
			assertThat(client.body().readAllBytes().length).isLessThan((int) (text / 2));
		}
	}

	private static void awaitStreams(TestServer server, int count) {
		Awaitility.await().until(() -> server.registry().count() == count);
	}

	private static String json(int i) {
		return "{\"id\":" + i * 7919
				+ ",\"title\":\"The Name of the Rose\",\"branch\":\"north\",\"state\":\"borrowed\"}";
	}

	private static String noise(int i) {
		StringBuilder result = new StringBuilder();
		Random random = new Random(i);
		while (result.length() < 300) {
			result.append(Long.toString(random.nextLong(), 36));
		}
		return result.toString();
	}

	@RestController
	static class Feeds {

		@GetMapping(path = "/feeds/{name}", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("feeds/{name}")
		void feed(@PathVariable String name) {
		}

		@GetMapping(path = "/newest", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("newest")
		void newest() {
		}

		@GetMapping(path = "/with-snapshot", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("with-snapshot")
		String withSnapshot() {
			return SNAPSHOT;
		}

		@GetMapping(path = "/text", produces = MediaType.TEXT_PLAIN_VALUE)
		String text() {
			return "text ".repeat(100);
		}

	}

}
