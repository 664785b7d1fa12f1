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

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LoanFeedController}.
 */
@LibraryTest
class LoanFeedTests {

	private final JsonMapper json = new JsonMapper();

	private final LibraryClient client;

	LoanFeedTests(LibraryClient client) {
		this.client = client;
	}

	@ParameterizedTest
	@ValueSource(strings = { "/branches/harbour/loans/feed", "/loans/feed" })
	void feedHasTheOpenLoansAndThenEachChange(String path) throws Exception {
		try (EventReader feed = this.client.events(path)) {
			assertThat(feed.status()).isEqualTo(200);
			assertThat(feed.contentType()).startsWith("text/event-stream");
			Event snapshot = feed.next();
			assertThat(snapshot.name()).isEqualTo("snapshot");
			assertThat(snapshot.id()).isNotEmpty();

			JsonNode loan = borrowAt("harbour");
			assertThat(this.json.readTree(snapshot.data())).isNotEmpty().doesNotContain(loan);
			Event borrowed = feed.next();
			assertThat(borrowed.name()).isEqualTo("borrowed");
			assertThat(this.json.readTree(borrowed.data())).isEqualTo(loan);

			this.client.post("/loans/" + loan.get("id") + "/return");
			Event returned = feed.next();
			assertThat(returned.name()).isEqualTo("returned");
			assertThat(this.json.readTree(returned.data()).get("id")).isEqualTo(loan.get("id"));
			assertThat(returned.id()).isNotEqualTo(borrowed.id());
		}
	}

	@Test
	void snapshotHasTheLoansOfItsBranch() throws Exception {
		try (EventReader feed = this.client.events("/branches/harbour/loans/feed")) {
			assertThat(this.json.readTree(feed.next().data())).isNotEmpty()
				.allMatch((loan) -> loan.get("branch").asString().equals("harbour"));
		}
	}

	@Test
	void feedOfABranchHasNothingOfOthers() throws Exception {
		try (EventReader feed = this.client.events("/branches/harbour/loans/feed")) {
			assertThat(feed.next().name()).isEqualTo("snapshot");
			borrowAt("south");
			JsonNode loan = borrowAt("harbour");
			assertThat(this.json.readTree(feed.next().data())).isEqualTo(loan);
		}
	}

	@Test
	void feedOfAnUnknownBranchIsNotFound() {
		HttpResponse<String> response = this.client.get("/branches/west/loans/feed");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo("There is no branch 'west'");
	}

	private JsonNode borrowAt(String branch) {
		String path = "/branches/" + branch;
		JsonNode copy = this.client.json(this.client.get(path + "/copies?available=true")).get(0);
		return this.client
			.json(this.client.postJson(path + "/loans", "{\"copyId\": %s, \"memberId\": 3}".formatted(copy.get("id"))));
	}

}
