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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Makes the parts of a UI message of what a {@code ChatClient} streams. For one answer.
 */
final class UiMessageParts {

	private boolean inText;

	private UiMessageParts() {
	}

	/**
	 * Return the parts of a message.
	 * @param id the id under which the message will be stored
	 * @param answer what the model says
	 * @return the parts
	 */
	static Flux<Object> of(String id, Flux<ChatResponse> answer) {
		UiMessageParts parts = new UiMessageParts();
		return Flux.concat(Flux.just(Map.of("type", "start", "messageId", id)), answer.flatMapIterable(parts::of),
				Flux.defer(() -> Flux.fromIterable(parts.finish())));
	}

	private List<Object> of(ChatResponse response) {
		List<Object> parts = new ArrayList<>();
		List<Object> toolParts = response.getMetadata().getOrDefault(ToolParts.KEY, List.of());
		if (!toolParts.isEmpty()) {
			endText(parts);
			parts.addAll(toolParts);
		}
		String text = text(response);
		if (!text.isEmpty()) {
			if (!this.inText) {
				this.inText = true;
				parts.add(Map.of("type", "text-start", "id", "text"));
			}
			parts.add(Map.of("type", "text-delta", "id", "text", "delta", text));
		}
		int tokens = response.getMetadata().getUsage().getTotalTokens();
		if (tokens > 0) {
			parts.add(Map.of("type", "data-usage", "id", "usage", "data", Map.of("tokens", tokens)));
		}
		return parts;
	}

	private List<Object> finish() {
		List<Object> parts = new ArrayList<>();
		endText(parts);
		parts.add(Map.of("type", "finish"));
		return parts;
	}

	private void endText(List<Object> parts) {
		if (this.inText) {
			this.inText = false;
			parts.add(Map.of("type", "text-end", "id", "text"));
		}
	}

	/**
	 * Return the text of a response, which not each one has.
	 * @param response the response
	 * @return the text
	 */
	static String text(ChatResponse response) {
		String text = (response.getResult() != null) ? response.getResult().getOutput().getText() : null;
		return (text != null) ? text : "";
	}

}
