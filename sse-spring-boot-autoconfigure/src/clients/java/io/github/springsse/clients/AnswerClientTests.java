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

package io.github.springsse.clients;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import io.github.springsse.OpenAiFormat;
import io.github.springsse.SseAnswer;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of clients of other projects get of streamed answers.
 */
class AnswerClientTests {

	private static TestServer server;

	@RegisterExtension
	private final Closing closing = new Closing();

	private final String id = "answer" + System.nanoTime();

	/** What clients behind a proxy have been given. */
	private final StringBuffer given = new StringBuffer();

	@BeforeAll
	static void start() {
		server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, "sse.heartbeat.interval=100ms",
				"sse.stream.retry=100ms");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	/**
	 * But for clients that decode what is no JSON, and for Jersey, which takes spaces
	 * away from the beginning of data.
	 */
	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "WEB_CLIENT_MAP", "WEB_CLIENT_RECORD", "JERSEY" })
	void getsAnAnswerWholeAndOnceThoughTheLineIsCut(ClientKind kind) {
		Paced<String> model = model();
		Visit visit = this.closing.add(Visit.begin(kind, server, "/texts/" + this.id));
		model.say("Once", " upon");
		awaitText(visit, "Once upon");
		visit.cut();
		model.say(" a", "\n\n");
		visit.leadTo(server);
		awaitText(visit, "Once upon a\n\n");
		model.say("time", " \u20AC").end();
		awaitText(visit, "Once upon a\n\ntime \u20AC");
		assertThat(model.subscriptions()).isEqualTo(1);
		assertThat(model.cancellations()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "WEB_CLIENT_MAP", "WEB_CLIENT_RECORD", "JERSEY" })
	void getsAnAnswerOfObjectsWholeAndOnceThoughTheLineIsCut(ClientKind kind) {
		Paced<String> model = model();
		Visit visit = this.closing.add(Visit.begin(kind, server, "/numbers/" + this.id));
		model.say("0", "1");
		awaitNumbers(visit, 0, 1);
		visit.cut();
		model.say("2", "3");
		visit.leadTo(server);
		awaitNumbers(visit, 0, 1, 2, 3);
		model.say("4").end();
		awaitNumbers(visit, 0, 1, 2, 3, 4);
		assertThat(model.subscriptions()).isEqualTo(1);
	}

	private static void awaitNumbers(Visit visit, Integer... numbers) {
		Visit.await()
			.untilAsserted(() -> assertThat(visit.witness().numbers()).as(visit::toString).containsExactly(numbers));
	}

	private static void awaitText(Visit visit, String text) {
		Visit.await().untilAsserted(() -> assertThat(visit.witness().text()).as(visit::toString).isEqualTo(text));
	}

	@Test
	void openAiGetsChunksAndTheEnd() {
		Paced<String> model = model();
		NodeAnswers client = openAi(proxy().port());
		model.say("Once", " upon");
		Patience.await(client, () -> assertThat(text(client)).isEqualTo("Once upon"));
		awaitHeartbeats();
		model.say("", " a time").end();
		Patience.await(client, () -> assertThat(ends(client)).hasSize(1));
		assertThat(text(client)).isEqualTo("Once upon a time");
		assertThat(failures(client)).isEmpty();
		assertThat(client.lines().get(0).path("request").path("accept").asString()).isEqualTo("application/json");
	}

	@Test
	void openAiIsToldThatTheModelHasFailed() {
		Paced<String> model = model();
		NodeAnswers client = openAi(server.port());
		model.say("Once");
		Patience.await(client, () -> assertThat(text(client)).isEqualTo("Once"));
		model.fail();
		Patience.await(client, () -> assertThat(failures(client)).hasSize(1));
		assertThat(failures(client).get(0)).startsWith("APIError: ").contains("The answer could not be completed.");
		assertThat(ends(client)).isEmpty();
		assertThat(client.toString()).doesNotContain("Secret");
	}

	@Test
	void openAiAsksAgainAndGetsAllWhenItsConnectionWasKilled() {
		Paced<String> model = model();
		TcpProxy proxy = proxy();
		NodeAnswers client = openAi(proxy.port());
		model.say("Once", " upon");
		Patience.await(client, () -> assertThat(text(client)).isEqualTo("Once upon"));
		proxy.cut();
		model.say(" a");
		Patience.await(client, () -> assertThat(failures(client)).hasSize(1));
		proxy.leadTo(server.port());
		NodeAnswers again = openAi(proxy.port());
		Patience.await(again, () -> assertThat(text(again)).isEqualTo("Once upon a"));
		model.say(" time").end();
		Patience.await(again, () -> assertThat(ends(again)).hasSize(1));
		assertThat(text(again)).isEqualTo("Once upon a time");
		NodeAnswers afterwards = openAi(proxy.port());
		Patience.await(afterwards, () -> assertThat(ends(afterwards)).hasSize(1));
		assertThat(text(afterwards)).isEqualTo("Once upon a time");
		assertThat(model.subscriptions()).isEqualTo(1);
	}

	private NodeAnswers openAi(int port) {
		String url = "http://localhost:" + port + "/completions/" + this.id + "/v1";
		return this.closing.add(new NodeAnswers("openai", url, "Tell me"));
	}

	@Test
	void langChainGetsChunksAndTheEnd() {
		Paced<String> model = model();
		LangChain client = new LangChain(proxy().port(), this.id);
		model.say("Once", " upon");
		Patience.await(client, () -> assertThat(client.text()).isEqualTo("Once upon"));
		awaitHeartbeats();
		model.say("", " a time").end();
		Patience.await(client, () -> assertThat(client.response).isNotNull());
		assertThat(client.text()).isEqualTo("Once upon a time");
		assertThat(client.response.aiMessage().text()).isEqualTo("Once upon a time");
		assertThat(client.failure).isNull();
	}

	@Test
	void langChainIsToldThatTheConnectionWasKilledAndGetsAllWhenItAsksAgain() {
		Paced<String> model = model();
		TcpProxy proxy = proxy();
		LangChain client = new LangChain(proxy.port(), this.id);
		model.say("Once", " upon");
		Patience.await(client, () -> assertThat(client.text()).isEqualTo("Once upon"));
		proxy.cut();
		Patience.await(client, () -> assertThat(client.failure).isNotNull());
		model.say(" a");
		proxy.leadTo(server.port());
		LangChain again = new LangChain(proxy.port(), this.id);
		Patience.await(again, () -> assertThat(again.text()).isEqualTo("Once upon a"));
		model.say(" time").end();
		Patience.await(again, () -> assertThat(again.response).isNotNull());
		assertThat(again.text()).isEqualTo("Once upon a time");
		assertThat(again.failure).isNull();
		assertThat(model.subscriptions()).isEqualTo(1);
	}

	/**
	 * It ignores the chunk that says so, and takes the cut for the failure.
	 */
	@Test
	void langChainIsToldThatTheModelHasFailed() {
		Paced<String> model = model();
		LangChain client = new LangChain(server.port(), this.id);
		model.say("Once");
		Patience.await(client, () -> assertThat(client.text()).isEqualTo("Once"));
		model.fail();
		Patience.await(client, () -> assertThat(client.failure).isNotNull());
	}

	@Test
	void tanStackResumesByTheSamePost() {
		TcpProxy proxy = proxy();
		NodeAnswers client = tanStack("tanstack", proxy.port(), "Tell me");
		Patience.await(client, () -> assertThat(run(client)).isNotNull());
		Paced<String> model = server.bean(Models.class).get(run(client));
		model.say("Once", " upon");
		Patience.await(client, () -> assertThat(deltas(client)).isEqualTo("Once upon"));
		awaitHeartbeats();
		proxy.cut();
		model.say(" a");
		proxy.leadTo(server.port());
		Patience.await(client, () -> assertThat(deltas(client)).isEqualTo("Once upon a"));
		NodeAnswers joined = tanStack("tanstack-join", server.port(), run(client));
		Patience.await(joined, () -> assertThat(deltas(joined)).isEqualTo("Once upon a"));
		model.say(" time").end();
		for (NodeAnswers each : List.of(client, joined)) {
			Patience.await(each, () -> assertThat(ends(each)).hasSize(1));
			assertThat(deltas(each)).isEqualTo("Once upon a time");
			assertThat(failures(each)).isEmpty();
		}
		assertThat(client.lines()).filteredOn((line) -> line.has("text"))
			.extracting((line) -> line.path("text").asString())
			.containsExactly("Once upon a time");
		assertThat(client.lines()).filteredOn((line) -> line.path("request").path("lastEventId").isString())
			.isNotEmpty()
			.allSatisfy((line) -> assertThat(line.path("request").path("method").asString()).isEqualTo("POST"));
		NodeAnswers late = tanStack("tanstack-join", server.port(), run(client));
		Patience.await(late, () -> assertThat(ends(late)).hasSize(1));
		assertThat(deltas(late)).isEqualTo("Once upon a time");
		assertThat(model.subscriptions()).isEqualTo(1);
	}

	@Test
	void tanStackGetsTheEndAgainIfItHasSeenIt() throws Exception {
		String run = this.id;
		model().say("Once").end();
		HttpClient client = HttpClient.newHttpClient();
		HttpRequest.Builder request = HttpRequest.newBuilder(server.uri("/runs"))
			.header("X-Run-Id", run)
			.POST(HttpRequest.BodyPublishers.ofString("{}"));
		String all = client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
		assertThat(all).contains("RUN_STARTED").contains("RUN_FINISHED");
		String last = all.substring(all.lastIndexOf("id: ") + "id: ".length()).lines().findFirst().orElseThrow();
		HttpResponse<String> response = client.send(request.header("Last-Event-ID", last).build(),
				HttpResponse.BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(200);
		assertThat(response.body()).contains("RUN_FINISHED").doesNotContain("RUN_STARTED");
	}

	private NodeAnswers tanStack(String client, int port, String argument) {
		return this.closing.add(new NodeAnswers(client, "http://localhost:" + port + "/runs", argument));
	}

	private static @Nullable String run(NodeAnswers client) {
		return client.lines()
			.stream()
			.map((line) -> line.path("chunk"))
			.filter((chunk) -> chunk.path("type").asString("").equals("RUN_STARTED"))
			.map((chunk) -> chunk.path("runId").asString())
			.findFirst()
			.orElse(null);
	}

	private static String deltas(NodeAnswers client) {
		StringBuilder result = new StringBuilder();
		client.lines().forEach((line) -> result.append(line.path("chunk").path("delta").asString("")));
		return result.toString();
	}

	private static String text(NodeAnswers client) {
		StringBuilder result = new StringBuilder();
		client.lines()
			.forEach((line) -> result
				.append(line.path("chunk").path("choices").path(0).path("delta").path("content").asString("")));
		return result.toString();
	}

	private static List<JsonNode> ends(NodeAnswers client) {
		return client.lines().stream().filter((line) -> line.has("end")).toList();
	}

	private static List<String> failures(NodeAnswers client) {
		return client.lines()
			.stream()
			.filter((line) -> line.has("error"))
			.map((line) -> line.path("error").asString())
			.toList();
	}

	private TcpProxy proxy() {
		TcpProxy proxy = this.closing.add(new TcpProxy(server.port()));
		proxy.watch(this.given::append);
		return proxy;
	}

	private void awaitHeartbeats() {
		int before = this.given.length();
		Patience.await(this.given,
				() -> assertThat(this.given.substring(before)).containsPattern("(: heartbeat[^:]*){3}"));
	}

	private Paced<String> model() {
		return server.bean(Models.class).get(this.id);
	}

	@RestController
	static class Controller {

		private final Models models = new Models();

		@Bean
		Models models() {
			return this.models;
		}

		@GetMapping("/texts/{id}")
		@SseTopic("texts/{id}")
		Flux<String> text(@PathVariable String id) {
			return this.models.get(id).pieces();
		}

		@GetMapping("/numbers/{id}")
		@SseTopic("numbers/{id}")
		Flux<Map<String, Integer>> numbers(@PathVariable String id) {
			return this.models.get(id).pieces().map((text) -> Map.of("n", Integer.parseInt(text)));
		}

		@PostMapping("/completions/{id}/v1/chat/completions")
		@SseTopic(value = "completions/{id}", anyAccept = true)
		@SseAnswer(format = OpenAiFormat.class)
		Flux<Map<String, Object>> complete(@PathVariable String id) {
			return this.models.get(id).pieces().map((text) -> chunk(id, text));
		}

		private static Map<String, Object> chunk(String id, String text) {
			return Map.of("id", id, "object", "chat.completion.chunk", "created", 1, "model", "paced", "choices",
					List.of(Map.of("index", 0, "delta", Map.of("content", text))));
		}

		@PostMapping("/runs")
		@SseTopic(value = "runs/{X-Run-Id}", dataOnly = true)
		@SseAnswer(lastEventAgain = true)
		Flux<Map<String, String>> run(@RequestHeader("X-Run-Id") String run) {
			Flux<Map<String, String>> text = this.models.get(run)
				.pieces()
				.map((delta) -> Map.of("type", "TEXT_MESSAGE_CONTENT", "messageId", run, "delta", delta));
			return Flux.concat(
					Flux.just(Map.of("type", "RUN_STARTED", "threadId", "thread", "runId", run),
							Map.of("type", "TEXT_MESSAGE_START", "messageId", run, "role", "assistant")),
					text, Flux.just(Map.of("type", "TEXT_MESSAGE_END", "messageId", run),
							Map.of("type", "RUN_FINISHED", "threadId", "thread", "runId", run)));
		}

		@GetMapping(path = "/runs", params = "offset=-1")
		@SseTopic(value = "runs/{runId}", dataOnly = true, from = SseTopic.From.START)
		@SseAnswer(lastEventAgain = true)
		void join(@RequestParam String runId) {
		}

	}

	/**
	 * The models of answers.
	 */
	static class Models {

		private final Map<String, Paced<String>> models = new ConcurrentHashMap<>();

		Paced<String> get(String id) {
			return this.models.computeIfAbsent(id, (key) -> new Paced<>());
		}

	}

	/**
	 * The client of LangChain4j, which asks once.
	 */
	private static final class LangChain implements StreamingChatResponseHandler {

		private final List<String> texts = new CopyOnWriteArrayList<>();

		private volatile @Nullable ChatResponse response;

		private volatile @Nullable Throwable failure;

		LangChain(int port, String id) {
			OpenAiStreamingChatModel.builder()
				.baseUrl("http://localhost:" + port + "/completions/" + id + "/v1")
				.apiKey("none")
				.modelName("paced")
				.timeout(Duration.ofMinutes(1))
				.build()
				.chat("Tell me", this);
		}

		@Override
		public void onPartialResponse(String text) {
			this.texts.add(text);
		}

		@Override
		public void onCompleteResponse(ChatResponse response) {
			this.response = response;
		}

		@Override
		public void onError(Throwable failure) {
			this.failure = failure;
		}

		String text() {
			return String.join("", this.texts);
		}

		@Override
		public String toString() {
			return this.texts + " " + this.response + " " + this.failure;
		}

	}

}
