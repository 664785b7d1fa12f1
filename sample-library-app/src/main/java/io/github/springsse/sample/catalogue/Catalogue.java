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

import io.github.springsse.sample.web.NotFoundException;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * The catalogue of branches, books and copies.
 *
 * @since 0.1.0
 */
@Service
public class Catalogue {

	private final BranchRepository branches;

	private final BookRepository books;

	private final CopyRepository copies;

	Catalogue(BranchRepository branches, BookRepository books, CopyRepository copies) {
		this.branches = branches;
		this.books = books;
		this.copies = copies;
	}

	/**
	 * Return all branches.
	 * @return the branches by name
	 */
	public List<Branch> branches() {
		return this.branches.findAllByOrderByName();
	}

	/**
	 * Return a branch.
	 * @param code the code of the branch
	 * @return the branch
	 * @throws NotFoundException if there is no such branch
	 */
	public Branch branch(String code) {
		return this.branches.findById(code)
			.orElseThrow(() -> new NotFoundException("There is no branch '%s'".formatted(code)));
	}

	/**
	 * Return a book.
	 * @param id the id of the book
	 * @return the book
	 * @throws NotFoundException if there is no such book
	 */
	public Book book(long id) {
		return this.books.findById(id).orElseThrow(() -> new NotFoundException("There is no book %d".formatted(id)));
	}

	/**
	 * Return a copy.
	 * @param id the id of the copy
	 * @return the copy
	 * @throws NotFoundException if there is no such copy
	 */
	public CopyView copy(long id) {
		return this.copies.findById(id).orElseThrow(() -> new NotFoundException("There is no copy %d".formatted(id)));
	}

	/**
	 * Return the copies of a branch.
	 * @param branch the code of the branch
	 * @return the copies by title
	 * @throws NotFoundException if there is no such branch
	 */
	public List<CopyView> copies(String branch) {
		return this.copies.findByBranchOrderByTitle(branch(branch).code());
	}

	/**
	 * Return the copies of a branch that are on its shelves, or the copies that are not.
	 * @param branch the code of the branch
	 * @param available whether they are on the shelves
	 * @return the copies by title
	 * @throws NotFoundException if there is no such branch
	 */
	public List<CopyView> copies(String branch, boolean available) {
		return this.copies.findByBranchAndAvailableOrderByTitle(branch(branch).code(), available);
	}

	/**
	 * Return the copies that a branch has of a book.
	 * @param branch the code of the branch
	 * @param bookId the id of the book
	 * @return the copies
	 * @throws NotFoundException if there is no such branch or no such book
	 */
	public List<CopyView> copies(String branch, long bookId) {
		return this.copies.findByBranchAndBookIdOrderById(branch(branch).code(), book(bookId).id());
	}

	/**
	 * Add a book, with a copy at three of the branches, unless the library has it.
	 * @param book the book
	 * @return whether it was added
	 */
	@Transactional
	public boolean add(NewBook book) {
		boolean added = this.books.add(book);
		if (added) {
			this.copies.addCopies(book.isbn());
		}
		return added;
	}

	/**
	 * Take a copy from its shelf.
	 * @param copy the copy
	 * @return whether it was on its shelf
	 */
	public boolean take(CopyView copy) {
		return this.copies.take(copy.id());
	}

	/**
	 * Return whether a copy is on loan, and prevent its return until the transaction
	 * ends.
	 * @param copyId the id of the copy
	 * @return whether it is on loan
	 */
	public boolean isHeldOnLoan(long copyId) {
		return this.copies.holdOnLoan(copyId).isPresent();
	}

	/**
	 * Put a copy back on its shelf.
	 * @param copyId the id of the copy
	 */
	public void putBack(long copyId) {
		this.copies.putBack(copyId);
	}

}
