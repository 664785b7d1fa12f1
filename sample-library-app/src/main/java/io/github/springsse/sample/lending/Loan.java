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

package io.github.springsse.sample.lending;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A loan of a copy to a member. It is open until the copy is returned.
 */
@Table
record Loan(@Id @Nullable Long id, long copyId, long memberId, Instant borrowedAt, Instant dueAt,
		@Nullable Instant returnedAt) {

	private static final Duration PERIOD = Duration.ofDays(21);

	static Loan of(long copyId, long memberId) {
		Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
		return new Loan(null, copyId, memberId, now, now.plus(PERIOD), null);
	}

}
