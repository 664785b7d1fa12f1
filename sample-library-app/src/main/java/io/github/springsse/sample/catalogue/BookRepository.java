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

import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

interface BookRepository extends Repository<Book, Long> {

	Optional<Book> findById(long id);

	/**
	 * Add a book, unless there is one with this ISBN.
	 * @param book the book
	 * @return whether it was added
	 */
	@Modifying
	@Query("""
			insert into book (id, title, author, isbn, published)
			values (nextval('book_id'), :#{#book.title}, :#{#book.author}, :#{#book.isbn}, :#{#book.published})
			on conflict do nothing
			""")
	boolean add(NewBook book);

}
