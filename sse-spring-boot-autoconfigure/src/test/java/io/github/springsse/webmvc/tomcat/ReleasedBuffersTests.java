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

package io.github.springsse.webmvc.tomcat;

import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.apache.tomcat.util.net.NioChannel;
import org.awaitility.Awaitility;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.tomcat.TomcatWebServer;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams release the buffers of their connections, and that Tomcat has them
 * where it uses the channels again.
 */
class ReleasedBuffersTests {

	private static final SelfSignedCertificate certificate = SelfSignedCertificate.get();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void idleStreamsHaveNoBuffers(boolean tls) throws Exception {
		try (TestServer server = start(tls)) {
			List<RawStreamClient> clients = open(server, tls, 5);
			awaitReleased(server, 5);
			String large = "large ".repeat(50_000);
			for (String event : List.of("one", large, "two")) {
				server.sse().publish("feed", event);
				for (RawStreamClient client : clients) {
					client.awaitLine("data: " + event);
				}
				awaitReleased(server, 5);
			}
			clients.remove(0).leave(Leaving.CLOSE);
			clients.remove(0).leave(Leaving.RESET);
			awaitReleased(server, 3);
			server.registry().disconnectTopic("feed");
			for (RawStreamClient client : clients) {
				client.awaitEnd();
				client.close();
			}
			// NOTE: by channels that streams had before
			HttpClient http = HttpClient.newBuilder()
				.sslContext(certificate.clientContext())
				.version(HttpClient.Version.HTTP_1_1)
				.build();
			String body = "body ".repeat(20_000);
			for (int i = 0; i < 20; i++) {
				String scheme = tls ? "https" : "http";
				HttpRequest request = HttpRequest
					.newBuilder(URI.create(scheme + "://localhost:" + server.port() + "/echo"))
					.POST(HttpRequest.BodyPublishers.ofString(body + i))
					.build();
				assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo(body + i);
			}
			open(server, tls, 5).forEach(RawStreamClient::close);
		}
	}

	/**
	 * What the client has sent beside its request is in a buffer, and is nobody's.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void inputBehindTheRequestHoldsNoBuffer(boolean tls) throws Exception {
		try (TestServer server = start(tls);
				RawStreamClient client = send(server, tls, RawStreamClient.get("/feed") + "more input")) {
			client.readHead().awaitLine("retry: 2000");
			Awaitility.await().until(() -> server.registry().count() == 1);
			server.sse().publish("feed", "event");
			client.awaitLine("data: event");
			if (!tls) {
				awaitReleased(server, 1);
			}
		}
	}

	private static void awaitReleased(TestServer server, int streams) {
		Awaitility.await().until(() -> server.registry().count() == streams);
		Awaitility.await()
			.until(() -> channels(server).count() == streams
					&& channels(server).allMatch((channel) -> isReleased(channel)));
	}

	private static Stream<NioChannel> channels(TestServer server) {
		TomcatStreamProtocol protocol = (TomcatStreamProtocol) ((TomcatWebServer) server.webServer()).getTomcat()
			.getConnector()
			.getProtocolHandler();
		return protocol.endpoint().getConnections().stream().map((wrapper) -> wrapper.getSocket());
	}

	private static boolean isReleased(NioChannel channel) {
		return (channel instanceof SecureStreamChannel secure) ? secure.isReleased()
				: channel.getBufHandler() instanceof StreamBufferHandler buffers && buffers.isReleased();
	}

	private static List<RawStreamClient> open(TestServer server, boolean tls, int count) throws Exception {
		List<RawStreamClient> result = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			result.add(send(server, tls, RawStreamClient.get("/feed")).readHead().awaitLine("retry: 2000"));
		}
		return result;
	}

	private static RawStreamClient send(TestServer server, boolean tls, String request) throws Exception {
		Socket socket = tls ? certificate.connect(server.port(), 0) : new Socket("localhost", server.port());
		return RawStreamClient.send(socket, request);
	}

	private static TestServer start(boolean tls) {
		String[] properties = { "sse.heartbeat.interval=1h" };
		return TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				tls ? certificate.properties(properties) : properties);
	}

	@RestController
	static class Controller {

		@GetMapping(path = "/feed", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
		@SseTopic("feed")
		void feed() {
		}

		@PostMapping("/echo")
		String echo(@RequestBody String body) {
			return body;
		}

	}

}
