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

import java.net.URI;
import java.util.List;

import jakarta.validation.Valid;

import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * Loans as JSON.
 */
@RestController
class LoanController {

	private final Lending lending;

	LoanController(Lending lending) {
		this.lending = lending;
	}

	@GetMapping("/branches/{branch}/loans")
	List<LoanView> openLoans(@PathVariable String branch) {
		return this.lending.openLoans(branch);
	}

	@GetMapping("/loans/{id}")
	LoanView loan(@PathVariable long id) {
		return this.lending.loan(id);
	}

	@PostMapping(path = "/branches/{branch}/loans", consumes = MediaType.APPLICATION_JSON_VALUE)
	ResponseEntity<LoanView> borrow(@PathVariable String branch, @Valid @RequestBody BorrowRequest request) {
		LoanView loan = request.borrow(this.lending, branch);
		return ResponseEntity.created(URI.create("/loans/" + loan.id())).body(loan);
	}

	@PostMapping("/loans/{id}/return")
	LoanView giveBack(@PathVariable long id) {
		return this.lending.giveBack(id);
	}

}
