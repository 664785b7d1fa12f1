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
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

interface QuestionRepository extends Repository<Question, Long> {

	Question save(Question question);

	Optional<Question> findByIdAndMemberId(long id, long memberId);

	List<Question> findTop20ByMemberIdOrderByIdDesc(long memberId);

	/**
	 * Store the answer to a question, unless one is stored.
	 * @param id the id of the question
	 * @param answer the text of the answer
	 * @param complete whether the answer was written to its end
	 */
	@Modifying
	@Query("update question set answer = :answer, complete = :complete where id = :id and answer is null")
	void storeAnswer(long id, String answer, boolean complete);

}
