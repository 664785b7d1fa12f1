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
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseTopic} on the methods of controllers.
 */
class SseTopicTests {

	private static final TestServers servers = new TestServers(Application.class, "sse.heartbeat.interval=0",
			"spring.mvc.problemdetails.enabled=true");

	private static final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void deliversOnceHoweverManyTopicsMatch(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = open(server, "/several")) {
			server.sse().publish("b/x", "2");
			server.sse().publish("c", "not for this stream");
			server.sse().publish("a", "3");
			server.sse().publish("b/y/z", "4");
			server.sse().publish("b", "5");
			server.sse().publish("a", "6");
			client.awaitEvents(6);
			assertThat(client.data()).containsExactly("1", "2", "3", "4", "5", "6");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void worksForOtherMethodsThanGet(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = EventStreamClient.open(HttpRequest.newBuilder(server.uri("/classes/1/post"))
			.header("Content-Type", "text/plain")
			.POST(HttpRequest.BodyPublishers.ofString("body")))) {
			client.awaitEvents(1);
			server.sse().publish("classes/1", "then");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("snapshot of body", "then");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void answersHeadWithoutAStream(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		HttpResponse<String> response = send(
				HttpRequest.newBuilder(server.uri("/several")).method("HEAD", HttpRequest.BodyPublishers.noBody()));
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void needsNoResponseBody(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = open(server, "/controller")) {
			client.awaitEvents(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			assertThat(client.data()).containsExactly("redirect:/elsewhere");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void worksForMethodsThatHaveTheResponse(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = open(server, "/response/200")) {
			assertThat(client.response().headers().firstValue("X-Own")).hasValue("value");
			server.sse().publish("response", "data");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("data");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF,/response/204,204", "TOMCAT_HANDOFF,/response/403,403",
			"TOMCAT_HANDOFF,/response/404,404", "TOMCAT_HANDOFF,/response/302,302",
			"TOMCAT_HANDOFF,/response/value,403", "JETTY_HANDOFF,/response/204,204", "JETTY_HANDOFF,/response/403,403",
			"JETTY_HANDOFF,/response/404,404", "JETTY_HANDOFF,/response/302,302", "JETTY_HANDOFF,/response/value,403" })
	void opensNothingForMethodsThatHaveAnswered(ServerKind kind, String path, int status) throws Exception {
		assertOpensNothing(kind, path, status);
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF,/response/written", "TOMCAT_HANDOFF,/response/forwarded",
			"JETTY_HANDOFF,/response/written", "JETTY_HANDOFF,/response/forwarded" })
	void opensNothingForMethodsThatHaveWrittenAResponse(ServerKind kind, String path) throws Exception {
		assertThat(assertOpensNothing(kind, path, 200).body()).isEqualTo("own");
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF,/throws/status,403", "TOMCAT_HANDOFF,/throws/own,409",
			"TOMCAT_HANDOFF,/throws/other,500", "TOMCAT_HANDOFF,/throws/encoder,500",
			"TOMCAT_HANDOFF,/throws/supplier,410", "TOMCAT_HANDOFF,/throws/entity,500",
			"JETTY_HANDOFF,/throws/status,403", "JETTY_HANDOFF,/throws/own,409", "JETTY_HANDOFF,/throws/other,500",
			"JETTY_HANDOFF,/throws/encoder,500", "JETTY_HANDOFF,/throws/supplier,410",
			"JETTY_HANDOFF,/throws/entity,500" })
	void answersExceptionsLikeAnyOtherMethod(ServerKind kind, String path, int status) throws Exception {
		HttpResponse<String> response = assertOpensNothing(kind, path, status);
		if (path.equals("/throws/own")) {
			assertThat(response.body()).isEqualTo("{\"own\":\"busy\"}");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF,%2A", "TOMCAT_HANDOFF,*", "TOMCAT_HANDOFF,**", "TOMCAT_HANDOFF,a*",
			"TOMCAT_HANDOFF,%7Bx%7D", "TOMCAT_HANDOFF,a%0Ab", "TOMCAT_HANDOFF,a%0D", "TOMCAT_HANDOFF,%00",
			"TOMCAT_HANDOFF,a%2Fb", "TOMCAT_HANDOFF,%2F", "TOMCAT_HANDOFF,%7F", "TOMCAT_HANDOFF,a%C2%85",
			"JETTY_HANDOFF,%2A", "JETTY_HANDOFF,*", "JETTY_HANDOFF,**", "JETTY_HANDOFF,%7Bx%7D", "JETTY_HANDOFF,a%0Ab",
			"JETTY_HANDOFF,%00", "JETTY_HANDOFF,a%2Fb", "JETTY_HANDOFF,%7F", "JETTY_HANDOFF,a%C2%85" })
	void refusesValuesThatWouldChangeTheTopic(ServerKind kind, String value) throws Exception {
		assertOpensNothing(kind, "/branches/" + value + "/loans", 400);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void namesTheVariableAndNotTheTopic(ServerKind kind) throws Exception {
		assertThat(assertOpensNothing(kind, "/branches/*/loans", 400).body())
			.contains("Invalid value of variable 'branch'")
			.doesNotContain("branches/{branch}");
		assertThat(assertOpensNothing(kind, "/inbox", 401).body()).contains("Only for authenticated users")
			.doesNotContain("{user}");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void takesValuesAsTheyAreOtherwise(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient client = open(server, "/branches/b%C3%BCcher%20%F0%9F%93%9A/loans")) {
			server.sse().publish("branches/b\u00FCcher \uD83D\uDCDA/loans", "data");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("data");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void tooLongATopicIsABadRequest(ServerKind kind) throws Exception {
		assertOpensNothing(kind, "/branches/" + "x".repeat(500) + "/loans", 400);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void userIsTheAuthenticatedOne(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		assertOpensNothing(kind, "/inbox", 401);
		assertOpensNothing(kind, "/inbox", 400, "X-User", "");
		assertOpensNothing(kind, "/inbox", 400, "X-User", "*".repeat(200));
		try (EventStreamClient client = open(server, "/inbox", "X-User", "*")) {
			server.sse().publish("inbox/ann", "for Ann");
			server.sse().publish("inbox/%2A", "for the star");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("for the star");
		}
		Awaitility.await().until(() -> server.registry().count() == 0);
		try (EventStreamClient client = open(server, "/inbox", "X-User", "ann")) {
			server.sse().publish("inbox/bob", "for Bob");
			server.sse().publish("inbox/ann", "for Ann");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("for Ann");
			assertThat(server.registry().streams()).singleElement()
				.satisfies((stream) -> assertThat(stream.getUser()).isEqualTo("ann"));
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "string|snapshot|one\\ntwo", "object|snapshot|{\"a\":1}", "list|snapshot|[1,2]",
					"empty-list|snapshot|[]", "supplier|snapshot|[3]", "event|own|{\"a\":1}", "unnamed||data",
					"supplier-of-event|own|data", "optional|snapshot|[4]", "supplier-of-optional|snapshot|5",
					"optional-int|snapshot|6", "stream|snapshot|[7,8]", "iterator|snapshot|[9]", "spring|own|{\"a\":1}",
					"builder|own|one\\ntwo", "builder-of-object||{\"a\":1}" })
	void sendsSnapshotsFirst(String path, @Nullable String name, String data) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		String id = server.sse().publish("snapshots", "before");
		try (EventStreamClient client = open(server, "/snapshots/" + path)) {
			String next = server.sse().publish("snapshots", "after");
			client.awaitEvents(2);
			assertThat(client.events()).containsExactly(new Event(id, name, data.replace("\\n", "\n")),
					new Event(next, null, "after"));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "list", "set", "array", "stream", "iterator", "supplier", "mixed" })
	void sendsEventsOfASnapshotEachByItself(String path) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		String id = server.sse().publish("snapshots", "before");
		try (EventStreamClient client = open(server, "/snapshots/events/" + path)) {
			client.awaitEvents(2);
			assertThat(client.events()).containsExactly(new Event(null, "one", "1"), new Event(id, "two", "2"));
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "mixed", "entity", "future", "later", "lambda", "nested", "stream", "builder", "resource" })
	void sendsNoSnapshotThatIsNoData(String path) throws Exception {
		HttpResponse<String> response = assertOpensNothing(ServerKind.TOMCAT_HANDOFF, "/snapshots/no-data/" + path,
				500);
		assertThat(response.body()).doesNotContain("cannot be a snapshot");
	}

	@ParameterizedTest
	@CsvSource({ "null", "supplier-of-null", "empty-optional" })
	void sendsNoSnapshotWhereThereIsNone(String path) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		String id = server.sse().publish("snapshots", "before");
		try (EventStreamClient client = open(server, "/snapshots/" + path)) {
			String next = server.sse().publish("snapshots", "after");
			client.awaitEvents(1);
			assertThat(client.events()).containsExactly(new Event(next, null, "after"));
			assertThat(client.lines()).contains("id: " + id);
		}
	}

	@ParameterizedTest
	@CsvSource({ "/interface,interface", "/proxied,proxied", "/meta,meta" })
	void findsTheAnnotationWhereSpringDoes(String path, String topic) {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		assertThat(AopUtils.isCglibProxy(server.bean(ProxiedController.class))).isTrue();
		try (EventStreamClient client = open(server, path)) {
			client.awaitEvents(1);
			server.sse().publish(topic, "data");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("first", "data");
		}
	}

	@ParameterizedTest
	@CsvSource({ "TOMCAT_HANDOFF,/ordinary/emitter,200", "TOMCAT_HANDOFF,/ordinary/entity,202",
			"JETTY_HANDOFF,/ordinary/emitter,200", "JETTY_HANDOFF,/ordinary/entity,202" })
	void leavesEmittersOfTheApplicationToSpring(ServerKind kind, String path, int status) throws Exception {
		HttpResponse<String> response = assertOpensNothing(kind, path, status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
		assertThat(response.headers().firstValue("X-Accel-Buffering")).isEmpty();
		assertThat(response.body()).isEqualTo("data:ordinary\n\n");
	}

	/**
	 * Open a stream and wait until the loop has it, so that tests see what they publish.
	 */
	private static EventStreamClient open(TestServer server, String path, String... headers) {
		int before = server.registry().count();
		EventStreamClient client = EventStreamClient.open(server.uri(path), headers);
		assertThat(client.response().statusCode()).isEqualTo(200);
		assertThat(client.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
		EventStreamClient.await().until(() -> server.registry().count() > before);
		return client;
	}

	private static HttpResponse<String> assertOpensNothing(ServerKind kind, String path, int status, String... headers)
			throws Exception {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path));
		if (headers.length > 0) {
			request.headers(headers);
		}
		HttpResponse<String> response = send(request);
		HttpResponse<String> page = send(request.copy().header("Accept", "text/html,*/*;q=0.8"));
		HttpResponse<String> eventSource = send(request.copy().header("Accept", "text/event-stream"));
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(page.statusCode()).isEqualTo(status);
		assertThat(eventSource.statusCode()).isEqualTo(status);
		assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
		return response;
	}

	private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
		return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
	}

	@AfterEach
	void streamsAreGone() {
		for (ServerKind kind : List.of(ServerKind.TOMCAT_HANDOFF, ServerKind.JETTY_HANDOFF)) {
			TestServer server = servers.get(kind);
			server.registry().streams().forEach((stream) -> stream.complete());
			EventStreamClient.await().until(() -> server.registry().count() == 0);
		}
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ MainController.class, ClassLevelController.class, PlainController.class, ResponseController.class,
			ThrowingController.class, SnapshotController.class, InterfaceController.class, ProxiedController.class,
			OrdinaryController.class, Advice.class })
	static class Application {

		@Bean
		Filter userFilter() {
			return (request, response, chain) -> chain
				.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public @Nullable Principal getUserPrincipal() {
						String user = getHeader("X-User");
						return (user != null) ? () -> user : null;
					}

				}, response);
		}

		@Bean
		@ConditionalOnProperty(name = "test.server", havingValue = "tomcat")
		WebServerFactoryCustomizer<TomcatServletWebServerFactory> encodedSlashes() {
			return (factory) -> factory
				.addConnectorCustomizers((connector) -> connector.setEncodedSolidusHandling("passthrough"));
		}

	}

	@RestController
	static class MainController {

		private final SseOperations sse;

		MainController(SseOperations sse) {
			this.sse = sse;
		}

		@GetMapping("/several")
		@SseTopic({ "a", "b/*", "b/**", "b/x" })
		void several() {
			this.sse.publish("b/x", "1");
		}

		@GetMapping("/branches/{branch}/loans")
		@SseTopic("branches/{branch}/loans")
		void loans(@PathVariable String branch) {
		}

		@GetMapping("/inbox")
		@SseTopic("inbox/{user}")
		void inbox() {
		}

	}

	@RestController
	@RequestMapping("/classes/{class}")
	static class ClassLevelController {

		@PostMapping("/post")
		@SseTopic("classes/{class}")
		String post(@RequestBody String body) {
			return "snapshot of " + body;
		}

	}

	@Controller
	static class PlainController {

		@GetMapping("/controller")
		@SseTopic("controller")
		String controller() {
			return "redirect:/elsewhere";
		}

	}

	@RestController
	@RequestMapping("/response")
	static class ResponseController {

		@GetMapping("/{status:[0-9]+}")
		@SseTopic("response")
		void response(@PathVariable int status, HttpServletResponse response) throws IOException {
			switch (status) {
				case 200 -> response.setHeader("X-Own", "value");
				case 302 -> response.sendRedirect("/login");
				case 404 -> response.sendError(404);
				default -> response.setStatus(status);
			}
		}

		@GetMapping("/written")
		@SseTopic("response")
		void written(HttpServletResponse response) throws IOException {
			response.getWriter().write("own");
			response.flushBuffer();
		}

		@GetMapping("/forwarded")
		@SseTopic("response")
		void forwarded(HttpServletRequest request, HttpServletResponse response) throws Exception {
			request.getRequestDispatcher("/response/own").forward(request, response);
		}

		@GetMapping("/own")
		void own(HttpServletResponse response) throws IOException {
			response.getWriter().write("own");
		}

		@GetMapping("/value")
		@SseTopic("response")
		String value(HttpServletResponse response) throws IOException {
			response.sendError(403);
			return "secret";
		}

	}

	@RestController
	@RequestMapping("/throws")
	static class ThrowingController {

		@GetMapping("/status")
		@SseTopic("throws")
		void status() {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN);
		}

		@GetMapping("/own")
		@SseTopic("throws")
		String own() {
			throw new BusyException();
		}

		@GetMapping("/other")
		@SseTopic("throws")
		void other(HttpServletResponse response) {
			throw new IllegalStateException("other");
		}

		@GetMapping("/encoder")
		@SseTopic("throws")
		Object encoder() {
			return new Unwritable();
		}

		@GetMapping("/supplier")
		@SseTopic("throws")
		Supplier<String> supplier() {
			return () -> {
				throw new ResponseStatusException(HttpStatus.GONE);
			};
		}

		@GetMapping("/entity")
		@SseTopic("throws")
		Object entity() {
			return ResponseEntity.ok("no snapshot");
		}

	}

	/**
	 * What JSON cannot be made of.
	 */
	public static class Unwritable {

		public String getValue() {
			throw new IllegalStateException("unwritable");
		}

	}

	static class BusyException extends RuntimeException {

	}

	@RestControllerAdvice
	static class Advice {

		@ExceptionHandler
		ResponseEntity<Map<String, String>> busy(BusyException ex) {
			return ResponseEntity.status(HttpStatus.CONFLICT)
				.contentType(MediaType.APPLICATION_JSON)
				.body(Map.of("own", "busy"));
		}

	}

	@RestController
	@RequestMapping("/snapshots")
	static class SnapshotController {

		@GetMapping("/string")
		@SseTopic("snapshots")
		String string() {
			return "one\ntwo";
		}

		@GetMapping("/object")
		@SseTopic("snapshots")
		Map<String, Integer> object() {
			return Map.of("a", 1);
		}

		@GetMapping("/list")
		@SseTopic("snapshots")
		List<Integer> list() {
			return List.of(1, 2);
		}

		@GetMapping("/empty-list")
		@SseTopic("snapshots")
		List<SseEvent> emptyList() {
			return List.of();
		}

		@GetMapping("/supplier")
		@SseTopic("snapshots")
		Supplier<List<Integer>> supplier() {
			return () -> List.of(3);
		}

		@GetMapping("/event")
		@SseTopic("snapshots")
		SseEvent event() {
			return SseEvent.of("own", Map.of("a", 1));
		}

		@GetMapping("/unnamed")
		@SseTopic("snapshots")
		SseEvent unnamed() {
			return SseEvent.of("data");
		}

		@GetMapping("/supplier-of-event")
		@SseTopic("snapshots")
		Supplier<SseEvent> supplierOfEvent() {
			return () -> SseEvent.of("own", "data");
		}

		@GetMapping("/optional")
		@SseTopic("snapshots")
		Optional<List<Integer>> optional() {
			return Optional.of(List.of(4));
		}

		@GetMapping("/supplier-of-optional")
		@SseTopic("snapshots")
		Supplier<Optional<Integer>> supplierOfOptional() {
			return () -> Optional.of(5);
		}

		@GetMapping("/optional-int")
		@SseTopic("snapshots")
		OptionalInt optionalInt() {
			return OptionalInt.of(6);
		}

		@GetMapping("/stream")
		@SseTopic("snapshots")
		Stream<Integer> stream() {
			return Stream.of(7, 8);
		}

		@GetMapping("/iterator")
		@SseTopic("snapshots")
		Iterator<Integer> iterator() {
			return List.of(9).iterator();
		}

		@GetMapping("/spring")
		@SseTopic("snapshots")
		ServerSentEvent<Map<String, Integer>> spring() {
			return ServerSentEvent.builder(Map.of("a", 1)).event("own").build();
		}

		@GetMapping("/builder")
		@SseTopic("snapshots")
		SseEmitter.SseEventBuilder builder() {
			return SseEmitter.event().name("own").data("one\ntwo");
		}

		@GetMapping("/builder-of-object")
		@SseTopic("snapshots")
		SseEmitter.SseEventBuilder builderOfObject() {
			return SseEmitter.event().data(Map.of("a", 1));
		}

		@GetMapping("/events/{kind}")
		@SseTopic("snapshots")
		Object events(@PathVariable String kind) {
			List<SseEvent> events = List.of(SseEvent.of("one", 1), SseEvent.of("two", 2));
			return switch (kind) {
				case "list" -> events;
				case "set" -> new LinkedHashSet<>(events);
				case "array" -> events.toArray(SseEvent[]::new);
				case "stream" -> events.stream();
				case "iterator" -> events.iterator();
				case "supplier" -> (Supplier<?>) events::stream;
				default -> List.of(ServerSentEvent.builder(1).event("one").build(), events.get(1));
			};
		}

		@GetMapping("/no-data/{kind}")
		@SseTopic("snapshots")
		Object noData(@PathVariable String kind) {
			return switch (kind) {
				case "mixed" -> List.of(SseEvent.of("one", 1), 2);
				case "entity" -> ResponseEntity.ok("x");
				case "future" -> CompletableFuture.completedFuture("x");
				case "later" -> Map.of("a", Flux.just("x"));
				case "lambda" -> (Supplier<?>) () -> (Supplier<?>) () -> "x";
				case "nested" -> SseEvent.of("x", SseEvent.of("y"));
				case "stream" -> new Object[] { new SseEmitter() };
				case "builder" -> SseEmitter.event().id("7").data("x");
				default -> new ByteArrayResource(new byte[] { 1 });
			};
		}

		@GetMapping("/null")
		@SseTopic("snapshots")
		@Nullable String nothing() {
			return null;
		}

		@GetMapping("/supplier-of-null")
		@SseTopic("snapshots")
		Supplier<@Nullable String> supplierOfNull() {
			return () -> null;
		}

		@GetMapping("/empty-optional")
		@SseTopic("snapshots")
		Optional<String> emptyOptional() {
			return Optional.empty();
		}

	}

	interface Mapped {

		@GetMapping("/interface")
		@SseTopic("interface")
		String mapped();

	}

	@RestController
	static class InterfaceController implements Mapped {

		@Override
		public String mapped() {
			return "first";
		}

		@GetMapping("/meta")
		@MetaTopic
		String meta() {
			return "first";
		}

	}

	@SseTopic("meta")
	@Retention(RetentionPolicy.RUNTIME)
	@interface MetaTopic {

	}

	@RestController
	static class ProxiedController {

		@GetMapping("/proxied")
		@SseTopic("proxied")
		String feed() {
			return "first";
		}

		@SsePublish("proxied")
		String makesAProxyNecessary() {
			return "data";
		}

	}

	@RestController
	@RequestMapping("/ordinary")
	static class OrdinaryController {

		@GetMapping("/emitter")
		SseEmitter emitter() throws IOException {
			SseEmitter result = new SseEmitter();
			result.send("ordinary");
			result.complete();
			return result;
		}

		@GetMapping("/entity")
		ResponseEntity<SseEmitter> entity() throws IOException {
			return ResponseEntity.accepted().body(emitter());
		}

	}

}
