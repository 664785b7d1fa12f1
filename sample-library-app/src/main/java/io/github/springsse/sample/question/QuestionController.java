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

package io.github.springsse.sample.question;

import java.net.URI;
import java.security.Principal;
import java.util.List;
import java.util.function.Supplier;

import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;
import io.github.springsse.Topic;
import io.github.springsse.sample.member.Members;
import jakarta.validation.Valid;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/me/questions")
class QuestionController {

	private final Questions questions;

	private final Librarian librarian;

	private final Members members;

	private final SseOperations sse;

	QuestionController(Questions questions, Librarian librarian, Members members, SseOperations sse) {
		this.questions = questions;
		this.librarian = librarian;
		this.members = members;
		this.sse = sse;
	}

	@GetMapping
	List<Question> questions(Principal user) {
		return this.questions.of(this.members.member(user));
	}

	@PostMapping
	ResponseEntity<Question> ask(Principal user, @Valid NewQuestion question) {
		Question asked = this.questions.ask(this.members.member(user), question.text());
		return ResponseEntity.created(URI.create("/me/questions/" + asked.id())).body(asked);
	}

	@GetMapping("/{id}")
	Question question(Principal user, @PathVariable long id) {
		return this.questions.question(this.members.member(user), id);
	}

	/**
	 * The first request starts the answer. Every other request, on any node, receives the
	 * words so far and then the rest. The method runs for each request, and checks that
	 * the member has asked this question. A stored answer is not started again: if its
	 * words are no longer kept, the response is 204.
	 */
	@GetMapping("/{id}/answer")
	@SseTopic("users/{user}/answers/{id}")
	@Nullable Supplier<Flux<String>> answer(Principal user, @PathVariable long id) {
		Question question = this.questions.question(this.members.member(user), id);
		return (question.answer() == null) ? () -> this.librarian.answer(question) : null;
	}

	/**
	 * The topic contains the name of the user, so a member cannot stop the answer of
	 * another.
	 */
	@DeleteMapping("/{id}/answer")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stop(Principal user, @PathVariable long id) {
		this.sse.cancel("users/%s/answers/%d".formatted(Topic.encodeSegment(user.getName()), id));
	}

}
