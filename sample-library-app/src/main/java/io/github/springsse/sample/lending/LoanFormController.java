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

import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Loans for HTML forms, which end with a redirect to the page (post/redirect/get).
 */
@RestController
class LoanFormController {

	private final Lending lending;

	LoanFormController(Lending lending) {
		this.lending = lending;
	}

	@PostMapping(path = "/branches/{branch}/loans", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	ResponseEntity<Void> borrow(@PathVariable String branch, @Valid BorrowRequest request) {
		return pageOf(request.borrow(this.lending, branch));
	}

	@PostMapping(path = "/loans/{id}/return", consumes = MediaType.APPLICATION_FORM_URLENCODED_VALUE)
	ResponseEntity<Void> giveBack(@PathVariable long id) {
		return pageOf(this.lending.giveBack(id));
	}

	private static ResponseEntity<Void> pageOf(LoanView loan) {
		return ResponseEntity.status(HttpStatus.SEE_OTHER).location(URI.create("/?branch=" + loan.branch())).build();
	}

}
