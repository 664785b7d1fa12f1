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

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.springsse.SourceBusyException;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.history.AnswerState;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.HttpBasic;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.Torture;
import io.github.springsse.webmvc.AnswerApplication.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.security.web.SecurityFilterChain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * That the source of an answer is started once, by the first request for it.
 */
@Torture
class AnswerStartTests extends AbstractAnswerTests {

	private static final int ROUNDS = Rounds.of(60, 200);

	/**
	 * Each source ends at once, so that a request that has seen nothing of the topic may
	 * come to start one when the other's has ended already.
	 */
	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void simultaneousFirstRequestsStartOneSource(ServerKind kind) throws Exception {
		TestServer server = servers.get(kind);
		for (int i = 0; i < ROUNDS; i++) {
			String id = this.id + "-" + i;
			Answer answer = AnswerApplication.answer(id);
			answer.write("a", "b");
			answer.end();
			CyclicBarrier barrier = new CyclicBarrier(3);
			List<CompletableFuture<List<String>>> clients = new ArrayList<>();
			for (int client = 0; client < 3; client++) {
				clients
					.add(CompletableFuture.supplyAsync(() -> read(server, id, barrier), new SimpleAsyncTaskExecutor()));
			}
			for (CompletableFuture<List<String>> client : clients) {
				assertThat(client.get(20, TimeUnit.SECONDS)).containsExactly("a", "b");
			}
			assertThat(answer.subscriptions).hasValue(1);
		}
	}

	private static List<String> read(TestServer server, String id, CyclicBarrier barrier) {
		try {
			barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		try (EventStreamClient client = EventStreamClient.open(server.uri("/answers/" + id))) {
			return client.awaitEnd().data();
		}
	}

	@Test
	void supplierIsAskedByTheStarterAlone() {
		try (EventStreamClient first = get("/supplied/"); EventStreamClient second = get("/optional/")) {
			this.answer.write("a");
			first.awaitEvents(1);
			try (EventStreamClient resumed = get("/supplied/", "Last-Event-ID", first.events().get(0).id())) {
				this.answer.write("b");
				this.answer.end();
				assertThat(resumed.awaitEnd().data()).containsExactly("b");
				assertThat(second.awaitEnd().data()).containsExactly("a", "b");
			}
		}
		assertThat(get("/supplied/").awaitEnd().data()).containsExactly("a", "b");
		assertThat(this.answer.calls).hasValue(4);
		assertThat(this.answer.supplied).hasValue(1);
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/flow/", "/flow-supplied/", "/optional/" })
	void sourcesAreOfAnyTypeThatSpringKnows(String path) {
		this.answer.write("a");
		this.answer.end();
		assertThat(get(path).awaitEnd().data()).containsExactly("a");
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/failing/", "/nothing-supplied/" })
	void failureOfASupplierIsOneOfTheSource(String path) {
		try (EventStreamClient client = get(path)) {
			client.awaitEnd();
			assertThat(client.events()).extracting(Event::name).containsExactly("failed");
			assertThat(client.lines()).noneMatch((line) -> line.contains("secret"));
		}
	}

	@Test
	void clientIsToldToComeBackWhileSourcesMayNotBegin() throws Exception {
		TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);
		AnswerEngine engine = server.bean(AnswerEngine.class);
		engine.stop(Duration.ZERO);
		try (EventStreamClient client = get("/answers/")) {
			assertThat(client.response().statusCode()).isEqualTo(200);
			assertThat(client.awaitEnd().lines()).anyMatch((line) -> line.startsWith("retry:"));
			assertThat(this.answer.subscriptions).hasValue(0);
		}
		finally {
			engine.accept();
		}
	}

	@Test
	void whatTheMethodThrowsIsAnOrdinaryError() {
		try (EventStreamClient client = get("/refused/")) {
			assertThat(client.response().statusCode()).isEqualTo(403);
		}
		assertThat(server().delivery().histories().answerState(topic())).isEqualTo(AnswerState.UNKNOWN);
		assertThat(server().registry().count("answers/" + this.id)).isZero();
	}

	@Test
	void sourceThatRunsElsewhereIsAttachedTo() {
		assertThat(get("/null/").response().statusCode()).isEqualTo(204);
		server().sse().publishAll("answers/" + this.id, this.answer.flux(), SsePublishOptions.DEFAULT);
		assertThatExceptionOfType(SourceBusyException.class)
			.isThrownBy(() -> server().sse().publishAll("answers/" + this.id, this.answer.flux()));
		try (EventStreamClient client = get("/answers/")) {
			this.answer.write("a");
			this.answer.end();
			assertThat(client.awaitEnd().data()).containsExactly("a");
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void supplierHasTheSecurityContextOfTheFirstRequest() {
		try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Secured.class, "test.security=true")) {
			assertThat(get(server, "/supplied/").response().statusCode()).isEqualTo(401);
			assertThat(this.answer.calls).hasValue(0);
			try (EventStreamClient ada = get(server, "/supplied/", "Authorization", basic("ada"));
					EventStreamClient bob = get(server, "/supplied/", "Authorization", basic("bob"))) {
				this.answer.write("a");
				this.answer.end();
				assertThat(ada.awaitEnd().data()).containsExactly("a");
				assertThat(bob.awaitEnd().data()).containsExactly("a");
			}
			assertThat(this.answer.user).isEqualTo("ada");
			assertThat(this.answer.supplied).hasValue(1);
		}
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * As useChat does: it posts, and after a reload asks by GET, without an id.
	 */
	@Test
	void uiMessageStreamsHaveTheirHeaderAndEnd() {
		try (EventStreamClient client = EventStreamClient.open(server().uri("/chat/" + this.id + "/stream"))) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
		try (EventStreamClient client = post("/chat/", "Accept", "*/*")) {
			this.answer.write("a");
			client.awaitEvents(1);
			try (EventStreamClient reloaded = EventStreamClient.open(server().uri("/chat/" + this.id + "/stream"))) {
				this.answer.end();
				for (EventStreamClient each : List.of(client, reloaded)) {
					assertThat(each.awaitEnd().data()).containsExactly("{\"delta\":\"a\"}", "[DONE]");
					assertThat(each.response().headers().firstValue("x-vercel-ai-ui-message-stream")).hasValue("v1");
					assertThat(each.lines())
						.noneMatch((line) -> line.startsWith("event:") || line.startsWith("retry:"));
				}
			}
		}
	}

	@Test
	void chatHasOneAnswerAfterAnother() {
		this.answer.write("a");
		this.answer.end();
		for (int i = 1; i <= 3; i++) {
			String seen;
			try (EventStreamClient client = post("/chat/", "Accept", "*/*")) {
				assertThat(client.awaitEnd().data()).containsExactly("{\"delta\":\"a\"}", "[DONE]");
				seen = client.events().get(0).id();
			}
			assertThat(this.answer.subscriptions).hasValue(i);
			try (EventStreamClient client = EventStreamClient.open(server().uri("/chat/" + this.id + "/stream"))) {
				assertThat(client.response().statusCode()).as("nothing is running").isEqualTo(204);
			}
			try (EventStreamClient client = post("/chat/", "Accept", "*/*", "Last-Event-ID", seen)) {
				assertThat(client.awaitEnd().data()).as("resumed").containsExactly("[DONE]");
			}
			assertThat(this.answer.subscriptions).hasValue(i);
		}
	}

	@Test
	void failureIsAPartOfTheUiMessageStream() {
		try (EventStreamClient client = post("/chat/", "Accept", "*/*")) {
			this.answer.write("a");
			this.answer.pieces.tryEmitError(new IllegalStateException("secret")).orThrow();
			client.awaitEnd();
			assertThat(client.data()).containsExactly("{\"delta\":\"a\"}",
					"{\"type\":\"error\",\"errorText\":\"The answer could not be completed.\"}");
		}
	}

	/**
	 * As openai from npm does, which asks for JSON while it streams.
	 */
	@Test
	void completionsAreServedToClientsThatAskForJson() {
		try (EventStreamClient client = post("/completions/", "Accept", "application/json")) {
			this.answer.write("a");
			this.answer.end();
			assertThat(client.awaitEnd().data()).containsExactly("[\"a\"]", "[DONE]");
			assertThat(client.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
			assertThat(client.lines()).noneMatch((line) -> line.startsWith("event:") || line.startsWith("retry:"));
		}
		try (EventStreamClient client = post("/answers/", "Accept", "application/json")) {
			assertThat(client.response().statusCode()).isEqualTo(406);
		}
	}

	private EventStreamClient post(String path, String... headers) {
		return EventStreamClient.open(
				HttpRequest.newBuilder(server().uri(path + this.id))
					.POST(HttpRequest.BodyPublishers.ofString("question")),
				Stream.concat(Stream.of("Content-Type", "text/plain"), Stream.of(headers)).toArray(String[]::new));
	}

	@Import(AnswerApplication.class)
	static class Secured {

		@Bean
		static SecurityFilterChain security(HttpSecurity http) {
			return HttpBasic.chain(http, (requests) -> requests.anyRequest().authenticated());
		}

		@Bean
		static InMemoryUserDetailsManager users() {
			return HttpBasic.users(HttpBasic.user("ada", "USER"), HttpBasic.user("bob", "USER"));
		}

	}

}
