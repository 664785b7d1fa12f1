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

import java.util.List;
import java.util.Optional;

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

interface CopyRepository extends Repository<CopyView, Long> {

	Optional<CopyView> findById(long id);

	List<CopyView> findByBranchOrderByTitle(String branch);

	List<CopyView> findByBranchAndAvailableOrderByTitle(String branch, boolean available);

	List<CopyView> findByBranchAndBookIdOrderById(String branch, long bookId);

	/**
	 * Take a copy from its shelf, if it is there. The database decides between concurrent
	 * transactions on all nodes: only one of them updates the row.
	 * @param id the id of the copy
	 * @return whether the copy was there
	 */
	@Modifying
	@Query("update copy set on_loan = true where id = :id and not on_loan")
	boolean take(long id);

	@Modifying
	@Query("update copy set on_loan = false where id = :id")
	void putBack(long id);

	/**
	 * Find a copy if it is on loan, and lock it until the transaction ends, so that it
	 * cannot be returned.
	 * @param id the id of the copy
	 * @return the id, if the copy is on loan
	 */
	@Query("select id from copy where id = :id and on_loan for update")
	Optional<Long> holdOnLoan(long id);

	/**
	 * Add a copy of a book at three of the four branches, as data.sql does.
	 * @param isbn the ISBN of the book
	 */
	@Modifying
	@Query("""
			insert into copy (id, book_id, branch)
			select book.id * 10 + shelf.number, book.id, shelf.branch
			from book
			cross join (values (1, 'north'), (2, 'south'), (3, 'harbour'), (4, 'hillside')) as shelf (number, branch)
			where book.isbn = :isbn and mod(book.id + shelf.number, 4) <> 0
			""")
	void addCopies(String isbn);

}
