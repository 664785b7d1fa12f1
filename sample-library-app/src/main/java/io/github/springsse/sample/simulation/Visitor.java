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

package io.github.springsse.sample.simulation;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.github.springsse.sample.catalogue.Branch;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.web.ConflictException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * A visitor, who borrows or returns a book at random.
 */
@Component
class Visitor {

	/**
	 * The approximate number of open loans in the long run.
	 */
	private static final int USUAL_LOANS = 16;

	private static final Logger logger = LoggerFactory.getLogger(Visitor.class);

	private final Catalogue catalogue;

	private final Members members;

	private final Lending lending;

	Visitor(Catalogue catalogue, Members members, Lending lending) {
		this.catalogue = catalogue;
		this.members = members;
		this.lending = lending;
	}

	void visit() {
		List<LoanView> loans = this.lending.openLoans();
		try {
			if (ThreadLocalRandom.current().nextInt(loans.size() + USUAL_LOANS) < loans.size()) {
				this.lending.giveBack(anyOf(loans).id());
			}
			else {
				borrow();
			}
		}
		catch (ConflictException ex) {
			logger.debug("Another visitor was faster", ex);
		}
	}

	private void borrow() {
		Branch branch = anyOf(this.catalogue.branches());
		List<CopyView> copies = this.catalogue.copies(branch.code(), true);
		if (!copies.isEmpty()) {
			Member member = anyOf(this.members.all());
			this.lending.borrowCopy(branch.code(), anyOf(copies).id(), member.id());
		}
	}

	private static <T> T anyOf(List<T> list) {
		return list.get(ThreadLocalRandom.current().nextInt(list.size()));
	}

}
