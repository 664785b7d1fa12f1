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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.springsse.SseTopic;
import io.github.springsse.SseTopic.Sharing;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.RawStreamClient.Leaving;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.webmvc.SseAdmission.Decision;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for shared snapshots: one run of the method for all requests that wait at the
 * same time, nothing missed, and nobody who waits for ever.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class SharedSnapshotTests {

	@RegisterExtension
	private static final TestServers servers = new TestServers(Application.class, "server.error.include-message=always",
			"sse.compression.enabled=true");

	/** The runs of the method that have begun, by name. */
	private static final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

	/** Closed gates, by name. */
	private static final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

	private final List<RawStreamClient> clients = new ArrayList<>();

	@BeforeEach
	void clear() {
		runs.clear();
	}

	@AfterEach
	void close() {
		gates.values().forEach(CountDownLatch::countDown);
		gates.clear();
		this.clients.forEach(RawStreamClient::close);
	}

	@ParameterizedTest
	@EnumSource
	void requestsThatWaitShareOneRunAndMissNothing(ServerKind kind) {
		TestServer server = servers.get(kind);
		RawStreamClient leader = lead(server, "a");
		server.sse().publish("feed/a", "one");
		List<RawStreamClient> followers = follow(server, "/feed/a", 20);
		server.sse().publish("feed/a", "two");
		server.sse().publish("feed/b", "of another topic");
		assertThat(runs("a")).isEqualTo(1);
		open("a");
		Awaitility.await().until(() -> server.registry().count("feed/a") == 21);
		server.sse().publish("feed/a", "three");
		List<String> received = leader.readHead().readLinesUpTo("data: three");
		assertThat(received).filteredOn((line) -> line.startsWith("data: "))
			.containsExactly("data: snapshot of a, run 1", "data: one", "data: two", "data: three");
		assertThat(received.get(0)).startsWith("retry: ");
		assertThat(received).filteredOn((line) -> line.startsWith("id: ")).hasSize(4).doesNotHaveDuplicates();
		for (RawStreamClient follower : followers) {
			assertThat(follower.readLinesUpTo("data: three")).isEqualTo(received);
		}
		assertThat(runs("a")).isEqualTo(1);
		RawStreamClient later = open(server, "/feed/a");
		assertThat(later.readLinesUpTo("data: snapshot of a, run 2")).isNotEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void firstLineArrivesWhileTheMethodRuns(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		lead(server, "a");
		for (RawStreamClient follower : follow(server, "/feed/a", 2)) {
			assertThat(follower.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
			assertThat(follower.readLine()).startsWith("retry: ");
		}
	}

	@Test
	void otherValuesHaveRunsOfTheirOwn() {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		lead(server, "a");
		open(server, "/feed/b").awaitLine("data: snapshot of b, run 1");
		follow(server, "/feed/a", 1);
		assertThat(runs("a")).isEqualTo(1);
		close("page 1");
		send(server, "/pages?page=1");
		awaitRuns("page 1", 1);
		open(server, "/pages?page=2").awaitLine("data: page 2");
		open(server, "/pages?page=2&other=1").awaitLine("data: page 2");
		RawStreamClient same = open(server, "/pages?other=3&page=1");
		open("page 1");
		same.awaitLine("data: page 1");
		assertThat(runs("page 1")).isEqualTo(1);
	}

	@ParameterizedTest
	@EnumSource
	void failureOfTheMethodEndsTheOthersOnce(ServerKind kind, CapturedOutput output) {
		TestServer server = servers.get(kind);
		RawStreamClient leader = lead(server, "fails");
		List<RawStreamClient> followers = follow(server, "/feed/fails", 5);
		open("fails");
		assertThat(leader.readHead().head()).startsWith("HTTP/1.1 402");
		for (RawStreamClient follower : followers) {
			assertThat(follower.awaitEnd()).startsWith("retry: ");
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		assertThat(output.toString()
			.lines()
			.filter((line) -> line.contains("Streams that waited for the shared snapshot of "))).hasSize(1)
			.allMatch((line) -> line.contains("was not created: 5."));
		close("fails");
		lead(server, "fails");
		assertThat(runs("fails")).as("the next request runs anew").isEqualTo(2);
	}

	@ParameterizedTest
	@EnumSource
	void clientThatRanTheMethodMayLeave(ServerKind kind) {
		TestServer server = servers.get(kind);
		RawStreamClient leader = lead(server, "a");
		List<RawStreamClient> followers = follow(server, "/feed/a", 2);
		leader.leave(Leaving.RESET);
		open("a");
		followers.forEach((follower) -> follower.awaitLine("data: snapshot of a, run 1"));
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatLeavesWhileItWaitsIsNoticed(ServerKind kind) {
		TestServer server = servers.get(kind);
		lead(server, "a");
		List<RawStreamClient> followers = follow(server, "/feed/a", 3);
		followers.get(1).leave(Leaving.CLOSE);
		Awaitility.await().until(() -> server.registry().count("feed/a") == 2);
		open("a");
		followers.get(0).awaitLine("data: snapshot of a, run 1");
		followers.get(2).awaitLine("data: snapshot of a, run 1");
	}

	@ParameterizedTest
	@EnumSource
	void waitingStreamsEndAtShutdown(ServerKind kind) {
		try (TestServer server = TestServer.start(kind, Application.class)) {
			lead(server, "a");
			List<RawStreamClient> followers = follow(server, "/feed/a", 3);
			assertThat(server.delivery().closeStreams(Duration.ofSeconds(10))).isTrue();
			for (RawStreamClient follower : followers) {
				assertThat(follower.awaitEnd()).startsWith("retry: ");
			}
			Awaitility.await().until(() -> server.delivery().statistics().closed(CloseReason.SHUTDOWN) == 3);
			open("a");
		}
	}

	@Test
	void waitingStreamsCountTowardsLimits() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "sse.limits.streams=3",
				"sse.limits.concurrent-openings=1")) {
			RawStreamClient leader = lead(server, "a");
			List<RawStreamClient> followers = follow(server, "/feed/a", 2);
			assertThat(open(server, "/feed/a").awaitEnd()).as("refused").startsWith("retry: ");
			open("a");
			leader.readHead().awaitLine("data: snapshot of a, run 1");
			followers.forEach((follower) -> follower.awaitLine("data: snapshot of a, run 1"));
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void accessIsCheckedForEachRequest(ServerKind kind) {
		TestServer server = servers.get(kind);
		lead(server, "a");
		List<RawStreamClient> followers = follow(server, "/feed/a", 1);
		RawStreamClient denied = open(server, "/feed/a?deny");
		assertThat(denied.head()).startsWith("HTTP/1.1 403");
		open("a");
		followers.get(0).awaitLine("data: snapshot of a, run 1");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatResumesNeedsNoRun(ServerKind kind) throws IOException {
		TestServer server = servers.get(kind);
		String id = server.sse().publish("feed/a", "one");
		server.sse().publish("feed/a", "two");
		lead(server, "a");
		RawStreamClient client = open(server, "/feed/a", "Last-Event-ID: " + id);
		assertThat(client.readLinesUpTo("data: two")).filteredOn((line) -> line.startsWith("data")).hasSize(1);
		assertThat(runs("a")).isEqualTo(1);
		server.sse().complete("feed/ended");
		String last = server.sse().publish("feed/ended", "last");
		server.sse().complete("feed/ended");
		assertThat(open(server, "/feed/ended", "Last-Event-ID: " + last).head()).startsWith("HTTP/1.1 204");
		assertThat(runs("ended")).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void headNeitherWaitsNorRuns(ServerKind kind) {
		TestServer server = servers.get(kind);
		String request = RawStreamClient.get("/feed/a").replace("GET ", "HEAD ");
		RawStreamClient client = client(RawStreamClient.send(server.port(), 0, request)).readHead();
		assertThat(client.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
		assertThat(runs("a")).isZero();
		assertThat(server.registry().count()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void snapshotIsReusedWithWhatWasPublishedSince(ServerKind kind) {
		TestServer server = servers.get(kind);
		String name = "kept-" + kind;
		open(server, "/kept/" + name).awaitLine("data: run 1");
		server.sse().publish("kept/" + name, "one");
		server.sse().publish("kept/" + name, "two");
		RawStreamClient second = open(server, "/kept/" + name);
		server.sse().publish("kept/" + name, "three");
		assertThat(second.readLinesUpTo("data: three")).filteredOn((line) -> line.startsWith("data"))
			.containsExactly("data: run 1", "data: one", "data: two", "data: three");
	}

	@Test
	void snapshotIsNotReusedIfTheHistoryHasLostEvents() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class,
				"sse.replay.events-per-topic=2")) {
			open(server, "/kept/x").awaitLine("data: run 1");
			for (int i = 1; i <= 3; i++) {
				server.sse().publish("kept/x", "event " + i);
			}
			RawStreamClient second = open(server, "/kept/x");
			server.sse().publish("kept/x", "last");
			assertThat(second.readLinesUpTo("data: last")).filteredOn((line) -> line.startsWith("data"))
				.containsExactly("data: run 2", "data: last");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void methodMayReturnNothing(ServerKind kind) {
		TestServer server = servers.get(kind);
		close("nothing");
		RawStreamClient leader = send(server, "/supplied/nothing");
		awaitRuns("nothing", 1);
		RawStreamClient follower = follow(server, "/supplied/nothing", 1).get(0);
		RawStreamClient lost = open(server, "/supplied/nothing", "Last-Event-ID: unknown");
		Awaitility.await().until(() -> server.registry().count("supplied/nothing") == 2);
		open("nothing");
		leader.readHead().awaitLine("event: cursor");
		follower.awaitLine("event: cursor");
		lost.awaitLine("event: gap");
		server.sse().publish("supplied/nothing", "event");
		follower.awaitLine("data: event");
		lost.awaitLine("data: event");
		assertThat(runs("nothing")).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void supplierRunsOnce(ServerKind kind) {
		TestServer server = servers.get(kind);
		close("some");
		RawStreamClient leader = send(server, "/supplied/some");
		awaitRuns("some", 1);
		RawStreamClient follower = follow(server, "/supplied/some", 1).get(0);
		open("some");
		leader.readHead().awaitLine("data: supplied 1");
		follower.awaitLine("data: supplied 1");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void dataOnlyStreamsShareToo(ServerKind kind) {
		TestServer server = servers.get(kind);
		close("data");
		RawStreamClient leader = send(server, "/data");
		awaitRuns("data", 1);
		RawStreamClient follower = follow(server, "/data", 1).get(0);
		open("data");
		Awaitility.await().until(() -> server.registry().count("data") == 2);
		server.sse().publish("data", "event");
		List<String> received = leader.readHead().readLinesUpTo("data: event");
		assertThat(received).noneMatch((line) -> line.startsWith("retry"));
		assertThat(follower.readLinesUpTo("data: event")).isEqualTo(received);
	}

	@ParameterizedTest
	@EnumSource
	void compressedStreamsShareToo(ServerKind kind) {
		TestServer server = servers.get(kind);
		close("large");
		RawStreamClient leader = send(server, "/large", "Accept-Encoding: gzip");
		awaitRuns("large", 1);
		RawStreamClient compressed = follow(server, "/large", 1, "Accept-Encoding: gzip").get(0);
		RawStreamClient plain = open(server, "/large");
		Awaitility.await().until(() -> server.registry().count("large") == 2);
		open("large");
		Awaitility.await().until(() -> server.registry().count("large") == 3);
		server.sse().publish("large", "event");
		List<String> received = leader.readHead().unzip().readLinesUpTo("data: event");
		assertThat(received).contains("data: " + Controller.LARGE);
		assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(compressed.unzip().readLinesUpTo("data: event")).isEqualTo(received);
		assertThat(plain.header("Content-Encoding")).isEmpty();
		assertThat(plain.readLinesUpTo("data: event")).isEqualTo(received);
	}

	private RawStreamClient lead(TestServer server, String name) {
		int before = runs(name);
		close(name);
		RawStreamClient result = send(server, "/feed/" + name);
		awaitRuns(name, before + 1);
		return result;
	}

	/**
	 * Open streams, and await that they wait.
	 */
	private List<RawStreamClient> follow(TestServer server, String path, int count, String... headers) {
		String topic = path.substring(1);
		int before = server.registry().count(topic);
		List<RawStreamClient> result = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			result.add(open(server, path, headers));
		}
		Awaitility.await().until(() -> server.registry().count(topic) == before + count);
		return result;
	}

	private RawStreamClient open(TestServer server, String path, String... headers) {
		return send(server, path, headers).readHead();
	}

	private RawStreamClient send(TestServer server, String path, String... headers) {
		return client(RawStreamClient.send(server.port(), 0, RawStreamClient.get(path, headers)));
	}

	private RawStreamClient client(RawStreamClient client) {
		this.clients.add(client);
		return client;
	}

	private static void close(String name) {
		gates.put(name, new CountDownLatch(1));
	}

	private static void open(String name) {
		CountDownLatch gate = gates.remove(name);
		assertThat(gate).isNotNull();
		gate.countDown();
	}

	private static int runs(String name) {
		AtomicInteger result = runs.get(name);
		return (result != null) ? result.get() : 0;
	}

	private static void awaitRuns(String name, int count) {
		Awaitility.await().until(() -> runs(name) == count);
	}

	/**
	 * Count a run, and wait until its gate is open.
	 */
	private static int run(String name) {
		CountDownLatch gate = gates.get(name);
		int result = runs.computeIfAbsent(name, (key) -> new AtomicInteger()).incrementAndGet();
		try {
			if (gate != null) {
				gate.await();
			}
			return result;
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		SseAdmission admission() {
			return (topics, user, request) -> "deny".equals(request.getQueryString()) ? Decision.deny("not today")
					: Decision.admit();
		}

		@Bean
		Controller controller() {
			return new Controller();
		}

	}

	@RestController
	static class Controller {

		static final String LARGE = "0123456789 ".repeat(20_000);

		@GetMapping("/feed/{name}")
		@SseTopic(value = "feed/{name}", snapshot = Sharing.SHARED)
		String feed(@PathVariable String name) {
			int run = run(name);
			if (name.equals("fails")) {
				throw new ResponseStatusException(HttpStatus.PAYMENT_REQUIRED);
			}
			return "snapshot of " + name + ", run " + run;
		}

		@GetMapping("/pages")
		@SseTopic(value = "pages", snapshot = Sharing.SHARED)
		String pages(@RequestParam int page) {
			run("page " + page);
			return "page " + page;
		}

		@GetMapping("/kept/{name}")
		@SseTopic(value = "kept/{name}", snapshot = Sharing.SHARED, snapshotMaxAge = "${test.age:1h}")
		String kept(@PathVariable String name) {
			return "run " + run(name);
		}

		@GetMapping("/supplied/{name}")
		@SseTopic(value = "supplied/{name}", snapshot = Sharing.SHARED)
		Supplier<@Nullable String> supplied(@PathVariable String name) {
			return () -> {
				int run = run(name);
				return name.equals("nothing") ? null : "supplied " + run;
			};
		}

		@GetMapping("/data")
		@SseTopic(value = "data", snapshot = Sharing.SHARED, dataOnly = true)
		Map<String, String> data() {
			run("data");
			return new HashMap<>(Map.of("key", "value"));
		}

		@GetMapping("/large")
		@SseTopic(value = "large", snapshot = Sharing.SHARED)
		String large() {
			run("large");
			return LARGE;
		}

	}

}
