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

package io.github.springsse.sample;

import java.io.IOException;
import java.nio.file.Path;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.RedisLibraries;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the profile {@code redis}: two libraries are one.
 */
class RedisProfileTests {

	@TempDir
	private Path directory;

	private final JsonMapper json = new JsonMapper();

	private RedisLibraries libraries;

	@BeforeEach
	void start() throws IOException {
		this.libraries = new RedisLibraries(this.directory);
	}

	@AfterEach
	void stop() throws IOException {
		this.libraries.close();
	}

	@Test
	void whatIsBorrowedAtOneIsSeenAtTheOtherWhichGoesOnWhereTheFirstEnds() throws Exception {
		LibraryClient first = client(this.libraries.one());
		LibraryClient second = client(this.libraries.two());
		String lastId;
		try (EventReader feed = first.events("/branches/harbour/loans/feed");
				EventReader other = second.events("/branches/harbour/loans/feed")) {
			assertThat(feed.next().name()).isEqualTo("snapshot");
			assertThat(other.next().name()).isEqualTo("snapshot");
			JsonNode loan = borrow(second);
			Event borrowed = feed.next();
			lastId = borrowed.id();
			assertThat(this.json.readTree(borrowed.data())).isEqualTo(loan);
			assertThat(other.next()).isEqualTo(borrowed);
		}
		this.libraries.one().close();
		JsonNode missed = borrow(second);
		try (EventReader feed = second.events("/branches/harbour/loans/feed", lastId)) {
			JsonNode after = borrow(second);
			assertThat(this.json.readTree(feed.next().data())).isEqualTo(missed);
			assertThat(this.json.readTree(feed.next().data())).isEqualTo(after);
		}
		assertThat(second.json(second.get("/actuator/health")).get("status").asString()).isEqualTo("UP");
	}

	private JsonNode borrow(LibraryClient client) {
		JsonNode copy = client.json(client.get("/branches/harbour/copies?available=true")).get(0);
		return client.json(client.postJson("/branches/harbour/loans",
				"{\"copyId\": %s, \"memberId\": 3}".formatted(copy.get("id"))));
	}

	private static LibraryClient client(ConfigurableApplicationContext library) {
		return new LibraryClient(RedisLibraries.port(library));
	}

}
