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

import java.util.Objects;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.NotNull;
import org.jspecify.annotations.Nullable;

/**
 * A request of a member to borrow a certain copy, or any copy of a book.
 */
record BorrowRequest(@Nullable Long copyId, @Nullable Long bookId,
		@NotNull(message = "memberId is missing") Long memberId) {

	@AssertTrue(message = "either copyId or bookId is needed")
	boolean isEitherCopyOrBook() {
		return (this.copyId == null) != (this.bookId == null);
	}

	LoanView borrow(Lending lending, String branch) {
		if (this.copyId != null) {
			return lending.borrowCopy(branch, this.copyId, this.memberId);
		}
		return lending.borrowBook(branch, Objects.requireNonNull(this.bookId), this.memberId);
	}

}
