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

import java.util.List;
import java.util.Objects;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.member.Member;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The messages of members, and who is writing.
 *
 * @since 0.1.0
 */
@Service
@Transactional
public class ReadingRoom {

	/** The topic of messages. */
	public static final String MESSAGES = "chat";

	/**
	 * The topic of members who are writing. It is a separate topic because
	 * application.yml keeps its events for a few seconds only: a client that reconnects
	 * should receive the messages that it missed, but not these events.
	 */
	public static final String TYPING = "typing";

	private final MessageRepository messages;

	private final MessageViewRepository views;

	private final SseOperations sse;

	ReadingRoom(MessageRepository messages, MessageViewRepository views, SseOperations sse) {
		this.messages = messages;
		this.views = views;
		this.sse = sse;
	}

	/**
	 * Return the newest messages.
	 * @return the messages, newest first
	 */
	@Transactional(readOnly = true)
	public List<MessageView> newest() {
		return this.views.findTop50ByOrderByIdDesc();
	}

	MessageView write(Member author, String text) {
		Message message = this.messages.save(Message.of(author.id(), text));
		MessageView view = this.views.findById(Objects.requireNonNull(message.id())).orElseThrow();
		this.sse.publish(MESSAGES, SseEvent.of("message", view));
		return view;
	}

	/**
	 * Notify all other clients that a member is writing.
	 * @param author the member
	 * @param streamId the id of the member's own stream
	 */
	void typing(Member author, String streamId) {
		this.sse.publish(TYPING, SseEvent.of("typing", author.name()).exceptStream(streamId));
	}

}
