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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * A model of Spring AI that says what a test has it say. Like those that read over HTTP,
 * it may keep the thread that cancels it.
 */
final class PacedChatModel implements ChatModel {

	private final Map<String, Paced<ChatResponse>> rounds = new ConcurrentHashMap<>();

	private final AtomicInteger cancellations = new AtomicInteger();

	/** What those who cancel wait for. */
	private volatile CountDownLatch stall = new CountDownLatch(0);

	/**
	 * Return what it says to a question at first.
	 * @param question the question
	 * @return what it says
	 */
	Paced<ChatResponse> answer(String question) {
		return round(question, 0);
	}

	/**
	 * Return what it says once it has been told what its tools have found.
	 * @param question the question
	 * @return what it says
	 */
	Paced<ChatResponse> answerAfterTools(String question) {
		return round(question, 1);
	}

	private Paced<ChatResponse> round(String question, long number) {
		return this.rounds.computeIfAbsent(question + " " + number, (key) -> new Paced<>());
	}

	/**
	 * Have those who cancel wait from now on.
	 * @return what they wait for
	 */
	CountDownLatch stall() {
		this.stall = new CountDownLatch(1);
		return this.stall;
	}

	/**
	 * Return how many have cancelled.
	 * @return how many, those that wait among them
	 */
	int cancellations() {
		return this.cancellations.get();
	}

	@Override
	public ChatOptions getOptions() {
		return ToolCallingChatOptions.builder().build();
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		long results = prompt.getInstructions()
			.stream()
			.filter((message) -> message.getMessageType() == MessageType.TOOL)
			.count();
		return round(prompt.getUserMessage().getText(), results).pieces().doOnCancel(this::awaitStall);
	}

	private void awaitStall() {
		this.cancellations.incrementAndGet();
		try {
			this.stall.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static ChatResponse text(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
	}

	static ChatResponse call(String tool, String arguments) {
		return new ChatResponse(List.of(new Generation(AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("call-1", "function", tool, arguments)))
			.build())));
	}

	static ChatResponse usage(int prompt, int completion) {
		return new ChatResponse(List.of(),
				ChatResponseMetadata.builder().usage(new DefaultUsage(prompt, completion)).build());
	}

}
