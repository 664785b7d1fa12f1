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

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

interface LoanRepository extends Repository<Loan, Long> {

	Loan save(Loan loan);

	/**
	 * Close a loan, if it is open. As with copies, the database decides which transaction
	 * is first.
	 * @param id the id of the loan
	 * @param now when the copy came back
	 * @return whether the loan was open
	 */
	@Modifying
	@Query("update loan set returned_at = :now where id = :id and returned_at is null")
	boolean close(long id, Instant now);

}
