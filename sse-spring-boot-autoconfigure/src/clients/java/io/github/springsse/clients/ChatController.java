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

import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

import io.github.springsse.SseAnswer;
import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;
import io.github.springsse.UiMessageFormat;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * A chat for {@code useChat} of the AI SDK with a {@code ChatClient} of Spring AI, as the
 * documentation has it.
 */
@RestController
final class ChatController {

	private final ChatClient client;

	private final Chats chats;

	private final SseOperations sse;

	ChatController(ChatClient client, Chats chats, SseOperations sse) {
		this.client = client;
		this.chats = chats;
		this.sse = sse;
	}

	@GetMapping("/api/chat/{id}")
	List<Chats.Message> messages(@PathVariable String id) {
		return this.chats.messages(id);
	}

	@PostMapping("/api/chat/{id}")
	@SseTopic("chats/{id}")
	@SseAnswer(format = UiMessageFormat.class, startAgain = true)
	Supplier<Flux<Object>> ask(@PathVariable String id, @RequestBody Question question) {
		return () -> {
			this.chats.add(id, question.message());
			String answerId = UUID.randomUUID().toString();
			StringBuilder text = new StringBuilder();
			Flux<ChatResponse> answer = this.client.prompt()
				.user(question.message().text())
				.stream()
				.chatResponse()
				.doOnNext((response) -> text.append(UiMessageParts.text(response)))
				.doOnComplete(() -> this.chats.add(id, Chats.Message.answer(answerId, text.toString())));
			return UiMessageParts.of(answerId, answer);
		};
	}

	@GetMapping("/api/chat/{id}/stream")
	@SseTopic("chats/{id}")
	@SseAnswer(format = UiMessageFormat.class, noContentWhenEnded = true)
	@Nullable Flux<Object> resume(@PathVariable String id) {
		return null;
	}

	@DeleteMapping("/api/chat/{id}/stream")
	void stop(@PathVariable String id) {
		this.sse.cancel("chats/" + id);
	}

	/**
	 * What the page sends.
	 *
	 * @param message the message of the user
	 */
	record Question(Chats.Message message) {

	}

}
