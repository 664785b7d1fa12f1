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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the framing of the body, which shows whether a response has ended or was cut
 * off. By RFC 9112 a chunked body is complete with the last chunk, and incomplete without
 * it.
 */
class BodyFramingTests {

	private static final String LAST_CHUNK = "0\r\n\r\n";

	/** A topic that a test completes is no other's. */
	@RegisterExtension
	private static final TestServers servers = new TestServers(Controller.class, "sse.stream.queue.max-size=64KB");

	private static final SelfSignedCertificate certificate = SelfSignedCertificate.get();

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, false", "TOMCAT_HANDOFF, true", "JETTY_HANDOFF, false", "JETTY_HANDOFF, true" })
	void writesEveryFrameAsAChunkAndTheLastChunkAtTheEnd(ServerKind kind, boolean tls) throws IOException {
		TestServer server = servers.get(kind, tls ? certificate.properties() : new String[0]);
		try (Socket socket = tls ? certificate.connect(server.port(), 0) : connect(server)) {
			String start = server.delivery().format(server.delivery().position());
			request(socket, RawStreamClient.get("/framed"));
			String head = readUpTo(socket, "\r\n\r\n");
			assertThat(head).startsWith("HTTP/1.1 200 ");
			assertThat(head.lines().map(String::toLowerCase)).containsOnlyOnce("transfer-encoding: chunked",
					"connection: close");
			assertThat(head.toLowerCase()).doesNotContain("content-length", "keep-alive");
			Awaitility.await().until(() -> server.registry().count() == 1);
			String small = server.sse().publish("framed", "small");
			String large = server.sse().publish("framed", "x".repeat(60_000));
			server.sse().complete("framed");
			assertThat(readToEnd(socket))
				.isEqualTo(chunk("retry: 2000\n") + chunk("id: " + start + "\nevent: cursor\ndata\n\n")
						+ chunk(event(small, "small")) + chunk(event(large, "x".repeat(60_000))) + LAST_CHUNK);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void writesBytesAsTheyAreToAClientOfHttp10(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (Socket socket = connect(server)) {
			String start = server.delivery().format(server.delivery().position());
			request(socket, "GET /old HTTP/1.0\r\nHost: localhost\r\n\r\n");
			assertThat(readUpTo(socket, "\r\n\r\n").toLowerCase()).doesNotContain("transfer-encoding");
			Awaitility.await().until(() -> server.registry().count() == 1);
			String id = server.sse().publish("old", "small");
			server.sse().complete("old");
			assertThat(readToEnd(socket))
				.isEqualTo("retry: 2000\nid: " + start + "\nevent: cursor\ndata\n\n" + event(id, "small"));
		}
	}

	/**
	 * All servers at once, since the longest duration is to be waited for.
	 */
	@Test
	void endsABodyThatIsToEnd() {
		Map<RawStreamClient, TestServer> timedOut = new LinkedHashMap<>();
		try (TestServers limited = new TestServers(Controller.class, "sse.stream.max-duration=2s")) {
			for (ServerKind kind : ServerKind.values()) {
				TestServer server = limited.get(kind);
				timedOut.put(open(server, "/other"), server);
				try (RawStreamClient ended = open(server, "/feed")) {
					Awaitility.await().until(() -> server.registry().count() == 2);
					server.sse().complete("feed");
					ended.awaitEnd();
				}
			}
			timedOut.keySet().forEach(RawStreamClient::awaitEnd);
			for (TestServer server : timedOut.values()) {
				try (RawStreamClient closed = open(server, "/other");
						RawStreamClient shutDown = open(server, "/feeds")) {
					Awaitility.await().until(() -> server.registry().count() == 2);
					server.registry().disconnectTopic("other");
					closed.awaitEnd();
					server.close();
					assertThat(shutDown.awaitEnd()).startsWith("retry: ");
				}
			}
		}
		finally {
			timedOut.keySet().forEach(RawStreamClient::close);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void cutsABodyOfWhichSomethingIsMissing(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.write-timeout=500ms",
				"sse.stream.send-buffer-size=16KB", "sse.stream.queue.max-events=2",
				"sse.topics[strict].overflow=disconnect");
				RawStreamClient failing = open(server, "/failing");
				RawStreamClient stalled = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/feed"));
				RawStreamClient strict = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/strict"))) {
			assertThat(failing.awaitCut()).contains("data: the last");
			Awaitility.await().until(() -> server.registry().count() == 2);
			for (int i = 0; i < 50; i++) {
				server.sse().publish("feed", "x".repeat(100_000));
				server.sse().publish("strict", "x".repeat(100_000));
			}
			Awaitility.await().until(() -> server.registry().count() == 0);
			stalled.readHead().awaitCut();
			strict.readHead().awaitCut();
		}
	}

	@ParameterizedTest
	@EnumSource
	void sendsSnapshotOfAnySize(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = open(server, "/large")) {
			client.awaitLine("data: " + "x".repeat(3_000_000));
		}
	}

	/**
	 * The response belongs to the stream, and what others write to it would not be a
	 * chunk.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void leavesOutWhatMethodsAndFiltersWrite(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (Socket socket = connect(server)) {
			String start = server.delivery().format(server.delivery().position());
			request(socket, RawStreamClient.get("/writing"));
			readUpTo(socket, "\r\n\r\n");
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().complete("written");
			assertThat(readToEnd(socket))
				.isEqualTo(chunk("retry: 2000\n") + chunk("id: " + start + "\nevent: cursor\ndata\n\n") + LAST_CHUNK);
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void refusesWithAWholeResponseWhatAFilterEncodes(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (Socket socket = connect(server)) {
			request(socket, RawStreamClient.get("/encoding"));
			String head = readUpTo(socket, "\r\n\r\n");
			assertThat(head).startsWith("HTTP/1.1 500 ");
			assertThat(head.toLowerCase().contains("transfer-encoding: chunked"))
				.isNotEqualTo(head.toLowerCase().contains("content-length: "));
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void writesNoBytesWithoutChunksWhereAFilterEncodesLate(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		try (Socket socket = connect(server)) {
			request(socket, RawStreamClient.get("/late"));
			readUpTo(socket, "\r\n\r\n");
			int first = socket.getInputStream().read();
			assertThat(first).as("the first byte of the retry line").isNotEqualTo('r');
		}
	}

	@ParameterizedTest
	@EnumSource
	void tellsWhoGetsDataAloneThatThereIsNothingMore(ServerKind kind) {
		TestServer server = servers.get(kind);
		String id = server.sse().publish("data", "last");
		server.sse().complete("data");
		for (String header : List.of("Accept: */*", "Last-Event-ID: of another life", "Last-Event-ID: " + id)) {
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/data", header)) {
				assertThat(client.head()).as(header).startsWith("HTTP/1.1 204 ");
			}
		}
	}

	private static RawStreamClient open(TestServer server, String path) {
		return RawStreamClient.open(server.port(), path);
	}

	private static Socket connect(TestServer server) throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
		socket.setSoTimeout(20_000);
		return socket;
	}

	private static void request(Socket socket, String request) throws IOException {
		socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
		socket.getOutputStream().flush();
	}

	private static String readUpTo(Socket socket, String end) throws IOException {
		InputStream input = socket.getInputStream();
		StringBuilder text = new StringBuilder();
		while (text.indexOf(end) < 0) {
			text.append((char) input.read());
		}
		return text.toString();
	}

	private static String readToEnd(Socket socket) throws IOException {
		return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static String event(String id, String data) {
		return "id: " + id + "\ndata: " + data + "\n\n";
	}

	private static String chunk(String bytes) {
		return Integer.toHexString(bytes.length()) + "\r\n" + bytes + "\r\n";
	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping({ "/feed", "/encoding", "/late" })
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/large")
		@SseTopic("feed")
		String large() {
			return "x".repeat(3_000_000);
		}

		@GetMapping("/framed")
		@SseTopic("framed")
		void framed() {
		}

		@GetMapping("/old")
		@SseTopic("old")
		void old() {
		}

		@GetMapping("/writing")
		@SseTopic("written")
		void writing(HttpServletResponse response) throws IOException {
			response.getOutputStream().print(": padding\n");
		}

		@GetMapping("/data")
		@SseTopic(value = "data", dataOnly = true)
		void data() {
		}

		@GetMapping("/other")
		@SseTopic("other")
		void other() {
		}

		@GetMapping("/feeds")
		@SseTopic("feed/*")
		void feeds() {
		}

		@GetMapping("/strict")
		@SseTopic("strict")
		void strict() {
		}

		@Bean
		static FilterRegistrationBean<Filter> writingFilter() {
			return filterOf("/writing", (request, response, chain) -> {
				chain.doFilter(request, response);
				response.getOutputStream().print("after");
				response.flushBuffer();
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> encodingFilter() {
			return filterOf("/encoding", (request, response, chain) -> {
				((HttpServletResponse) response).setHeader("Content-Encoding", "gzip");
				chain.doFilter(request, response);
			});
		}

		@Bean
		static FilterRegistrationBean<Filter> lateFilter() {
			return filterOf("/late", (request, response, chain) -> chain.doFilter(request,
					new HttpServletResponseWrapper((HttpServletResponse) response) {

						@Override
						public void flushBuffer() throws IOException {
							setHeader("Content-Encoding", "br");
							super.flushBuffer();
						}

					}));
		}

		private static FilterRegistrationBean<Filter> filterOf(String path, Filter filter) {
			FilterRegistrationBean<Filter> result = new FilterRegistrationBean<>(filter);
			result.addUrlPatterns(path);
			return result;
		}

		@GetMapping("/failing")
		SseStream failing() {
			SseStream stream = this.registry.subscribe("feed");
			stream.send("the last");
			stream.completeWithError(new IllegalStateException("on purpose"));
			return stream;
		}

	}

}
