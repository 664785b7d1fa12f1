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

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.support.LibraryTest;
import io.github.springsse.sample.web.ConflictException;
import io.github.springsse.sample.web.NotFoundException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Lending}.
 */
@LibraryTest
class LendingTests {

	private static final int MEMBER = 3;

	private static final int OTHER_MEMBER = 4;

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	private List<LoanView> openBefore = List.of();

	@BeforeEach
	void rememberOpenLoans() {
		this.openBefore = this.lending.openLoans();
	}

	@AfterEach
	void giveBackAllOthers() {
		this.lending.openLoans()
			.stream()
			.filter((loan) -> !this.openBefore.contains(loan))
			.forEach((loan) -> this.lending.giveBack(loan.id()));
	}

	@Test
	void whatIsBorrowedIsNoLongerAvailable() {
		CopyView copy = anyCopy();
		LoanView loan = this.lending.borrowCopy(copy.branch(), copy.id(), MEMBER);
		assertThat(loan.copyId()).isEqualTo(copy.id());
		assertThat(loan.title()).isEqualTo(copy.title());
		assertThat(loan.member()).isEqualTo("Callum Dunwick");
		assertThat(loan.dueAt()).isAfter(loan.borrowedAt());
		assertThat(loan.returnedAt()).isNull();
		assertThat(this.catalogue.copy(copy.id()).available()).isFalse();
		assertThat(this.lending.openLoans(copy.branch())).contains(loan);
		assertThat(this.lending.openLoans()).contains(loan);
	}

	@Test
	void whatIsReturnedIsAvailableAgain() {
		CopyView copy = anyCopy();
		LoanView loan = this.lending.borrowCopy(copy.branch(), copy.id(), MEMBER);
		LoanView returned = this.lending.giveBack(loan.id());
		assertThat(returned.id()).isEqualTo(loan.id());
		assertThat(returned.returnedAt()).isAfterOrEqualTo(loan.borrowedAt());
		assertThat(this.catalogue.copy(copy.id()).available()).isTrue();
		assertThat(this.lending.openLoans(copy.branch())).extracting(LoanView::id).doesNotContain(loan.id());
		assertThat(this.lending.borrowCopy(copy.branch(), copy.id(), OTHER_MEMBER).id()).isNotEqualTo(loan.id());
	}

	@Test
	void copyOnLoanIsRefused() {
		CopyView copy = anyCopy();
		LoanView loan = this.lending.borrowCopy(copy.branch(), copy.id(), MEMBER);
		assertThatExceptionOfType(ConflictException.class)
			.isThrownBy(() -> this.lending.borrowCopy(copy.branch(), copy.id(), OTHER_MEMBER))
			.withMessage("Copy %d of '%s' is on loan since %s, due %s".formatted(copy.id(), copy.title(),
					loan.borrowedAt().toString().substring(0, 10), loan.dueAt().toString().substring(0, 10)));
	}

	@Test
	void loanIsReturnedOnce() {
		CopyView copy = anyCopy();
		LoanView loan = this.lending.borrowCopy(copy.branch(), copy.id(), MEMBER);
		this.lending.giveBack(loan.id());
		assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> this.lending.giveBack(loan.id()))
			.withMessage("Copy %d of '%s' has been returned already".formatted(copy.id(), copy.title()));
	}

	@Test
	void bookIsBorrowedWhileThereIsACopy() {
		CopyView copy = anyCopy();
		LoanView loan = this.lending.borrowBook(copy.branch(), copy.bookId(), MEMBER);
		assertThat(loan.copyId()).isEqualTo(copy.id());
		assertThatExceptionOfType(ConflictException.class)
			.isThrownBy(() -> this.lending.borrowBook(copy.branch(), copy.bookId(), OTHER_MEMBER))
			.withMessage("No copy of '%s' is available at the branch '%s'".formatted(copy.title(), copy.branch()));
	}

	@Test
	void whatDoesNotExistIsNotFound() {
		CopyView copy = anyCopy();
		String elsewhere = copy.branch().equals("north") ? "south" : "north";
		assertNotFound(() -> this.lending.borrowCopy("west", copy.id(), MEMBER), "There is no branch 'west'");
		assertNotFound(() -> this.lending.borrowCopy(elsewhere, copy.id(), MEMBER),
				"Copy %d of '%s' is at the branch '%s', not at '%s'".formatted(copy.id(), copy.title(), copy.branch(),
						elsewhere));
		assertNotFound(() -> this.lending.borrowCopy(copy.branch(), 9999, MEMBER), "There is no copy 9999");
		assertNotFound(() -> this.lending.borrowCopy(copy.branch(), copy.id(), 99), "There is no member 99");
		assertNotFound(() -> this.lending.borrowBook(copy.branch(), 99, MEMBER), "There is no book 99");
		assertNotFound(() -> this.lending.giveBack(9999), "There is no loan 9999");
		assertThat(this.catalogue.copy(copy.id()).available()).isTrue();
	}

	@Test
	void ofManyAtOnceOneBorrowsACopy() throws Exception {
		CopyView copy = anyCopy();
		List<LoanView> loans = atOnce((member) -> this.lending.borrowCopy(copy.branch(), copy.id(), member % 25 + 1));
		assertThat(loans).hasSize(1);
		assertThat(this.lending.openLoans(copy.branch())).filteredOn((loan) -> loan.copyId().equals(copy.id()))
			.isEqualTo(loans);
	}

	@Test
	void ofManyAtOnceOneReturnsALoan() throws Exception {
		CopyView copy = anyCopy();
		long loan = this.lending.borrowCopy(copy.branch(), copy.id(), MEMBER).id();
		assertThat(atOnce((member) -> this.lending.giveBack(loan))).hasSize(1);
	}

	private CopyView anyCopy() {
		return this.catalogue.branches()
			.stream()
			.flatMap((branch) -> this.catalogue.copies(branch.code(), true).stream())
			.findAny()
			.orElseThrow();
	}

	private void assertNotFound(ThrowingCallable call, String message) {
		assertThatExceptionOfType(NotFoundException.class).isThrownBy(call).withMessage(message);
	}

	/**
	 * Let many threads do something at once.
	 * @param action what to do, given the number of the thread
	 * @return what those got who were not refused
	 */
	private List<LoanView> atOnce(IntFunction<LoanView> action) throws Exception {
		int threads = 32;
		CyclicBarrier barrier = new CyclicBarrier(threads);
		ExecutorService executor = Executors.newFixedThreadPool(threads);
		try {
			List<Future<Optional<LoanView>>> attempts = IntStream.range(0, threads)
				.mapToObj((i) -> executor.submit(() -> {
					barrier.await();
					return attempt(() -> action.apply(i));
				}))
				.toList();
			List<LoanView> loans = new ArrayList<>();
			for (Future<Optional<LoanView>> attempt : attempts) {
				attempt.get(20, TimeUnit.SECONDS).ifPresent(loans::add);
			}
			return loans;
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static Optional<LoanView> attempt(Supplier<LoanView> action) {
		try {
			return Optional.of(action.get());
		}
		catch (ConflictException ex) {
			return Optional.empty();
		}
	}

}
