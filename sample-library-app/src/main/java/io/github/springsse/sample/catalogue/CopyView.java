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

package io.github.springsse.sample.catalogue;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A copy of a book at a branch, with the data of the book.
 *
 * @param id the id
 * @param branch the code of the branch
 * @param bookId the id of the book
 * @param title the title
 * @param author the author
 * @param isbn the ISBN-13, digits only
 * @param published the year of the first publication
 * @param available whether the copy is on its shelf
 * @since 0.1.0
 */
@Table
public record CopyView(@Id Long id, String branch, Long bookId, String title, String author, String isbn, int published,
		boolean available) {

}
