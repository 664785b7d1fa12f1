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
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the refusal of streams, after which clients reconnect later.
 */
@ExtendWith(OutputCaptureExtension.class)
class RefusalTests {

	private static final int SMALL = 16_000;

	/** More than the operating system buffers. */
	private static final int LARGE = 20_000_000;

	private static final TestServers servers = new TestServers(Controller.class, "sse.limits.streams=20",
			"sse.limits.snapshot-bytes-in-flight=64KB", "sse.shutdown.reconnect-within=3s",
			"sse.stream.send-buffer-size=16KB", "sse.heartbeat.interval=300ms");

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void eventSourceIsToldToComeBackWhereThereAreTooManyStreams(ServerKind kind) {
		TestServer server = idle(kind);
		long before = server.delivery().statistics().refused(RefusalReason.STREAMS);
		List<RawStreamClient> clients = IntStream.range(0, 20)
			.mapToObj((i) -> RawStreamClient.open(server.port(), "/empty"))
			.toList();
		Awaitility.await().until(() -> server.registry().count() == 20);
		assertRefused(server, "/empty");
		assertRefused(server, "/empty");
		assertThat(server.delivery().statistics().refused(RefusalReason.STREAMS)).isEqualTo(before + 2);
		clients.forEach(RawStreamClient::close);
		Awaitility.await().until(() -> server.registry().count() == 0);
		awaitSnapshot(server, "/small");
	}

	@Test
	void isLoggedOnceAMinute(CapturedOutput output) throws IOException {
		AtomicLong now = new AtomicLong();
		Refusal refusal = new Refusal(delays(), RefusalMode.RECONNECT, 20,
				servers.get(ServerKind.TOMCAT_HANDOFF).delivery().statistics(), now::get);
		for (int i = 0; i < 118; i++) {
			refusal.answer(new MockHttpServletRequest("GET", "/"), new MockHttpServletResponse(), RefusalReason.STREAMS,
					false, null);
			now.addAndGet(Duration.ofSeconds(1).toNanos());
		}
		assertThat(output.toString().split("20 streams are open, which is the limit", -1)).hasSize(3);
		assertThat(output).contains("set sse.limits.streams");
	}

	/**
	 * A node that shuts down does not make clients wait that find another one.
	 */
	@ParameterizedTest
	@EnumSource
	void clientsAreToldToStayAwayLongerWhereManyAreRefused(RefusalReason reason) throws IOException {
		AtomicLong now = new AtomicLong();
		Refusal refusal = new Refusal(new ReconnectDelays(Duration.ofSeconds(3), 1, now::get), RefusalMode.STATUS, 20,
				servers.get(ServerKind.TOMCAT_HANDOFF).delivery().statistics(), now::get);
		int longest = 0;
		for (int i = 0; i < 100; i++) {
			MockHttpServletResponse response = new MockHttpServletResponse();
			refusal.answer(new MockHttpServletRequest("GET", "/"), response, reason, false, null);
			String seconds = response.getHeader("Retry-After");
			longest = Math.max(longest, (seconds != null) ? Integer.parseInt(seconds) : 0);
		}
		switch (reason) {
			case SHUTDOWN, STARTING -> assertThat(longest).isBetween(1, 4);
			case TOPICS, SNAPSHOT_SIZE -> assertThat(longest).isZero();
			default -> assertThat(longest).isBetween(10, 101);
		}
	}

	private static ReconnectDelays delays() {
		return new ReconnectDelays(Duration.ofSeconds(3), 500, System::nanoTime);
	}

	@ParameterizedTest
	@EnumSource
	void otherRequestsAreAnsweredWithServiceUnavailable(ServerKind kind) {
		TestServer server = idle(kind);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0,
					"POST /refused HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 503 ");
			assertThat(Integer.parseInt(client.header("Retry-After"))).isBetween(1, 4);
		}
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, "GET /refused-any HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n\r\n")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 503 ");
		}
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, "GET /refused HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
		}
	}

	/**
	 * One that does not read holds all the memory there is for snapshots.
	 */
	@ParameterizedTest
	@EnumSource
	void snapshotsOfClientsThatDoNotReadAreBounded(ServerKind kind) {
		TestServer server = idle(kind);
		awaitSnapshot(server, "/large/known");
		Awaitility.await().until(() -> server.registry().count() == 0);
		try (RawStreamClient slow = openAndReadNothing(server)) {
			int made = Controller.made.get();
			assertRefused(server, "/large/known");
			assertThat(Controller.made).hasValue(made);
			assertRefused(server, "/supplied");
			assertRefused(server, "/subscribed");
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/empty")) {
				server.sse().publish("empty", "event");
				client.awaitLine("data: event");
			}
		}
		awaitSnapshot(server, "/large/known");
	}

	@ParameterizedTest
	@EnumSource
	void snapshotThatGrowsTooLargeIsRefused(ServerKind kind) {
		TestServer server = idle(kind);
		try (RawStreamClient slow = openAndReadNothing(server)) {
			assertRefused(server, "/values");
		}
		awaitSnapshot(server, "/values");
	}

	private static RawStreamClient openAndReadNothing(TestServer server) {
		RawStreamClient client = RawStreamClient.send(server.port(), 4096, RawStreamClient.get("/large/slow"));
		Awaitility.await().until(() -> server.delivery().queuedBytes() > 0);
		return client;
	}

	private static void awaitSnapshot(TestServer server, String path) {
		Awaitility.await().untilAsserted(() -> {
			try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
				client.awaitLine("event: snapshot");
			}
		});
	}

	@ParameterizedTest
	@EnumSource
	void lackOfMemoryInAMethodIsNoErrorForAnEventSource(ServerKind kind, CapturedOutput output) {
		TestServer server = idle(kind);
		assertRefused(server, "/out-of-memory");
		assertRefused(server, "/out-of-memory-later");
		assertRefused(server, "/refused");
		assertThat(output).contains("lacks memory, threads or file descriptors");
	}

	@ParameterizedTest
	@EnumSource
	void taskThatIsRefusedIsNoErrorForAnEventSource(ServerKind kind) {
		TestServer server = idle(kind);
		assertRefused(server, "/rejected");
		assertRefused(server, "/rejected-later");
		assertRefused(server, "/rejected-future");
	}

	/**
	 * Without these headers the client may not read the answer, and does not reconnect.
	 */
	@ParameterizedTest
	@EnumSource
	void headersOfCorsAndFiltersStay(ServerKind kind) {
		TestServer server = idle(kind);
		for (String path : List.of("/out-of-memory", "/out-of-memory-later", "/refused")) {
			try (RawStreamClient client = RawStreamClient.open(server.port(), path, "Origin: https://other.example")) {
				assertThat(client.header("Access-Control-Allow-Origin")).as(path).isEqualTo("https://other.example");
				assertThat(client.header("Cache-Control")).isEqualTo("no-store, no-cache, no-transform");
				assertThat(client.awaitEnd()).startsWith("retry: ");
			}
		}
	}

	/**
	 * By a task that is refused after the method has run.
	 */
	@ParameterizedTest
	@EnumSource
	void whatTheMethodHasWrittenIsTakenBack(ServerKind kind) {
		TestServer server = idle(kind);
		assertRefused(server, "/written?output=false");
		assertRefused(server, "/written?output=true");
	}

	@ParameterizedTest
	@CsvSource({ "text/event-stream,200", "text/*,200", "*/*,200", "'text/html, text/event-stream;q=0.1',200",
			"'text/event-stream;q=0, */*',503", "application/json,503", "'text/event-stream, garbage',200",
			"garbage,503", "'application/json\r\nAccept: text/event-stream',200" })
	void acceptHeaderDecides(String accept, int status) {
		TestServer server = idle(ServerKind.TOMCAT_HANDOFF);
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, "GET /refused-any HTTP/1.1\r\nHost: localhost\r\nAccept: " + accept + "\r\n\r\n")
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 " + status + " ");
		}
	}

	/**
	 * An empty answer would be a complete one to them.
	 */
	@ParameterizedTest
	@EnumSource
	void clientsOfDataAloneGetAStatus(ServerKind kind) {
		TestServer server = idle(kind);
		for (String path : List.of("/data-only", "/data-only-later", "/data-only-subscribed")) {
			try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
				assertThat(client.head()).as(path).startsWith("HTTP/1.1 503 ");
				assertThat(Integer.parseInt(client.header("Retry-After"))).isBetween(1, 4);
			}
		}
	}

	@ParameterizedTest
	@CsvSource({ "STREAMS,503", "OPENINGS,503", "SNAPSHOTS,503", "RESOURCES,503", "STARTING,503", "SHUTDOWN,503",
			"USER,429", "SESSION,429", "ADDRESS,429", "ADMISSION,429", "TOPICS,400", "SNAPSHOT_SIZE,500" })
	void allGetAStatusIfThatIsConfigured(RefusalReason reason, int status) throws IOException {
		MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
		request.addHeader("Accept", "text/event-stream");
		MockHttpServletResponse response = new MockHttpServletResponse();
		Refusal refusal = new Refusal(delays(), RefusalMode.STATUS, 20,
				servers.get(ServerKind.TOMCAT_HANDOFF).delivery().statistics(), System::nanoTime);
		refusal.answer(request, response, reason, false, null);
		assertThat(response.getStatus()).isEqualTo(status);
		assertThat(response.containsHeader("Retry-After")).isEqualTo(status == 429 || status == 503);
		assertThat(response.getContentAsByteArray()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "STATUS,an EventSource stops", "RECONNECT,Clients reconnect after a delay" })
	void logTellsHowClientsAreAnswered(RefusalMode mode, String consequence, CapturedOutput output) throws IOException {
		Refusal refusal = new Refusal(delays(), mode, 20,
				servers.get(ServerKind.TOMCAT_HANDOFF).delivery().statistics(), System::nanoTime);
		refusal.answer(new MockHttpServletRequest("GET", "/"), new MockHttpServletResponse(), RefusalReason.USER, false,
				null);
		assertThat(output.toString().lines()).filteredOn((line) -> line.contains("sse.limits.streams-per-user"))
			.singleElement()
			.asString()
			.contains(consequence);
	}

	@Test
	void namesOfUsersCannotForgeTheLog(CapturedOutput output) throws IOException {
		Refusal refusal = new Refusal(delays(), RefusalMode.RECONNECT, 20,
				servers.get(ServerKind.TOMCAT_HANDOFF).delivery().statistics(), System::nanoTime);
		refusal.answer(new MockHttpServletRequest("GET", "/"), new MockHttpServletResponse(), RefusalReason.USER, false,
				new StreamRefusedException(RefusalReason.USER, "emma\nforged"));
		assertThat(output).contains("sse.limits.streams-per-user", "emma").doesNotContain("\nforged");
	}

	/**
	 * Eight of them would be all that may run before the first snapshot is made.
	 */
	@ParameterizedTest
	@EnumSource
	void nothingIsHeldForAMethodThatForwardsToAnother(ServerKind kind) {
		TestServer server = idle(kind);
		for (int i = 0; i < 10; i++) {
			try (RawStreamClient client = RawStreamClient.open(server.port(), "/forwards")) {
				client.awaitLine("data: " + "x".repeat(SMALL));
			}
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
	}

	@ParameterizedTest
	@EnumSource
	void faultsOfTheProgramAreErrors(ServerKind kind) {
		try (RawStreamClient client = RawStreamClient.open(servers.get(kind).port(), "/stack-overflow")) {
			assertThat(client.head()).startsWith("HTTP/1.1 500 ");
		}
	}

	private static TestServer idle(ServerKind kind) {
		TestServer server = servers.get(kind);
		Awaitility.await().until(() -> server.registry().count() == 0);
		return server;
	}

	private static void assertRefused(TestServer server, String path) {
		try (RawStreamClient client = RawStreamClient.open(server.port(), path)) {
			assertThat(client.head()).startsWith("HTTP/1.1 200 ");
			assertThat(client.header("Content-Type")).startsWith("text/event-stream");
			String body = client.awaitEnd();
			assertThat(body).matches("retry: [0-9]+");
			assertThat(Integer.parseInt(body.replaceAll("\\D", ""))).isBetween(0, 3000);
		}
	}

	@RestController
	@CrossOrigin("https://other.example")
	static class Controller {

		static final AtomicInteger made = new AtomicInteger();

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/empty")
		@SseTopic("empty")
		void empty() {
		}

		@GetMapping("/small")
		@SseTopic("small")
		String small() {
			return "x".repeat(SMALL);
		}

		@GetMapping("/large/{client}")
		@SseTopic("large")
		String large(@PathVariable String client) {
			made.incrementAndGet();
			return "x".repeat(LARGE);
		}

		@GetMapping("/values")
		@SseTopic("values")
		List<String> values() {
			return IntStream.range(0, 20_000).mapToObj(Integer::toString).toList();
		}

		@GetMapping("/supplied")
		@SseTopic("supplied")
		Supplier<SseEvent> supplied() {
			return () -> SseEvent.of("snapshot", "x".repeat(SMALL));
		}

		@GetMapping("/subscribed")
		SseStream subscribed() {
			return this.registry.subscribe(List.of("supplied"), () -> "x".repeat(SMALL));
		}

		@GetMapping("/out-of-memory")
		@SseTopic("memory")
		String outOfMemory() {
			throw new OutOfMemoryError("for a test");
		}

		@GetMapping("/out-of-memory-later")
		@SseTopic("memory")
		Supplier<String> outOfMemoryLater() {
			return () -> {
				throw new OutOfMemoryError("for a test");
			};
		}

		@GetMapping("/refused")
		@SseTopic(value = "refused", anyAccept = true)
		Supplier<String> refused() {
			return () -> {
				throw new RejectedExecutionException("for a test");
			};
		}

		@GetMapping("/refused-any")
		@SseTopic(value = "refused", anyAccept = true)
		Supplier<String> refusedWhateverIsAccepted() {
			return refused();
		}

		@PostMapping("/refused")
		@SseTopic("refused")
		Supplier<String> refusedPost() {
			return refused();
		}

		@GetMapping("/rejected")
		@SseTopic("refused")
		String rejected() {
			throw new RejectedExecutionException("for a test");
		}

		@GetMapping("/rejected-later")
		@SseTopic("refused")
		Supplier<String> rejectedLater() {
			return () -> {
				throw new CompletionException(new RejectedExecutionException("for a test"));
			};
		}

		@GetMapping("/rejected-future")
		CompletableFuture<SseStream> rejectedFuture() {
			return CompletableFuture.failedFuture(new RejectedExecutionException("for a test"));
		}

		@GetMapping("/written")
		@SseTopic("written")
		Supplier<String> written(@RequestParam boolean output, HttpServletResponse response) throws IOException {
			response.setContentType("text/plain");
			if (output) {
				response.getOutputStream().print("garbage");
			}
			else {
				response.getWriter().print("garbage");
			}
			return refused();
		}

		@GetMapping("/data-only")
		@SseTopic(value = "refused", dataOnly = true)
		String dataOnly() {
			throw new RejectedExecutionException("for a test");
		}

		@GetMapping("/data-only-later")
		@SseTopic(value = "refused", dataOnly = true)
		Supplier<String> dataOnlyLater() {
			return refused();
		}

		@GetMapping("/data-only-subscribed")
		SseStream dataOnlySubscribed() {
			return this.registry.subscribe(List.of("refused"), refused()).dataOnly();
		}

		@GetMapping("/forwards")
		@SseTopic("forwards")
		String forwards(HttpServletRequest request, HttpServletResponse response) throws Exception {
			request.getRequestDispatcher("/small").forward(request, response);
			return "not sent";
		}

		@GetMapping("/stack-overflow")
		@SseTopic("memory")
		String stackOverflow() {
			throw new StackOverflowError("for a test");
		}

		@ExceptionHandler(OutOfMemoryError.class)
		void error(OutOfMemoryError error) {
			throw new IllegalStateException("Not for streams", error);
		}

	}

}
