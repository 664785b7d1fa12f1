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

package io.github.springsse.sample.page;

import java.util.ArrayList;
import java.util.List;

import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PageFeedController}.
 */
@LibraryTest
class PageFeedTests {

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private Lending lending;

	private final LibraryClient client;

	PageFeedTests(LibraryClient client) {
		this.client = client;
	}

	@Test
	void beginsWithAllThatAPageShows() throws Exception {
		try (EventReader feed = this.client.events("/feed")) {
			assertThat(feed.next().name()).isEqualTo("loans");
			assertThat(feed.next().name()).isEqualTo("messages");
			assertThat(feed.next().name()).isEqualTo("busy-day");
			List<String> others = new ArrayList<>();
			Event event = feed.next();
			while (!event.name().equals("welcome")) {
				others.add(event.name());
				event = feed.next();
			}
			assertThat(others).contains("score").isSubsetOf("score", "tick");
			JsonNode welcome = this.json.readTree(event.data());
			assertThat(welcome.get("member").isNull()).isTrue();
			assertThat(welcome.get("stream").asString()).isNotEmpty();
		}
	}

	@Test
	void memberGetsTheirOwnToo() throws Exception {
		this.client.signIn(5);
		try (EventReader feed = this.client.events("/feed")) {
			feed.next((event) -> event.name().equals("notifications"));
			Event welcome = feed.next((event) -> event.name().equals("welcome"));
			assertThat(this.json.readTree(welcome.data()).get("member").get("name").asString())
				.isEqualTo("Edmund Larkspur");
		}
	}

	@Test
	void whoComesBackGetsWhatWasMissedAndNoSnapshot() throws Exception {
		Event last;
		try (EventReader feed = this.client.events("/feed?branch=harbour")) {
			last = feed.next((event) -> event.name().equals("tick") && event.id() != null);
		}
		long loan = this.lending.borrowBook("harbour", 20, 3).id();
		this.lending.giveBack(loan);
		try (EventReader feed = this.client.events("/feed?branch=harbour", last.id())) {
			List<String> names = new ArrayList<>();
			Event event = feed.next();
			while (!event.name().equals("returned")) {
				names.add(event.name());
				event = feed.next();
			}
			assertThat(names).contains("welcome", "borrowed")
				.doesNotContain("loans", "messages", "busy-day", "notifications");
		}
	}

	@Test
	void unknownBranchIsNotFound() {
		assertThat(this.client.get("/feed?branch=west").statusCode()).isEqualTo(404);
		assertThat(this.client.get("/feed?branch=**").statusCode()).isEqualTo(404);
	}

}
