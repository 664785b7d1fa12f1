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

import java.util.List;

import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.web.NotFoundException;

import org.springframework.stereotype.Service;

/**
 * The questions of each member.
 */
@Service
class Questions {

	private final QuestionRepository questions;

	Questions(QuestionRepository questions) {
		this.questions = questions;
	}

	Question ask(Member member, String text) {
		return this.questions.save(Question.of(member.id(), text.strip()));
	}

	/**
	 * Return the last questions of a member.
	 * @param member the member
	 * @return the questions, newest first
	 */
	List<Question> of(Member member) {
		return this.questions.findTop20ByMemberIdOrderByIdDesc(member.id());
	}

	/**
	 * Return a question of a member.
	 * @param member the member
	 * @param id the id of the question
	 * @return the question
	 * @throws NotFoundException if this member has not asked it
	 */
	Question question(Member member, long id) {
		return this.questions.findByIdAndMemberId(id, member.id())
			.orElseThrow(() -> new NotFoundException("You have not asked a question %d".formatted(id)));
	}

	void storeAnswer(long id, String answer, boolean complete) {
		this.questions.storeAnswer(id, answer, complete);
	}

}
