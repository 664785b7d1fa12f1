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

import reactor.core.publisher.Flux;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.util.StringUtils;

/**
 * Adds the parts of a UI message for the tools that a model uses. A {@code ChatClient}
 * that calls them itself leaves them out of its stream.
 */
final class ToolParts implements StreamAdvisor {

	/**
	 * Where a response has the parts. The name "toolCalls" has a meaning in Spring AI.
	 */
	static final String KEY = "ui-parts";

	private final JsonMapper json;

	ToolParts(JsonMapper json) {
		this.json = json;
	}

	@Override
	public String getName() {
		return "Tool Parts";
	}

	/**
	 * After the advisor that calls the tools, which asks the model again.
	 */
	@Override
	public int getOrder() {
		return ToolCallingAdvisor.DEFAULT_ORDER + 1;
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		Flux<ChatClientResponse> responses = chain.nextStream(request).concatMap(this::withCalls);
		List<Message> messages = request.prompt().getInstructions();
		return (messages.get(messages.size() - 1) instanceof ToolResponseMessage results)
				? responses.startWith(response(request.context(), ofResults(results))) : responses;
	}

	private Flux<ChatClientResponse> withCalls(ChatClientResponse response) {
		ChatResponse chat = response.chatResponse();
		return (chat != null && chat.hasToolCalls()) ? Flux
			.just(response(response.context(), ofCalls(chat.getResult().getOutput().getToolCalls())), response)
				: Flux.just(response);
	}

	private List<Object> ofCalls(List<ToolCall> calls) {
		return calls.stream()
			.<Object>map((call) -> Map.of("type", "tool-input-available", "toolCallId", call.id(), "toolName",
					call.name(), "input", input(call), "providerExecuted", true))
			.toList();
	}

	private Map<?, ?> input(ToolCall call) {
		return StringUtils.hasText(call.arguments()) ? this.json.readValue(call.arguments(), Map.class) : Map.of();
	}

	private List<Object> ofResults(ToolResponseMessage results) {
		return results.getResponses()
			.stream()
			.<Object>map((result) -> Map.of("type", "tool-output-available", "toolCallId", result.id(), "output",
					result.responseData(), "providerExecuted", true))
			.toList();
	}

	private static ChatClientResponse response(Map<String, Object> context, List<Object> parts) {
		ChatResponse response = ChatResponse.builder().generations(List.of()).metadata(KEY, parts).build();
		return ChatClientResponse.builder().chatResponse(response).context(context).build();
	}

}
