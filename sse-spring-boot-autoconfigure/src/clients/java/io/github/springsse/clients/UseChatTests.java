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

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrame;
import io.github.springsse.testsupport.BrowserFrame.Page;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TcpProxy;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.annotation.ToolParam;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What users of {@code useChat} of the AI SDK see of the answers of a {@code ChatClient}
 * of Spring AI, in Chromium.
 */
class UseChatTests {

	private static final JsonMapper json = new JsonMapper();

	private static final Map<ServerKind, TestServer> servers = new EnumMap<>(ServerKind.class);

	@TempDir
	private static Path directory;

	private static @Nullable BrowserFrame browser;

	@RegisterExtension
	private final Closing closing = new Closing();

	private final String chat = "chat " + System.nanoTime();

	private final String question = "Question " + System.nanoTime();

	private TestServer server = server(ServerKind.TOMCAT_HANDOFF);

	@BeforeAll
	static void start() {
		NodeModules.required();
		browser = new BrowserFrame(BrowserEngine.CHROMIUM, directory);
	}

	@AfterAll
	static void stop() {
		if (browser != null) {
			browser.close();
		}
		servers.values().forEach(TestServer::close);
		servers.clear();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void aPageThatIsLoadedAgainInTheMiddleShowsTheAnswerFromItsStart(ServerKind kind) {
		this.server = server(kind);
		Paced<ChatResponse> model = model();
		Page page = ask(this.server.port());
		say(model, "", "Once", " upon");
		Patience.await(page, () -> assertThat(answer(page)).isEqualTo("Once upon"));
		Page reloaded = load(this.server.port());
		Patience.await(reloaded, () -> assertThat(answer(reloaded)).isEqualTo("Once upon"));
		say(model, " a", "\n\ntime \u20AC");
		Patience.await(reloaded, () -> assertThat(answer(reloaded)).isEqualTo("Once upon a\n\ntime \u20AC"));
		model.say(PacedChatModel.usage(10, 5)).end();
		awaitEnd(reloaded);
		assertThat(state(reloaded).path("messages").values()).extracting((message) -> message.path("role").asString())
			.containsExactly("user", "assistant");
		assertThat(answer(reloaded)).isEqualTo("Once upon a\n\ntime \u20AC");
		assertThat(state(reloaded).findValues("type").toString()).contains("data-usage");
		assertThat(model.subscriptions()).isEqualTo(1);
		assertThat(model.cancellations()).isZero();
		assertThat(failures(reloaded)).isEmpty();
	}

	@Test
	void aPageThatIsLoadedAfterTheEndShowsTheStoredAnswer() {
		Paced<ChatResponse> model = model();
		Page page = ask(this.server.port());
		say(model, "Once").end();
		awaitEnd(page);
		Page reloaded = load(this.server.port());
		Awaitility.await().untilAsserted(() -> assertThat(resumes()).containsExactly(204));
		Patience.await(reloaded, () -> assertThat(answer(reloaded)).isEqualTo("Once"));
		assertThat(state(reloaded).path("status").asString()).isEqualTo("ready");
		assertThat(state(reloaded).path("messages")).hasSize(2);
		assertThat(failures(reloaded)).isEmpty();
	}

	@Test
	void aPageThatHasNotAskedAnythingIsReady() {
		Page page = load(this.server.port());
		Awaitility.await().untilAsserted(() -> assertThat(resumes()).containsExactly(204));
		Patience.await(page, () -> assertThat(state(page).path("status").asString()).isEqualTo("ready"));
		assertThat(failures(page)).isEmpty();
	}

	@Test
	void aConnectionThatIsKilledInTheMiddleIsResumed() {
		Paced<ChatResponse> model = model();
		TcpProxy proxy = this.closing.add(new TcpProxy(this.server.port()));
		StringBuffer given = new StringBuffer();
		proxy.watch(given::append);
		Page page = ask(proxy.port());
		say(model, "Once", " upon");
		Patience.await(page, () -> assertThat(answer(page)).isEqualTo("Once upon"));
		Patience.await(page, () -> assertThat(given).containsPattern("(: heartbeat[^:]*){3}"));
		assertThat(given).contains("x-vercel-ai-ui-message-stream: v1").contains("Content-Type: text/event-stream");
		assertThat(failures(page)).isEmpty();
		proxy.cut();
		say(model, " a");
		Patience.await(page, () -> assertThat(failures(page)).isNotEmpty());
		proxy.leadTo(this.server.port());
		Patience.await(page, () -> assertThat(answer(page)).isEqualTo("Once upon a"));
		say(model, " time").end();
		awaitEnd(page);
		assertThat(answer(page)).isEqualTo("Once upon a time");
		assertThat(state(page).path("messages")).hasSize(2);
		assertThat(model.subscriptions()).isEqualTo(1);
	}

	@Test
	void asksTheNextQuestionInTheSameChat() {
		Paced<ChatResponse> model = model();
		Page page = ask(this.server.port());
		say(model, "Once").end();
		awaitEnd(page);
		String next = this.question + ", and then";
		Paced<ChatResponse> nextModel = this.server.bean(PacedChatModel.class).answer(next);
		Page nextPage = show(this.server.port(), next);
		say(nextModel, "Twice");
		Patience.await(nextPage, () -> assertThat(answer(nextPage)).isEqualTo("Twice"));
		nextModel.end();
		awaitEnd(nextPage);
		assertThat(state(nextPage).path("messages")).hasSize(4);
	}

	@Test
	void toolsAreShown() {
		Paced<ChatResponse> model = model();
		Paced<ChatResponse> after = this.server.bean(PacedChatModel.class).answerAfterTools(this.question);
		Page page = ask(this.server.port());
		say(model, "Let me see.");
		model.say(PacedChatModel.call("copies", "{\"title\":\"Emma\"}"), PacedChatModel.usage(7, 3)).end();
		Patience.await(page, () -> assertThat(state(page).findValues("output")).hasSize(1));
		say(after, "There are", " two.");
		Page reloaded = load(this.server.port());
		Patience.await(reloaded, () -> assertThat(answer(reloaded)).isEqualTo("Let me see.There are two."));
		after.say(PacedChatModel.usage(20, 2)).end();
		awaitEnd(reloaded);
		JsonNode parts = state(reloaded).path("messages").path(1).path("parts");
		assertThat(parts.values()).extracting((part) -> part.path("type").asString())
			.containsExactly("text", "tool-copies", "data-usage", "text");
		assertThat(parts.path(1).path("state").asString()).isEqualTo("output-available");
		assertThat(parts.path(1).path("input").path("title").asString()).isEqualTo("Emma");
		assertThat(parts.path(1).path("output").asString()).contains("two copies of Emma");
		assertThat(lines(reloaded, "tool")).as("calls that the page is to make").isEmpty();
		assertThat(parts.path(2).path("data").path("tokens").asInt()).isEqualTo(32);
		assertThat(failures(reloaded)).isEmpty();
	}

	@Test
	void aFailureIsShownAndNothingOfItsCause() {
		Paced<ChatResponse> model = model();
		Page page = ask(this.server.port());
		say(model, "Once", " upon");
		Patience.await(page, () -> assertThat(answer(page)).isEqualTo("Once upon"));
		model.fail();
		Patience.await(page, () -> assertThat(failures(page)).containsExactly("The answer could not be completed."));
		Patience.await(page, () -> assertThat(lines(page, "status"))
			.anySatisfy((state) -> assertThat(state.path("status").asString()).isEqualTo("error")));
		assertThat(page.told().toString()).doesNotContain("Secret");
	}

	@Test
	void anAnswerIsStoppedInAllWindows() throws Exception {
		Paced<ChatResponse> model = model();
		Page page = ask(this.server.port());
		say(model, "Once", " upon");
		Patience.await(page, () -> assertThat(answer(page)).isEqualTo("Once upon"));
		HttpResponse<Void> response = HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(this.server.uri("/api/chat/" + this.chat.replace(" ", "%20") + "/stream"))
				.DELETE()
				.build(), HttpResponse.BodyHandlers.discarding());
		assertThat(response.statusCode()).isEqualTo(200);
		awaitEnd(page);
		assertThat(answer(page)).isEqualTo("Once upon");
		assertThat(failures(page)).isEmpty();
		Awaitility.await().untilAsserted(() -> assertThat(model.cancellations()).isEqualTo(1));
	}

	private static TestServer server(ServerKind kind) {
		return servers.computeIfAbsent(kind, (key) -> TestServer.start(key, Application.class,
				"sse.heartbeat.interval=100ms", "sse.shutdown.timeout=1s"));
	}

	private Paced<ChatResponse> model() {
		return this.server.bean(PacedChatModel.class).answer(this.question);
	}

	private static Paced<ChatResponse> say(Paced<ChatResponse> model, String... texts) {
		for (String text : texts) {
			model.say(PacedChatModel.text(text));
		}
		return model;
	}

	private Page ask(int port) {
		return show(port, this.question);
	}

	private Page load(int port) {
		return show(port, null);
	}

	private Page show(int port, @Nullable String question) {
		assertThat(browser).isNotNull();
		UriComponentsBuilder page = UriComponentsBuilder
			.fromUriString("http://localhost:{port}/chat?again&chat={chat}");
		return browser.show(
				(question != null) ? page.queryParam("question", "{question}").encode().build(port, this.chat, question)
						: page.encode().build(port, this.chat));
	}

	/**
	 * How those were answered that asked for what is running.
	 */
	private List<Integer> resumes() {
		return this.server.bean(Responses.class)
			.ofPath(this.chat.replace(" ", "%20") + "/stream")
			.stream()
			.map(Responses.Response::status)
			.toList();
	}

	private static void awaitEnd(Page page) {
		Patience.await(page, () -> {
			assertThat(lines(page, "finished")).isNotEmpty();
			assertThat(state(page).path("status").asString()).isEqualTo("ready");
		});
	}

	/**
	 * What the page shows now.
	 */
	private static JsonNode state(Page page) {
		List<JsonNode> states = lines(page, "status");
		assertThat(states).as(page::toString).isNotEmpty();
		return states.get(states.size() - 1);
	}

	private static List<String> failures(Page page) {
		return lines(page, "failed").stream().map((line) -> line.path("failed").asString()).toList();
	}

	private static List<JsonNode> lines(Page page, String name) {
		return page.told().stream().map(json::readTree).filter((line) -> line.has(name)).toList();
	}

	/**
	 * The text of the last message, if that is one of the model.
	 */
	private static String answer(Page page) {
		JsonNode messages = state(page).path("messages");
		JsonNode last = messages.path(messages.size() - 1);
		StringBuilder result = new StringBuilder();
		if (last.path("role").asString().equals("assistant")) {
			last.path("parts").forEach((part) -> result.append(part.path("text").asString("")));
		}
		return result.toString();
	}

	@Configuration(proxyBeanMethods = false)
	@Import({ ChatController.class, ChatPage.class })
	static class Application {

		@Bean
		PacedChatModel model() {
			return new PacedChatModel();
		}

		@Bean
		ChatClient client(ChatModel model, JsonMapper json) {
			return ChatClient.builder(model).defaultTools(new Catalogue()).defaultAdvisors(new ToolParts(json)).build();
		}

		@Bean
		Chats chats() {
			return new Chats();
		}

		@Bean
		Responses responses() {
			return new Responses();
		}

	}

	static class Catalogue {

		@Tool(description = "Tells how many copies of a book there are")
		String copies(@ToolParam(description = "its title") String title) {
			return "two copies of " + title;
		}

	}

	@RestController
	static class ChatPage {

		@GetMapping(path = "/chat", produces = "text/html;charset=UTF-8")
		String page() {
			return """
					<!DOCTYPE html>
					<div id="root"></div>
					<script type="module" src="/chat.js"></script>
					""";
		}

		@GetMapping(path = "/chat.js", produces = "text/javascript;charset=UTF-8")
		byte[] script() throws IOException {
			return Files.readAllBytes(NodeModules.required().resolve("chat.js"));
		}

	}

}
