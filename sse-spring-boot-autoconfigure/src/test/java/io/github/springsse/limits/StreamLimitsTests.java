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

package io.github.springsse.limits;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the limits of clients, on web servers.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class StreamLimitsTests {

	private static final TestServers servers = new TestServers(Application.class, "sse.limits.streams=6",
			"sse.limits.streams-per-user=2", "sse.limits.streams-per-session=2", "sse.limits.streams-per-address=2",
			"sse.limits.topics-per-stream=3", "sse.limits.topic-length=40", "sse.limits.event-size=1KB",
			"sse.limits.snapshot-size=64KB", "server.forward-headers-strategy=framework",
			"spring.mvc.async.request-timeout=300ms", "sse.heartbeat.interval=300ms");

	private static final TestServers replacing = new TestServers(Application.class, "sse.limits.streams-per-user=2",
			"sse.limits.streams-per-session=1", "sse.limits.when-full=oldest");

	private final AtomicInteger clients = new AtomicInteger();

	@AfterAll
	static void close() {
		servers.close();
		replacing.close();
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /topic", "TOMCAT_HANDOFF, /subscribed", "JETTY_HANDOFF, /topic",
			"JETTY_HANDOFF, /subscribed" })
	void userHasSoManyStreams(ServerKind kind, String path) {
		TestServer server = idle(kind);
		try (RawStreamClient first = open(server, path, "User: emma");
				RawStreamClient second = open(server, path, "User: emma");
				RawStreamClient other = open(server, path, "User: noah")) {
			assertRefused(server, RefusalReason.USER, path, "User: emma");
			assertStatus(server, 429, post(path, "User: emma"));
			assertThat(open(server, path, "User: noah")).satisfies(RawStreamClient::close);
			first.close();
			awaitAdmitted(server, path, "User: emma");
		}
		awaitNothingHeld(server);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void sessionHasSoManyStreamsWhateverItsId(ServerKind kind) {
		TestServer server = idle(kind);
		String session = cookie(server, "/login");
		try (RawStreamClient first = open(server, "/topic", session);
				RawStreamClient second = open(server, "/topic", session)) {
			assertRefused(server, RefusalReason.SESSION, "/topic", session);
			String after = cookie(server, "/change-id", session);
			assertThat(after).isNotEqualTo(session);
			assertRefused(server, RefusalReason.SESSION, "/topic", after);
			assertThat(open(server, "/topic", cookie(server, "/login"))).satisfies(RawStreamClient::close);
		}
		awaitNothingHeld(server);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void noSessionIsMade(ServerKind kind) {
		TestServer server = idle(kind);
		try (RawStreamClient client = open(server, "/topic")) {
			assertThat(client.head()).doesNotContainIgnoringCase("Set-Cookie");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void addressHasSoManyStreams(ServerKind kind) {
		TestServer server = idle(kind);
		try (RawStreamClient first = open(server, "/topic", "X-Forwarded-For: 2001:db8::1");
				RawStreamClient second = open(server, "/topic", "X-Forwarded-For: [2001:db8::2]:4711")) {
			assertRefused(server, RefusalReason.ADDRESS, "/topic", "X-Forwarded-For: 2001:db8::3");
			assertThat(open(server, "/topic", "X-Forwarded-For: 2001:db8:0:1::1")).satisfies(RawStreamClient::close);
		}
		awaitNothingHeld(server);
	}

	/**
	 * A check that counts only open streams would admit all of them.
	 */
	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void simultaneousRequestsGetNoMoreStreamsThanThereMayBe(ServerKind kind) throws Exception {
		TestServer server = idle(kind);
		long before = server.delivery().statistics().refused(RefusalReason.STREAMS);
		Controller.running.set(0);
		Controller.latch = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(12);
		List<Future<RawStreamClient>> requests = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			requests.add(threads.submit(() -> open(server, "/slow")));
		}
		Awaitility.await().until(() -> server.delivery().statistics().refused(RefusalReason.STREAMS) == before + 6);
		assertThat(Controller.running).hasValue(6);
		Controller.latch.countDown();
		for (Future<RawStreamClient> request : requests) {
			request.get();
		}
		Awaitility.await().until(() -> server.registry().count() == 6);
		for (Future<RawStreamClient> request : requests) {
			request.get().close();
		}
		threads.shutdown();
		awaitNothingHeld(server);
	}

	/**
	 * Ten times each: more than the places of the user and of all. The one whose request
	 * has to time out is repeated until there are more than the places of the user.
	 */
	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /fails, 409", "TOMCAT_HANDOFF, /failed, 409", "TOMCAT_HANDOFF, /never, 503",
			"TOMCAT_HANDOFF, /answers, 202", "TOMCAT_HANDOFF, /too-large, 500", "TOMCAT_HANDOFF, /too-large-later, 500",
			"JETTY_HANDOFF, /fails, 409", "JETTY_HANDOFF, /failed, 409", "JETTY_HANDOFF, /never, 503",
			"JETTY_HANDOFF, /answers, 202", "JETTY_HANDOFF, /too-large, 500" })
	void whatOpensNoStreamHoldsNothing(ServerKind kind, String path, int status) {
		TestServer server = idle(kind);
		int times = path.equals("/never") ? 3 : 10;
		for (int i = 0; i < times; i++) {
			assertStatus(server, status, RawStreamClient.get(path, "User: emma", address()));
			awaitNothingHeld(server);
		}
		assertThat(open(server, "/topic", "User: emma")).satisfies(RawStreamClient::close);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void headTakesNothing(ServerKind kind) {
		TestServer server = idle(kind);
		try (RawStreamClient first = open(server, "/topic", "User: emma");
				RawStreamClient second = open(server, "/topic", "User: emma")) {
			assertStatus(server, 200, "HEAD /topic HTTP/1.1\r\nHost: localhost\r\nUser: emma\r\n\r\n");
			assertThat(server.bean(StreamLimits.class).places().count(user("emma"))).isEqualTo(2);
		}
		awaitNothingHeld(server);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void tooManyOrTooLongTopicsAreAFaultOfTheClient(ServerKind kind, CapturedOutput output) {
		TestServer server = idle(kind);
		long before = server.delivery().statistics().refused(RefusalReason.TOPICS);
		assertThat(open(server, "/topics?topic=a&topic=b&topic=c/**")).satisfies(RawStreamClient::close);
		assertStatus(server, 400, RawStreamClient.get("/topics?topic=a&topic=b&topic=c&topic=d/**", address()));
		assertThat(open(server, "/topics?topic=" + "x".repeat(40))).satisfies(RawStreamClient::close);
		assertStatus(server, 400, RawStreamClient.get("/topics?topic=" + "x".repeat(41), address()));
		assertThat(server.delivery().statistics().refused(RefusalReason.TOPICS)).isEqualTo(before + 2);
		assertThat(output).contains("4 topics, but sse.limits.topics-per-stream is 3");
		awaitNothingHeld(server);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void eventThatIsTooLargeIsNotSent(ServerKind kind) {
		TestServer server = idle(kind);
		Controller.failure = null;
		try (RawStreamClient client = open(server, "/sends")) {
			client.awaitLine("data: small");
		}
		assertThat(Controller.failure).isInstanceOf(InvalidSseDataException.class)
			.hasMessageContaining("increase sse.limits.event-size");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void snapshotThatIsTooLargeIsAnErrorThatIsExplained(ServerKind kind, CapturedOutput output) {
		TestServer server = idle(kind);
		long before = server.delivery().statistics().refused(RefusalReason.SNAPSHOT_SIZE);
		assertStatus(server, 500, RawStreamClient.get("/too-large", address()));
		assertThat(server.delivery().statistics().refused(RefusalReason.SNAPSHOT_SIZE)).isEqualTo(before + 1);
		if (before == 0) {
			assertThat(output).contains("sse.limits.snapshot-size, and would be refused again. Return less",
					"Controller.tooLarge");
		}
		assertThat(output).doesNotContain("SnapshotTooLargeException");
	}

	@Test
	void streamsAreOpenedAtALimitedRate() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class,
				"sse.limits.openings-per-second=1")) {
			Awaitility.await().until(() -> {
				try (RawStreamClient client = RawStreamClient.open(server.port(), "/topic")) {
					return server.delivery().statistics().refused(RefusalReason.OPENINGS) > 0;
				}
			});
			awaitAdmitted(server, "/topic");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF, /topic", "TOMCAT_HANDOFF, /subscribed", "JETTY_HANDOFF, /topic" })
	void oldestStreamIsReplaced(ServerKind kind, String path) throws IOException {
		TestServer server = replacing.get(kind);
		long before = server.delivery().statistics().closed(CloseReason.REPLACED);
		try (RawStreamClient first = open(server, path, "User: emma");
				RawStreamClient second = open(server, path, "User: emma");
				RawStreamClient third = open(server, path, "User: emma")) {
			assertThat(rest(first))
				.matches("(?s)retry: 2000\\n.*retry: (1\\d\\d\\d|2000)\\nevent: replaced\\ndata: user\\n\\n");
			awaitReplaced(server, before + 1);
			try (RawStreamClient fourth = open(server, path, "User: emma")) {
				assertThat(rest(second)).matches("(?s).*retry: [234]\\d\\d\\d\\nevent: replaced\\ndata: user\\n\\n");
				awaitReplaced(server, before + 2);
				server.sse().publish("a", "x");
				third.awaitLine("data: x");
				fourth.awaitLine("data: x");
			}
		}
		awaitNothingHeld(server);
	}

	/**
	 * A client may read the end of its stream before the end is counted.
	 */
	private static void awaitReplaced(TestServer server, long count) {
		EventStreamClient.await().until(() -> server.delivery().statistics().closed(CloseReason.REPLACED) == count);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void oldestStreamOfASessionIsReplaced(ServerKind kind) throws IOException {
		TestServer server = replacing.get(kind);
		String session = cookie(server, "/login");
		try (RawStreamClient first = open(server, "/topic", session);
				RawStreamClient second = open(server, "/topic", session)) {
			assertThat(rest(first)).endsWith("event: replaced\ndata: session\n\n");
		}
		awaitNothingHeld(server);
	}

	private static TestServer idle(ServerKind kind) {
		TestServer server = servers.get(kind);
		awaitNothingHeld(server);
		return server;
	}

	private static void awaitNothingHeld(TestServer server) {
		Awaitility.await()
			.until(() -> server.registry().count() == 0 && server.bean(StreamLimits.class).places().size() == 0);
	}

	/**
	 * Each from its own address, unless the test sets one.
	 */
	private RawStreamClient open(TestServer server, String path, String... headers) {
		return RawStreamClient.open(server.port(), path, withAddress(headers));
	}

	private String[] withAddress(String... headers) {
		List<String> result = new ArrayList<>(List.of(headers));
		if (result.stream().noneMatch((header) -> header.startsWith("X-Forwarded-For"))) {
			result.add(address());
		}
		return result.toArray(String[]::new);
	}

	private String address() {
		return "X-Forwarded-For: 203.0.113." + this.clients.incrementAndGet();
	}

	private String post(String path, String header) {
		return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n" + header + "\r\n" + address()
				+ "\r\n\r\n";
	}

	private void assertRefused(TestServer server, RefusalReason reason, String path, String... headers) {
		long before = server.delivery().statistics().refused(reason);
		try (RawStreamClient client = open(server, path, headers)) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(client.awaitEnd()).matches("retry: [0-9]+");
		}
		assertThat(server.delivery().statistics().refused(reason)).isEqualTo(before + 1);
	}

	/**
	 * NOTE: a refusal is counted before its response is sent, but a stream is opened
	 * after that.
	 */
	private void awaitAdmitted(TestServer server, String path, String... headers) {
		Awaitility.await().until(() -> {
			long before = refused(server);
			try (RawStreamClient client = open(server, path, headers)) {
				return refused(server) == before;
			}
		});
	}

	private static long refused(TestServer server) {
		return Arrays.stream(RefusalReason.values()).mapToLong(server.delivery().statistics()::refused).sum();
	}

	private static void assertStatus(TestServer server, int status, String request) {
		try (RawStreamClient client = RawStreamClient.send(server.port(), 0, request).readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
		}
	}

	private static String cookie(TestServer server, String path, String... headers) {
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, RawStreamClient.get(path, headers).replace("text/event-stream", "*/*"))
			.readHead()) {
			return "Cookie: " + Objects.requireNonNull(client.header("Set-Cookie")).split(";")[0];
		}
	}

	private static String rest(RawStreamClient client) throws IOException {
		return new String(client.body().readAllBytes(), StandardCharsets.UTF_8);
	}

	private static KeyedPlaces.Key user(String name) {
		return new KeyedPlaces.Key(RefusalReason.USER, name);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		Controller controller(SseEmitterRegistry registry) {
			return new Controller(registry);
		}

		@Bean
		UserFilter userFilter() {
			return new UserFilter();
		}

	}

	static class UserFilter extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String user = request.getHeader("User");
			chain.doFilter(new HttpServletRequestWrapper(request) {

				@Override
				public Principal getUserPrincipal() {
					return (user != null) ? () -> user : null;
				}

			}, response);
		}

	}

	@RestController
	static class Controller {

		static final AtomicInteger running = new AtomicInteger();

		static volatile CountDownLatch latch = new CountDownLatch(0);

		static volatile Throwable failure;

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/topic")
		@SseTopic("a")
		void topic() {
		}

		@PostMapping("/topic")
		@SseTopic("a")
		void topicOfPost() {
		}

		@GetMapping("/login")
		String login(HttpServletRequest request) {
			return "a session: " + request.getSession().isNew();
		}

		@GetMapping("/change-id")
		String changeId(HttpServletRequest request) {
			request.changeSessionId();
			return "changed";
		}

		@GetMapping("/subscribed")
		SseStream subscribed() {
			return this.registry.subscribe("a");
		}

		@PostMapping("/subscribed")
		SseStream subscribedOfPost() {
			return this.registry.subscribe("a");
		}

		@GetMapping("/topics")
		SseStream topics(@RequestParam List<String> topic) {
			return this.registry.subscribe(topic, null);
		}

		@GetMapping("/slow")
		@SseTopic("a")
		void slow() throws InterruptedException {
			running.incrementAndGet();
			latch.await();
		}

		@GetMapping("/fails")
		@SseTopic("a")
		void fails() {
			throw new ResponseStatusException(HttpStatus.CONFLICT);
		}

		@GetMapping("/failed")
		CompletableFuture<SseStream> failed() {
			return CompletableFuture.failedFuture(new ResponseStatusException(HttpStatus.CONFLICT));
		}

		@GetMapping("/never")
		CompletableFuture<SseStream> never() {
			return new CompletableFuture<>();
		}

		@GetMapping("/answers")
		@SseTopic("a")
		void answers(HttpServletResponse response) {
			response.setStatus(202);
		}

		@GetMapping("/too-large")
		@SseTopic("a")
		List<String> tooLarge() {
			return Collections.nCopies(10_000, "0123456789");
		}

		@GetMapping("/too-large-later")
		CompletableFuture<SseStream> tooLargeLater() {
			return CompletableFuture.supplyAsync(
					() -> this.registry.subscribe(List.of("a"), () -> "x".repeat(64 * 1024)),
					new SimpleAsyncTaskExecutor());
		}

		@GetMapping("/sends")
		@SseTopic("a")
		void sends(SseStream stream) {
			try {
				stream.send(IntStream.range(0, 1000).boxed().toList());
			}
			catch (RuntimeException ex) {
				failure = ex;
			}
			stream.send("small");
		}

	}

}
