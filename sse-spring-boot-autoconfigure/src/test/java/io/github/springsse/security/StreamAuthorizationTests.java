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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicPattern;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.HttpBasic;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import io.github.springsse.webmvc.SseServerResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationManager;
import org.springframework.security.authorization.event.AuthorizationDeniedEvent;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the authorization of topics, with every way to open a stream.
 */
@ExtendWith(OutputCaptureExtension.class)
class StreamAuthorizationTests {

	private static final TestServers servers = new TestServers(Application.class, "test.security=true",
			"sse.endpoint.path=/sse", "sse.heartbeat.interval=100ms", "sse.limits.topic-length=200",
			"server.error.include-message=always", "logging.level.io.github.springsse.security=debug");

	private static final String ADA = basic("ada");

	private static final String KIM = basic("kim");

	private static final BlockingQueue<AuthorizationDeniedEvent<SseSubscription>> denied = new LinkedBlockingQueue<>();

	private static final AtomicInteger methodCalls = new AtomicInteger();

	private static final AtomicInteger ruleCalls = new AtomicInteger();

	private static final AtomicReference<String> locked = new AtomicReference<>("");

	@BeforeEach
	void reset() {
		denied.clear();
		methodCalls.set(0);
		locked.set("");
	}

	@AfterAll
	static void close() {
		servers.close();
	}

	static Stream<Way> ways() {
		return Stream.of(ServerKind.TOMCAT_HANDOFF, ServerKind.JETTY_HANDOFF)
			.flatMap((kind) -> Stream
				.of("/users/%s/notifications", "/subscribed?topic=users/%s/notifications",
						"/later?topic=users/%s/notifications", "/routed?topic=users/%s/notifications",
						"/routed/later?topic=users/%s/notifications", "/sse?topic=users/%s/notifications")
				.map((path) -> new Way(kind, path)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void grantsOnlyWhatTheRulesGrant(Way way, CapturedOutput output) throws Exception {
		TestServer server = servers.get(way.kind);
		try (RawStreamClient own = RawStreamClient.open(server.port(), way.path("ada"), ADA)) {
			assertThat(own.head()).startsWith("HTTP/1.1 200 ");
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			server.sse().publish("users/ada/notifications", "for ada");
			own.awaitLine("data: for ada");
			long opened = server.delivery().statistics().opened();
			int before = methodCalls.get();
			assertThat(refusal(server, way.path("ben"), ADA)).startsWith("HTTP/1.1 403 ");
			AuthorizationDeniedEvent<SseSubscription> event = denied.take();
			assertThat(event.getObject().getTopic()).hasToString("users/ben/notifications");
			assertThat(event.getObject().getRequest()).isNotNull();
			assertThat(event.getAuthentication().get().getName()).isEqualTo("ada");
			assertThat(refusal(server, way.path("ben"))).startsWith("HTTP/1.1 401 ")
				.containsIgnoringCase("WWW-Authenticate: Basic");
			assertThat(denied.take().getAuthentication().get().getName()).isEqualTo("anonymousUser");
			assertThat(methodCalls).hasValue(before);
			assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
		assertThat(denied).isEmpty();
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void anIdDecidesNothing(Way way) throws Exception {
		TestServer server = servers.get(way.kind);
		String id = server.sse().publish("users/ben/notifications", "first");
		server.sse().publish("users/ben/notifications", "for ben");
		server.sse().publish("users/ada/notifications", "missed");
		try (RawStreamClient staff = RawStreamClient.open(server.port(), way.path("ben"), KIM,
				"Last-Event-ID: " + id)) {
			staff.awaitLine("data: for ben");
		}
		assertThat(refusal(server, way.path("ben"), ADA, "Last-Event-ID: " + id)).startsWith("HTTP/1.1 403 ");
		String parameter = way.path("ben") + (way.path.contains("?") ? "&" : "?") + "lastEventId=" + id;
		assertThat(refusal(server, parameter, ADA)).startsWith("HTTP/1.1 403 ");
		try (RawStreamClient own = RawStreamClient.open(server.port(), way.path("ada"), ADA, "Last-Event-ID: " + id)) {
			assertThat(own.readLinesUpTo("data: missed")).doesNotContain("data: for ben");
		}
		locked.set("ada");
		denied.clear();
		assertThat(refusal(server, way.path("ada"), ADA, "Last-Event-ID: " + id)).startsWith("HTTP/1.1 403 ");
		assertThat(denied.take().getObject().getTopic()).hasToString("users/ada/notifications");
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void nobodyReadsWhatAnotherIsSent(ServerKind kind) {
		TestServer server = servers.get(kind);
		String id = server.sse().publish("users/ben/notifications", "before ben");
		server.sse().publish("users/ben/notifications", "for ben");
		List<String> paths = new ArrayList<>(List.of("/users/ben/notifications", "/users/%62en/notifications",
				"/users/ben/notifications?user=ada", "/users/ben/notifications?name=ada"));
		for (String topic : List.of("users/ben/notifications", "users/ben/*", "users/ben/**", "users/*/notifications",
				"users/*/*", "users/**", "**", "*/**", "*/ben/notifications", "*/*/notifications", "*/*/*",
				"users/%62en/notifications", "users%2Fben%2Fnotifications",
				"users/ada/notifications&topic=users/ben/notifications",
				"users/ben/notifications&topic=users/ada/notifications", "users/ada/**&topic=**")) {
			paths.add("/sse?topic=" + topic);
			paths.add("/sse?lastEventId=" + id + "&topic=" + topic);
			paths.add("/subscribed?topic=" + topic.replaceAll("&topic=.*", ""));
		}
		paths.removeIf((path) -> path.equals("/subscribed?topic=users/ada/notifications")
				|| path.equals("/subscribed?topic=users/ada/**"));
		for (String path : paths) {
			assertThat(refusal(server, path, ADA, "Last-Event-ID: " + id)).as(path).startsWith("HTTP/1.1 403 ");
		}
		for (String path : List.of("/users/*/notifications", "/users/**/notifications", "/sse?topic=users//ben",
				"/users/%252A/notifications", "/sse?topic=users/../users/ben/notifications")) {
			assertThat(status(server, path, ADA)).as(path).isNotEqualTo(200);
		}
		assertThat(server.registry().count()).isZero();
		try (EventStreamClient own = EventStreamClient.open(
				server.uri("/sse?topic=users/ada/**&topic=users/ada/notifications"), "Authorization",
				ADA.substring("Authorization: ".length()))) {
			EventStreamClient.await().until(() -> server.registry().count() == 1);
			server.sse().publish("users/ben/notifications", "for ben");
			server.sse().publish("users/ada/books", "for ada");
			own.awaitEvents(1);
			assertThat(own.data()).containsExactly("for ada");
		}
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	/**
	 * Else one request would have the rules look at as many topics as it has room for.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void noRuleLooksAtMoreOrLongerTopicsThanAStreamMayHave(ServerKind kind) {
		TestServer server = servers.get(kind);
		String many = "/sse?topic=users/ada/0"
				+ IntStream.rangeClosed(1, 100).mapToObj((i) -> "&topic=users/ada/" + i).collect(Collectors.joining());
		int before = ruleCalls.get();
		assertThat(status(server, many, ADA)).isEqualTo(400);
		assertThat(status(server, "/sse?topic=users/ada/" + "x".repeat(200), ADA)).isEqualTo(400);
		assertThat(status(server, "/subscribed?topic=users/ada/" + "x".repeat(200), ADA)).isEqualTo(400);
		assertThat(ruleCalls).hasValue(before);
		assertThat(status(server, "/sse?topic=users/ada/" + "x".repeat(190), ADA)).isEqualTo(200);
		assertThat(ruleCalls).hasValueGreaterThan(before);
		EventStreamClient.await().until(() -> server.registry().count() == 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void decidesAgainAboutOpenStreams(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		StreamAuthorizer authorizer = server.bean(StreamAuthorizer.class);
		Authentication ada = new TestingAuthenticationToken("ada", "", "ROLE_MEMBER");
		List<TopicPattern> patterns = List.of(TopicPattern.of("news/**"), TopicPattern.of("users/ada/**"));
		assertThat(authorizer.isGranted(patterns, ada)).isTrue();
		assertThat(denied).isEmpty();
		locked.set("ada");
		assertThat(authorizer.isGranted(patterns, ada)).isFalse();
		AuthorizationDeniedEvent<SseSubscription> event = denied.take();
		assertThat(event.getObject().getPattern()).isEqualTo(patterns.get(1));
		assertThat(event.getObject().getRequest()).isNull();
		assertThat(event.getAuthentication().get()).isSameAs(ada);
		assertThat(authorizer.isGranted(patterns, null)).isFalse();
		assertThat(SecurityContextHolder.getContext().getAuthentication()).isNull();
	}

	private static int status(TestServer server, String path, String... headers) {
		try (RawStreamClient client = RawStreamClient.open(server.port(), path, headers)) {
			return Integer.parseInt(client.head().split(" ")[1]);
		}
	}

	/**
	 * Return the head of an answer that ends, which has nothing of the topic but the
	 * path.
	 */
	private static String refusal(TestServer server, String path, String... headers) {
		String[] all = Arrays.copyOf(headers, headers.length + 1);
		all[headers.length] = "Connection: close";
		try (RawStreamClient client = RawStreamClient.open(server.port(), path, all)) {
			assertThat(client.head()).as(path)
				.doesNotStartWith("HTTP/1.1 200 ")
				.doesNotContain("ben", "notifications", "topic");
			assertThat(client.awaitEnd().replaceAll("\"path\":\"[^\"]*\"", "")).as(path)
				.doesNotContain("ben", "notifications", "topic", "rule");
			return client.head();
		}
	}

	private static String basic(String user) {
		return "Authorization: Basic "
				+ Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * A way to open a stream.
	 *
	 * @param kind the server
	 * @param path the path, with a place for the name of a user
	 */
	record Way(ServerKind kind, String path) {

		String path(String user) {
			return String.format(this.path, user);
		}

	}

	@RestController
	static class Application {

		private final SseEmitterRegistry registry;

		Application(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/users/{name}/notifications")
		@SseTopic("users/{name}/notifications")
		void notifications(@PathVariable String name) {
			methodCalls.incrementAndGet();
		}

		@GetMapping("/subscribed")
		SseStream subscribed(@RequestParam String topic) {
			return this.registry.subscribe(topic);
		}

		@GetMapping("/later")
		CompletableFuture<SseStream> later(@RequestParam String topic) {
			return CompletableFuture.supplyAsync(() -> this.registry.subscribe(topic), new SimpleAsyncTaskExecutor());
		}

		@EventListener
		void denied(AuthorizationDeniedEvent<SseSubscription> event) {
			denied.add(event);
		}

		@Bean
		static RouterFunction<ServerResponse> routes(SseEmitterRegistry registry) {
			return RouterFunctions.route()
				.GET("/routed",
						(request) -> SseServerResponse.of(registry.subscribe(request.param("topic").orElseThrow())))
				.GET("/routed/later",
						(request) -> ServerResponse.async(CompletableFuture.supplyAsync(
								() -> SseServerResponse.of(registry.subscribe(request.param("topic").orElseThrow())),
								new SimpleAsyncTaskExecutor())))
				.build();
		}

		@Bean
		static AuthorizationManager<SseSubscription> rules(SseTopicAuthorization.Builder topics) {
			return topics.pattern("users/{user}/**")
				.access((authentication,
						subscription) -> new AuthorizationDecision(isOwnerOrStaff(authentication.get(), subscription)))
				.pattern("news/**")
				.permitAll()
				.anyTopic()
				.denyAll()
				.build();
		}

		private static boolean isOwnerOrStaff(Authentication authentication, SseSubscription subscription) {
			assertThat(SecurityContextHolder.getContext().getAuthentication()).isSameAs(authentication);
			ruleCalls.incrementAndGet();
			String user = subscription.getVariable("user");
			return authentication != null && !user.equals(locked.get())
					&& (authentication.getName().equals(user) || authentication.getName().equals("kim"));
		}

		@Bean
		static SecurityFilterChain security(HttpSecurity http) {
			return HttpBasic.chain(http, (requests) -> requests.anyRequest().permitAll());
		}

		@Bean
		static InMemoryUserDetailsManager users() {
			return HttpBasic.users(HttpBasic.user("ada", "MEMBER"), HttpBasic.user("kim", "STAFF"));
		}

	}

}
