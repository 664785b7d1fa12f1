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

package io.github.springsse.sample.imports;

import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ImportController} and {@link Imports}.
 */
@LibraryTest
class ImportControllerTests {

	private static final int BOOKS = 60;

	private final JsonMapper json = new JsonMapper();

	private final LibraryClient client;

	ImportControllerTests(LibraryClient client) {
		this.client = client;
	}

	@Test
	void feedGoesOnWhereItStoppedAndEndsForGood() throws Exception {
		String path = start();
		assertThat(start()).isEqualTo(path);
		List<Integer> numbers = new ArrayList<>();
		Event last;
		try (EventReader feed = this.client.events(path + "/feed")) {
			Event snapshot = feed.next();
			assertThat(snapshot.name()).isEqualTo("snapshot");
			JsonNode lines = this.json.readTree(snapshot.data()).get("lines");
			lines.forEach((line) -> numbers.add(line.get("number").asInt()));
			do {
				last = feed.next();
				collect(last, numbers);
			}
			while (numbers.size() < lines.size() + 5);
		}
		String end;
		try (EventReader feed = this.client.events(path + "/feed", last.id())) {
			Event event = feed.next();
			while (!event.name().equals("done")) {
				assertThat(event.name()).isIn("progress", "line");
				collect(event, numbers);
				event = feed.next();
			}
			JsonNode progress = this.json.readTree(event.data());
			assertThat(progress.get("done").asInt()).isEqualTo(BOOKS);
			assertThat(progress.get("added").asInt() + progress.get("skipped").asInt()).isEqualTo(BOOKS);
			end = feed.awaitEnd();
		}
		assertThat(numbers).containsExactlyElementsOf(IntStream.rangeClosed(1, BOOKS).boxed().toList());
		try (EventReader feed = this.client.events(path + "/feed", end)) {
			assertThat(feed.status()).isEqualTo(204);
		}
		assertThat(state(path).get("running").asBoolean()).isFalse();
		assertThatItCanBeRunAgain(path);
	}

	@Test
	void unknownImportIsNotFound() {
		HttpResponse<String> response = this.client.get("/catalogue/imports/1/feed");
		assertThat(response.statusCode()).isEqualTo(404);
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo("There is no import '1'");
	}

	private void assertThatItCanBeRunAgain(String before) throws Exception {
		String path = start();
		assertThat(path).isNotEqualTo(before);
		try (EventReader feed = this.client.events(path + "/feed")) {
			Event event = feed.next();
			while (!event.name().equals("done")) {
				event = feed.next();
			}
			assertThat(this.json.readTree(event.data()).get("skipped").asInt()).isEqualTo(BOOKS);
		}
	}

	/**
	 * Collect the number of a line, unless it was in the snapshot already.
	 */
	private void collect(Event event, List<Integer> numbers) {
		if (event.name().equals("line")) {
			int number = this.json.readTree(event.data()).get("number").asInt();
			if (number > numbers.size()) {
				numbers.add(number);
			}
		}
	}

	private String start() {
		HttpResponse<String> response = this.client.post("/catalogue/imports");
		assertThat(response.statusCode()).isEqualTo(202);
		return response.headers().firstValue("Location").orElseThrow();
	}

	private JsonNode state(String path) {
		return this.client.json(this.client.get(path));
	}

}
