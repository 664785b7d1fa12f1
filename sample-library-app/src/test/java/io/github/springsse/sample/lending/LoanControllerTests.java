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

import java.net.http.HttpResponse;

import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoanController} and {@link LoanFormController}.
 */
@LibraryTest
class LoanControllerTests {

	private static final String LOANS = "/branches/north/loans";

	@LocalServerPort
	private int port;

	private LibraryClient client;

	private long copyId;

	@BeforeEach
	void chooseCopy() {
		this.client = new LibraryClient(this.port);
		this.copyId = json("/branches/north/copies?available=true").get(0).get("id").asLong();
	}

	@Test
	void jsonBorrowsAndReturns() {
		HttpResponse<String> response = borrow(this.copyId);
		JsonNode loan = this.client.json(response);
		assertThat(response.statusCode()).isEqualTo(201);
		assertThat(response.headers().firstValue("Location")).hasValue("/loans/" + loan.get("id"));
		assertThat(loan.propertyNames()).containsExactly("id", "copyId", "title", "author", "member", "branch",
				"borrowedAt", "dueAt", "returnedAt");
		assertThat(loan.get("member").asString()).isEqualTo("Callum Dunwick");
		assertThat(json("/loans/" + loan.get("id"))).isEqualTo(loan);
		assertThat(json(LOANS)).contains(loan);

		HttpResponse<String> returned = this.client.post("/loans/" + loan.get("id") + "/return");
		assertThat(returned.statusCode()).isEqualTo(200);
		assertThat(this.client.json(returned).get("returnedAt").isString()).isTrue();
		assertThat(json(LOANS)).doesNotContain(loan);
	}

	@Test
	void formBorrowsAndReturnsWithRedirectToThePage() {
		HttpResponse<String> borrowed = this.client.postForm(LOANS, "copyId=" + this.copyId + "&memberId=3");
		assertThat(borrowed.statusCode()).isEqualTo(303);
		assertThat(borrowed.headers().firstValue("Location")).hasValue("/?branch=north");
		JsonNode loan = json(LOANS).get(0);
		assertThat(loan.get("copyId").asLong()).isEqualTo(this.copyId);

		HttpResponse<String> returned = this.client.postForm("/loans/" + loan.get("id") + "/return", "");
		assertThat(returned.statusCode()).isEqualTo(303);
		assertThat(returned.headers().firstValue("Location")).hasValue("/?branch=north");
		assertThat(json(LOANS)).doesNotContain(loan);
	}

	@Test
	void formBorrowsAnyCopyOfABook() {
		long bookId = json("/branches/south/copies?available=true").get(0).get("bookId").asLong();
		String form = "bookId=" + bookId + "&memberId=3";
		assertThat(this.client.postForm("/branches/south/loans", form).statusCode()).isEqualTo(303);
		assertThat(this.client.postForm("/branches/south/loans", form).statusCode()).isEqualTo(409);
	}

	@Test
	void copyOnLoanIsAConflict() {
		borrow(this.copyId);
		assertProblem(borrow(this.copyId), 409, "Copy " + this.copyId + " of '", "' is on loan since 20", ", due 20");
		assertProblem(this.client.postForm(LOANS, "copyId=" + this.copyId + "&memberId=4"), 409, "' is on loan since");
	}

	@Test
	void loanReturnedAlreadyIsAConflict() {
		String path = "/loans/" + this.client.json(borrow(this.copyId)).get("id") + "/return";
		this.client.post(path);
		assertProblem(this.client.post(path), 409, "has been returned already");
	}

	@Test
	void whatDoesNotExistIsNotFound() {
		assertProblem(borrow(9999), 404, "There is no copy 9999");
		assertProblem(this.client.postForm("/branches/west/loans", "copyId=11&memberId=3"), 404,
				"There is no branch 'west'");
		assertProblem(this.client.post("/loans/9999/return"), 404, "There is no loan 9999");
		assertProblem(this.client.get("/loans/9999"), 404, "There is no loan 9999");
		assertProblem(this.client.get("/branches/west/loans"), 404, "There is no branch 'west'");
	}

	@ParameterizedTest
	@CsvSource(quoteCharacter = '"', textBlock = """
			copyId=11                      | memberId is missing
			memberId=3                     | either copyId or bookId is needed
			memberId=3&copyId=11&bookId=1  | either copyId or bookId is needed
			memberId=3&copyId=Emma         | copyId must be the number of a copy
			memberId=me&copyId=11          | memberId must be the number of a member
			""", delimiter = '|')
	void badFormIsRefused(String form, String detail) {
		assertProblem(this.client.postForm(LOANS, form), 400, detail);
	}

	@Test
	void badJsonIsRefused() {
		assertProblem(this.client.postJson(LOANS, "{}"), 400, "memberId is missing", "either copyId or bookId");
		assertProblem(this.client.postJson(LOANS, "{"), 400, "The body is not JSON such as");
		assertProblem(this.client.postJson(LOANS, "{\"copyId\": \"Emma\"}"), 400, "The body is not JSON such as");
		assertProblem(this.client.post("/loans/Emma/return"), 400, "Failed to convert 'id' with value: 'Emma'");
	}

	private HttpResponse<String> borrow(long copyId) {
		return this.client.postJson(LOANS, "{\"copyId\": %d, \"memberId\": 3}".formatted(copyId));
	}

	private JsonNode json(String path) {
		return this.client.json(this.client.get(path));
	}

	private void assertProblem(HttpResponse<String> response, int status, String... detail) {
		assertThat(response.statusCode()).isEqualTo(status);
		assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
		assertThat(this.client.json(response).get("detail").asString()).contains(detail);
	}

}
