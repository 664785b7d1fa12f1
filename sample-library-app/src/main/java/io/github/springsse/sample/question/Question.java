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

import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A question, with its answer after the answer has ended.
 *
 * @param id the id
 * @param memberId the member who asked
 * @param text the question
 * @param askedAt when it was asked
 * @param answer the text of the answer, {@code null} until the answer has ended
 * @param complete whether the answer was written to its end
 */
@Table
record Question(@Id @Nullable Long id, long memberId, String text, Instant askedAt, @Nullable String answer,
		boolean complete) {

	static Question of(long memberId, String text) {
		return new Question(null, memberId, text, Instant.now().truncatedTo(ChronoUnit.SECONDS), null, false);
	}

}
