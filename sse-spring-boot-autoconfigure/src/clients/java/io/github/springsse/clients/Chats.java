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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/**
 * The messages of chats, as an application stores them.
 */
final class Chats {

	private final Map<String, List<Message>> messages = new ConcurrentHashMap<>();

	void add(String chat, Message message) {
		this.messages.computeIfAbsent(chat, (key) -> new CopyOnWriteArrayList<>()).add(message);
	}

	List<Message> messages(String chat) {
		return this.messages.getOrDefault(chat, List.of());
	}

	/**
	 * A message as the AI SDK has it.
	 *
	 * @param id the id
	 * @param role the role
	 * @param parts the parts
	 */
	record Message(String id, String role, List<Map<String, Object>> parts) {

		static Message answer(String id, String text) {
			return new Message(id, "assistant", List.of(Map.of("type", "text", "text", text)));
		}

		String text() {
			return this.parts.stream().map((part) -> "" + part.getOrDefault("text", "")).collect(Collectors.joining());
		}

	}

}
