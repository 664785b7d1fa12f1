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

package io.github.springsse.sample.chat;

import java.security.Principal;
import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.sample.member.Members;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class ChatController {

	private final ReadingRoom room;

	private final Members members;

	ChatController(ReadingRoom room, Members members) {
		this.room = room;
		this.members = members;
	}

	@GetMapping("/chat/feed")
	@SseTopic({ ReadingRoom.MESSAGES, ReadingRoom.TYPING })
	List<MessageView> messages() {
		return this.room.newest();
	}

	@PostMapping("/me/messages")
	@ResponseStatus(HttpStatus.CREATED)
	MessageView write(Principal author, @Valid NewMessage message) {
		return this.room.write(this.members.member(author), message.text());
	}

	@PostMapping("/me/typing")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void typing(Principal author, @RequestParam String stream) {
		this.room.typing(this.members.member(author), stream);
	}

}
