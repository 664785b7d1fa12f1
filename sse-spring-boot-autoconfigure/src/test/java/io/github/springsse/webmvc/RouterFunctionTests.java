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

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Streams of {@code RouterFunction}s.
 */
@ExtendWith(OutputCaptureExtension.class)
class RouterFunctionTests {

	private static final TestServers servers = new TestServers(Application.class, "sse.limits.streams=1",
			"sse.heartbeat.interval=100ms");

	private static final HttpClient http = HttpClient.newHttpClient();

	@AfterAll
	static void close() {
		servers.close();
	}

	@ParameterizedTest
	@EnumSource
	void opensStreams(ServerKind kind) {
		TestServer server = servers.get(kind);
		for (String path : List.of("/feed", "/later", "/filtered")) {
			try (RawStreamClient client = open(server, path)) {
				client.awaitLine("event: snapshot");
				client.awaitLine("data: [1]");
				server.sse().publish("feed", path);
				client.awaitLine("data: " + path);
			}
			awaitStreams(server, 0);
		}
	}

	@ParameterizedTest
	@EnumSource
	void resumesAndEnds(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		String id = server.sse().publish("ending", "before");
		server.sse().publish("ending", "missed");
		try (EventStreamClient client = EventStreamClient.open(server.uri("/ending"), "Last-Event-ID", "" + id)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("missed");
			awaitStreams(server, 1);
		}
		awaitStreams(server, 0);
		server.sse().complete("ending");
		String last = server.sse().publish("other", "later");
		HttpResponse<String> ended = get(server, "/ending", "Last-Event-ID", "" + last);
		assertThat(ended.statusCode()).isEqualTo(204);
	}

	@ParameterizedTest
	@EnumSource
	void refusesStreamsAsControllersDo(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		try (RawStreamClient client = open(server, "/feed")) {
			client.awaitLine("event: snapshot");
			HttpResponse<String> refused = get(server, "/feed", "Accept", "application/json");
			assertThat(refused.statusCode()).isEqualTo(503);
			assertThat(refused.headers().firstValue("Retry-After")).isPresent();
		}
		awaitStreams(server, 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body", "/body/typed", "/body/part" })
	void streamsAsBodiesFailAndAreExplained(String path, CapturedOutput output) throws Exception {
		HttpResponse<String> response = get(servers.get(ServerKind.TOMCAT_ASYNC), path, "Accept",
				path.endsWith("typed") ? "text/event-stream" : "*/*");
		assertThat(response.statusCode()).isEqualTo(500);
		assertThat(response.body()).doesNotContain("cursor", "patterns", "topics");
		assertThat(output).contains("SseServerResponse.of(stream)");
	}

	@ParameterizedTest
	@EnumSource(names = "TOMCAT_ASYNC")
	void noMapperWritesStreams(ServerKind kind) {
		TestServer server = servers.get(kind);
		Object stream = server.registry().subscribe("feed");
		for (Object value : List.of(stream, Map.of("stream", stream), List.of(stream))) {
			assertThatException().isThrownBy(() -> JsonMapper.builder().build().writeValueAsString(value))
				.withMessageContaining("A stream must be the return value of a controller method");
			assertThatException().isThrownBy(() -> server.sse().publish("feed", value))
				.withMessageContaining("it is a stream");
		}
	}

	private static RawStreamClient open(TestServer server, String path) {
		RawStreamClient client = RawStreamClient.open(server.port(), path);
		assertThat(client.head()).startsWith("HTTP/1.1 200 ");
		assertThat(client.header("Content-Type")).isEqualTo("text/event-stream");
		awaitStreams(server, 1);
		return client;
	}

	private static HttpResponse<String> get(TestServer server, String path, String... headers) throws Exception {
		return http.send(HttpRequest.newBuilder(server.uri(path)).headers(headers).build(), BodyHandlers.ofString());
	}

	private static void awaitStreams(TestServer server, int count) {
		EventStreamClient.await().until(() -> server.registry().count() == count);
	}

	@Configuration(proxyBeanMethods = false)
	static class Application {

		@Bean
		RouterFunction<ServerResponse> router(SseEmitterRegistry registry) {
			return RouterFunctions.route()
				.GET("/feed", (request) -> feed(registry))
				.GET("/ending", (request) -> SseServerResponse.of(registry.subscribe("ending")))
				.GET("/later",
						(request) -> ServerResponse
							.async(CompletableFuture.supplyAsync(() -> feed(registry), new SimpleAsyncTaskExecutor())))
				.GET("/body", (request) -> ServerResponse.ok().body(registry.subscribe("feed")))
				.GET("/body/typed",
						(request) -> ServerResponse.ok()
							.contentType(MediaType.TEXT_EVENT_STREAM)
							.body(registry.subscribe("feed")))
				.GET("/body/part", (request) -> ServerResponse.ok().body(Map.of("stream", registry.subscribe("feed"))))
				.build();
		}

		@Bean
		RouterFunction<ServerResponse> filtered(SseEmitterRegistry registry) {
			return RouterFunctions.route()
				.GET("/filtered", (request) -> feed(registry))
				.filter((request, next) -> next.handle(request))
				.build();
		}

		private static ServerResponse feed(SseEmitterRegistry registry) {
			return SseServerResponse.of(registry.subscribe(List.of("feed"), () -> List.of(1)));
		}

	}

}
