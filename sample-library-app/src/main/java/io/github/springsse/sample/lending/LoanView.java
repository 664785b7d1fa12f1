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

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A loan with the data of its book and member, as the feed sends it.
 *
 * @param id the id of the loan
 * @param copyId the id of the copy
 * @param title the title of the book
 * @param author the author of the book
 * @param member the name of the member
 * @param branch the code of the branch
 * @param borrowedAt when the copy was borrowed
 * @param dueAt when the copy is due
 * @param returnedAt when it was returned, or {@code null} while the loan is open
 * @since 0.1.0
 */
@Table
public record LoanView(@Id Long id, Long copyId, String title, String author, String member, String branch,
		Instant borrowedAt, Instant dueAt, @Nullable Instant returnedAt) {

}
