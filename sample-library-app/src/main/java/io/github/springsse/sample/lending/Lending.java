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
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.web.ConflictException;
import io.github.springsse.sample.web.NotFoundException;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Lends and takes back copies, each in a transaction, and publishes the loans and returns
 * to the topic of the branch, {@code branches/{branch}/loans}.
 * <p>
 * An event is published in the transaction and sent after the commit. If the transaction
 * fails, the event is not sent.
 *
 * @since 0.1.0
 */
@Service
@Transactional
public class Lending {

	private final Catalogue catalogue;

	private final Members members;

	private final LoanRepository loans;

	private final LoanViewRepository views;

	private final SseOperations sse;

	private final ApplicationEventPublisher events;

	Lending(Catalogue catalogue, Members members, LoanRepository loans, LoanViewRepository views, SseOperations sse,
			ApplicationEventPublisher events) {
		this.catalogue = catalogue;
		this.members = members;
		this.loans = loans;
		this.views = views;
		this.sse = sse;
		this.events = events;
	}

	/**
	 * Lend a copy to a member.
	 * @param branch the code of the branch
	 * @param copyId the id of the copy
	 * @param memberId the id of the member
	 * @return the loan
	 * @throws ConflictException if the copy is on loan
	 * @throws NotFoundException if there is no such copy at the branch, or no such member
	 */
	public LoanView borrowCopy(String branch, long copyId, long memberId) {
		CopyView copy = this.catalogue.copy(copyId);
		if (!copy.branch().equals(this.catalogue.branch(branch).code())) {
			throw new NotFoundException("Copy %d of '%s' is at the branch '%s', not at '%s'".formatted(copyId,
					copy.title(), copy.branch(), branch));
		}
		this.members.member(memberId);
		if (!this.catalogue.take(copy)) {
			throw onLoan(copy);
		}
		return lend(copy, memberId);
	}

	/**
	 * Lend any available copy of a book to a member.
	 * @param branch the code of the branch
	 * @param bookId the id of the book
	 * @param memberId the id of the member
	 * @return the loan
	 * @throws ConflictException if no copy is available
	 * @throws NotFoundException if there is no such branch, book or member
	 */
	public LoanView borrowBook(String branch, long bookId, long memberId) {
		List<CopyView> copies = this.catalogue.copies(branch, bookId);
		this.members.member(memberId);
		return copies.stream()
			.filter(this.catalogue::take)
			.findFirst()
			.map((copy) -> lend(copy, memberId))
			.orElseThrow(() -> new ConflictException("No copy of '%s' is available at the branch '%s'"
				.formatted(this.catalogue.book(bookId).title(), branch)));
	}

	/**
	 * Take back a copy.
	 * @param loanId the id of the loan
	 * @return the loan, closed
	 * @throws ConflictException if the loan is closed already
	 * @throws NotFoundException if there is no such loan
	 */
	public LoanView giveBack(long loanId) {
		LoanView loan = loan(loanId);
		if (!this.loans.close(loanId, Instant.now().truncatedTo(ChronoUnit.SECONDS))) {
			throw new ConflictException(
					"Copy %d of '%s' has been returned already".formatted(loan.copyId(), loan.title()));
		}
		this.catalogue.putBack(loan.copyId());
		LoanView returned = publish("returned", loan(loanId));
		this.events.publishEvent(new Returned(returned));
		return returned;
	}

	@Transactional(readOnly = true)
	LoanView loan(long id) {
		return this.views.findById(id).orElseThrow(() -> new NotFoundException("There is no loan %d".formatted(id)));
	}

	/**
	 * Return the open loans of all branches.
	 * @return the loans, newest first
	 */
	@Transactional(readOnly = true)
	public List<LoanView> openLoans() {
		return this.views.findByReturnedAtIsNullOrderByIdDesc();
	}

	/**
	 * Return the open loans of a branch.
	 * @param branch the code of the branch
	 * @return the loans, newest first
	 * @throws NotFoundException if there is no such branch
	 */
	@Transactional(readOnly = true)
	public List<LoanView> openLoans(String branch) {
		return this.views.findByBranchAndReturnedAtIsNullOrderByIdDesc(this.catalogue.branch(branch).code());
	}

	private LoanView lend(CopyView copy, long memberId) {
		this.loans.save(Loan.of(copy.id(), memberId));
		return publish("borrowed", openLoanOf(copy).orElseThrow());
	}

	private LoanView publish(String event, LoanView loan) {
		this.sse.publish("branches/" + loan.branch() + "/loans", SseEvent.of(event, loan));
		return loan;
	}

	private ConflictException onLoan(CopyView copy) {
		String details = openLoanOf(copy)
			.map((loan) -> " since %s, due %s".formatted(date(loan.borrowedAt()), date(loan.dueAt())))
			.orElse("");
		return new ConflictException("Copy %d of '%s' is on loan%s".formatted(copy.id(), copy.title(), details));
	}

	private Optional<LoanView> openLoanOf(CopyView copy) {
		return this.views.findByCopyIdAndReturnedAtIsNull(copy.id());
	}

	private static String date(Instant instant) {
		return instant.atOffset(ZoneOffset.UTC).toLocalDate().toString();
	}

}
