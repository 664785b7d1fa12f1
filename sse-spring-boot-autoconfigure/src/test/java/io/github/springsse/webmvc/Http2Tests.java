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
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.DeliveryStatistics;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawHttp2Client;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams of HTTP/2, whose connections Tomcat cannot hand over.
 */
@ExtendWith(OutputCaptureExtension.class)
class Http2Tests {

	private static final SelfSignedCertificate certificate = SelfSignedCertificate.get();

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, http", "TOMCAT_HANDOFF, https", "TOMCAT_ASYNC, http", "TOMCAT_BLOCKING, http",
			"JETTY_HANDOFF, http", "JETTY_HANDOFF, https" })
	void streamsShareAConnectionAndLeaveOneByOne(ServerKind kind, String scheme, CapturedOutput output)
			throws IOException, InterruptedException {
		try (TestServer server = start(kind, scheme, "sse.heartbeat.interval=1h", "sse.stream.queue.max-size=10MB")) {
			HttpClient http = connect(server, scheme);
			List<Stream> streams = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				streams.add(new Stream(http, server, scheme));
			}
			Awaitility.await().until(() -> server.registry().count() == 20);
			String large = "large ".repeat(30_000);
			server.sse().publish("feed", large);
			server.sse().publish("feed", "small");
			for (Stream stream : streams) {
				stream.awaitLine("data: " + large);
				stream.awaitLine("data: small");
			}
			for (Stream stream : streams.subList(0, 10)) {
				stream.close();
			}
			Awaitility.await().until(() -> server.registry().count() == 10);
			server.sse().publish("feed", "for those who stay");
			for (Stream stream : streams.subList(10, 20)) {
				stream.awaitLine("data: for those who stay");
			}
			server.registry().disconnectTopic("feed");
			for (Stream stream : streams.subList(10, 20)) {
				stream.awaitEnd();
			}
			assertThat(server.registry().count()).isZero();
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void clientThatNeverReadsHoldsUpNobody() throws IOException, InterruptedException {
		try (TestServer server = start(ServerKind.TOMCAT_HANDOFF, "http", "sse.heartbeat.interval=0",
				"sse.stream.queue.max-size=100MB", "sse.stream.write-timeout=1s", "sse.shutdown.timeout=1s");
				RawHttp2Client neverReads = new RawHttp2Client(server.port(), "/both", 4096)) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			HttpClient http = connect(server, "http");
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/feed");
					Stream stream = new Stream(http, server, "http")) {
				Awaitility.await().until(() -> server.registry().count() == 3);
				long longest = 0;
				int i = 0;
				while (server.registry().count() == 3) {
					String event = i++ + " ".repeat(50_000);
					assertThat(i).as("events until the write timeout").isLessThan(5000);
					long start = System.nanoTime();
					server.sse().publish("large", event);
					server.sse().publish("feed", String.valueOf(i));
					client.awaitLine("data: " + i);
					stream.awaitLine("data: " + i);
					longest = Math.max(longest, System.nanoTime() - start);
				}
				// a write that blocks does so for 5 seconds
				assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofSeconds(4));
			}
		}
	}

	/**
	 * There are more stalled streams than threads for writes that may block, of fewer
	 * connections than it takes to have all threads blocked.
	 */
	@Test
	void connectionsOfManyStreamsThatNeverReadHoldUpNobody() throws IOException, InterruptedException {
		int streams = 100;
		// NOTE: Tomcat ends the requests of a connection that it has given up one after
		// the other, and waits for the write timeout each time
		try (TestServer server = start(ServerKind.TOMCAT_HANDOFF, "http", "sse.heartbeat.interval=0",
				"sse.stream.queue.max-size=100MB", "test.write-timeout=2s",
				"spring.lifecycle.timeout-per-shutdown-phase=1s");
				RawHttp2Client first = new RawHttp2Client(server.port(), "/both", 4096, streams);
				RawHttp2Client second = new RawHttp2Client(server.port(), "/both", 4096, streams);
				RawHttp2Client third = new RawHttp2Client(server.port(), "/both", 4096, streams)) {
			Awaitility.await().until(() -> server.registry().count() == 3 * streams);
			HttpClient http = connect(server, "http");
			try (Stream stream = new Stream(http, server, "http")) {
				Awaitility.await().until(() -> server.registry().count() == 3 * streams + 1);
				long longest = 0;
				int i = 0;
				while (server.registry().count() == 3 * streams + 1) {
					assertThat(++i).as("events until Tomcat gives up").isLessThan(100_000);
					long start = System.nanoTime();
					if (i <= 20) {
						server.sse().publish("large", " ".repeat(50_000));
					}
					server.sse().publish("feed", String.valueOf(i));
					stream.awaitLine("data: " + i);
					longest = Math.max(longest, System.nanoTime() - start);
				}
				// a write that blocks does so for 2 seconds
				assertThat(Duration.ofNanos(longest)).isLessThan(Duration.ofMillis(1700));
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, http", "TOMCAT_HANDOFF, https", "TOMCAT_ASYNC, http", "TOMCAT_BLOCKING, http",
			"JETTY_HANDOFF, http", "JETTY_HANDOFF, https" })
	void shutdownDoesNotWaitForStreams(ServerKind kind, String scheme) throws IOException, InterruptedException {
		TestServer server = start(kind, scheme, "sse.heartbeat.interval=1h");
		try (server) {
			HttpClient http = connect(server, scheme);
			List<Stream> streams = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				streams.add(new Stream(http, server, scheme));
			}
			Awaitility.await().until(() -> server.registry().count() == 20);
			server.sse().publish("feed", "the last event");
			for (Stream stream : streams) {
				stream.awaitLine("data: the last event");
			}
			DeliveryStatistics statistics = server.delivery().statistics();
			long start = System.nanoTime();
			server.close();
			// NOTE: the JDK's client fails all streams when it is told that the
			// connection
			// ends, so that it is the server which is asked
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
			assertThat(statistics.closed(CloseReason.SHUTDOWN)).isEqualTo(20);
		}
	}

	/**
	 * Tomcat then takes another two seconds, its timeout for writing, to tell the client
	 * that the connection ends; and does not wait for the request.
	 */
	@Test
	void shutdownWaitsNoLongerThanAllowedForAClientThatNeverReads() {
		TestServer server = start(ServerKind.TOMCAT_HANDOFF, "http", "sse.heartbeat.interval=0",
				"sse.stream.queue.max-size=100MB", "test.write-timeout=2s");
		try (server; RawHttp2Client neverReads = new RawHttp2Client(server.port(), "/both", 4096)) {
			Awaitility.await().until(() -> server.registry().count() == 1);
			for (int i = 0; i < 200; i++) {
				server.sse().publish("large", " ".repeat(100_000));
			}
			Awaitility.await().until(() -> server.delivery().queuedBytes() > 1_000_000);
			long start = System.nanoTime();
			assertThat(server.delivery().closeStreams(Duration.ofSeconds(1))).isFalse();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofSeconds(1),
					Duration.ofSeconds(4));
			server.close();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
			assertThat(neverReads).isNotNull();
		}
	}

	private static TestServer start(ServerKind kind, String scheme, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("server.http2.enabled=true");
		String[] array = all.toArray(String[]::new);
		return TestServer.start(kind, Controller.class, scheme.equals("https") ? certificate.properties(array) : array);
	}

	/**
	 * A client with a connection. The JDK's client never opens the window of the request
	 * that upgrades a connection, so that takes something smaller than a stream.
	 */
	private static HttpClient connect(TestServer server, String scheme) throws IOException, InterruptedException {
		HttpClient result = HttpClient.newBuilder()
			.version(Version.HTTP_2)
			.sslContext(certificate.clientContext())
			.build();
		URI small = URI.create(scheme + "://localhost:" + server.port() + "/small");
		result.send(HttpRequest.newBuilder(small).build(), BodyHandlers.discarding());
		return result;
	}

	/**
	 * A stream of an HTTP client.
	 */
	private static final class Stream implements AutoCloseable {

		private final HttpResponse<InputStream> response;

		private final BufferedReader reader;

		Stream(HttpClient http, TestServer server, String scheme) throws IOException, InterruptedException {
			URI uri = URI.create(scheme + "://localhost:" + server.port() + "/feed");
			this.response = http.send(HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
					BodyHandlers.ofInputStream());
			assertThat(this.response.version()).isEqualTo(Version.HTTP_2);
			assertThat(this.response.statusCode()).isEqualTo(200);
			assertThat(this.response.headers().firstValue("Connection")).isEmpty();
			this.reader = new BufferedReader(new InputStreamReader(this.response.body(), StandardCharsets.UTF_8));
		}

		void awaitLine(String wanted) throws IOException {
			String line;
			do {
				line = this.reader.readLine();
				assertThat(line).as("line of the body").isNotNull();
			}
			while (!line.equals(wanted));
		}

		void awaitEnd() throws IOException {
			while (this.reader.readLine() != null) {
				// up to the end
			}
		}

		/**
		 * Resets the stream; the connection stays.
		 */
		@Override
		public void close() throws IOException {
			this.response.body().close();
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

		@GetMapping("/both")
		@SseTopic({ "feed", "large" })
		void both() {
		}

		/**
		 * Tomcat's own is five seconds.
		 */
		@Bean
		@ConditionalOnProperty("test.write-timeout")
		static WebServerFactoryCustomizer<TomcatServletWebServerFactory> writeTimeout(
				@Value("${test.write-timeout}") Duration timeout) {
			return (factory) -> factory.addConnectorCustomizers((connector) -> {
				for (UpgradeProtocol protocol : connector.findUpgradeProtocols()) {
					((Http2Protocol) protocol).setWriteTimeout(timeout.toMillis());
				}
			});
		}

	}

}
