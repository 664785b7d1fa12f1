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

package io.github.springsse.security;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams over HTTP/2 end with their session, and other requests on the
 * connection do not.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class Http2SessionEndTests {

	private static final SelfSignedCertificate certificate = SelfSignedCertificate.get();

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, http", "TOMCAT_HANDOFF, https", "TOMCAT_ASYNC, http", "TOMCAT_BLOCKING, http",
			"JETTY_HANDOFF, http", "JETTY_HANDOFF, https" })
	void logoutEndsTheStreamsOfItsSessionWithinASecond(ServerKind kind, String scheme, CapturedOutput output)
			throws Exception {
		try (TestServer server = start(kind, scheme)) {
			Client client = new Client(server, scheme);
			CompletableFuture<String> open = client.open("/public");
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			client.logIn("ada");
			List<CompletableFuture<String>> feeds = Stream.generate(() -> client.open("/feed")).limit(5).toList();
			EventStreamClient.await().until(() -> server.registry().count() == 6);
			server.sse().publish("feed", "before");
			long start = System.nanoTime();
			client.post("/logout", "");
			for (CompletableFuture<String> feed : feeds) {
				assertThat(feed.get()).containsSubsequence("data: before\n", "event: expired\ndata: logout\n");
			}
			// NOTE: less than sse.security.check-interval, with time for a busy machine
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
			assertThat(client.get("/feed").statusCode()).isEqualTo(401);
			assertThat(server.registry().count()).isOne();
			assertThat(open).isNotDone();
			server.registry().disconnectTopic("public");
			assertThat(open.get()).doesNotContain("expired");
		}
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, http", "JETTY_HANDOFF, http" })
	void streamThatIsResetGivesItsPlaceBack(ServerKind kind, String scheme, CapturedOutput output) throws Exception {
		try (TestServer server = start(kind, scheme, "sse.limits.streams-per-user=2",
				"sse.shutdown.reconnect-within=0")) {
			Client client = new Client(server, scheme);
			client.logIn("ada");
			// NOTE: Tomcat ends a connection on which many streams are reset
			for (int i = 0; i < 2; i++) {
				InputStream first = client.body("/feed");
				InputStream second = client.body("/feed");
				EventStreamClient.await().until(() -> server.registry().count() == 2);
				assertThat(client.get("/feed").body()).startsWith("retry: ").doesNotContain("id: ");
				first.close();
				second.close();
				EventStreamClient.await().until(() -> server.registry().count() == 0);
			}
		}
		assertThat(LogOutput.complaints(output)).allMatch((line) -> line.contains("A stream was refused"));
	}

	private static TestServer start(ServerKind kind, String scheme, String... properties) {
		List<String> all = Stream
			.concat(Stream.of("test.security=true", "server.http2.enabled=true", "sse.heartbeat.interval=200ms"),
					Stream.of(properties))
			.toList();
		String[] array = all.toArray(String[]::new);
		return TestServer.start(kind, SecuredApplication.class,
				scheme.equals("https") ? certificate.properties(array) : array);
	}

	/**
	 * A browser as far as sessions go, with one connection.
	 */
	private static final class Client {

		private final HttpClient http;

		private final String root;

		Client(TestServer server, String scheme) throws IOException, InterruptedException {
			this.http = HttpClient.newBuilder()
				.version(Version.HTTP_2)
				.cookieHandler(new CookieManager())
				.sslContext(certificate.clientContext())
				.build();
			this.root = scheme + "://localhost:" + server.port();
			// NOTE: the JDK's client upgrades a connection by a request without a body,
			// to
			// which it opens no window
			assertThat(get("/public/session").statusCode()).isEqualTo(200);
		}

		void logIn(String user) throws IOException, InterruptedException {
			HttpResponse<String> response = post("/login", "username=" + user + "&password=secret");
			assertThat(response.version()).isEqualTo(Version.HTTP_2);
			assertThat(response.headers().firstValue("Location").orElseThrow()).doesNotContain("error");
		}

		HttpResponse<String> get(String path) throws IOException, InterruptedException {
			return this.http.send(request(path).build(), BodyHandlers.ofString());
		}

		HttpResponse<String> post(String path, String form) throws IOException, InterruptedException {
			return this.http.send(request(path).header("Content-Type", "application/x-www-form-urlencoded")
				.POST(HttpRequest.BodyPublishers.ofString(form))
				.build(), BodyHandlers.ofString());
		}

		InputStream body(String path) throws IOException, InterruptedException {
			HttpResponse<InputStream> response = this.http.send(request(path).build(), BodyHandlers.ofInputStream());
			assertThat(response.statusCode()).isEqualTo(200);
			assertThat(response.version()).isEqualTo(Version.HTTP_2);
			return response.body();
		}

		/**
		 * Open a stream.
		 * @return its body, when it has ended
		 */
		CompletableFuture<String> open(String path) {
			return CompletableFuture.supplyAsync(() -> {
				try (BufferedReader reader = new BufferedReader(
						new InputStreamReader(body(path), StandardCharsets.UTF_8))) {
					return reader.lines().map((line) -> line + "\n").collect(Collectors.joining());
				}
				catch (IOException | InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}, (task) -> new Thread(task).start());
		}

		private HttpRequest.Builder request(String path) {
			return HttpRequest.newBuilder(URI.create(this.root + path))
				.header("Accept", "text/event-stream, */*;q=0.1")
				.timeout(Duration.ofSeconds(20));
		}

	}

}
