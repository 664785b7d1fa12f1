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

package io.github.springsse.sample.chat;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the reading room.
 */
@LibraryTest
class ChatTests {

	private final JsonMapper json = new JsonMapper();

	@LocalServerPort
	private int port;

	@Test
	void whatIsWrittenIsSentAndThenInTheSnapshot() throws Exception {
		LibraryClient emma = new LibraryClient(this.port).signIn(3);
		try (EventReader feed = new LibraryClient(this.port).events("/chat/feed")) {
			feed.next();
			JsonNode message = emma.json(emma.postForm("/me/messages", "text=One%0Aand+two+%3Cb%3E"));
			assertThat(message.get("member").asString()).isEqualTo("Callum Dunwick");
			assertThat(message.get("text").asString()).isEqualTo("One\nand two <b>");
			Event event = feed.next();
			assertThat(event.name()).isEqualTo("message");
			assertThat(this.json.readTree(event.data())).isEqualTo(message);
			try (EventReader later = emma.events("/chat/feed")) {
				assertThat(this.json.readTree(later.next().data()).get(0)).isEqualTo(message);
			}
		}
	}

	@Test
	void nothingAndTooMuchAreRefused() {
		LibraryClient client = new LibraryClient(this.port).signIn(3);
		assertThat(client.json(client.postForm("/me/messages", "text=+")).get("detail").asString())
			.isEqualTo("text is missing");
		assertThat(client.json(client.postForm("/me/messages", "text=" + "a".repeat(501))).get("detail").asString())
			.isEqualTo("text is longer than 500 characters");
		assertThat(client.postForm("/me/messages", "").statusCode()).isEqualTo(400);
	}

	@Test
	void thatSomebodyIsWritingIsToldToAllOthers() throws Exception {
		LibraryClient emma = new LibraryClient(this.port).signIn(3);
		try (EventReader own = emma.events("/feed"); EventReader other = new LibraryClient(this.port).events("/feed")) {
			String stream = this.json.readTree(own.next((event) -> event.name().equals("welcome")).data())
				.get("stream")
				.asString();
			other.next((event) -> event.name().equals("welcome"));
			assertThat(emma.postForm("/me/typing", "stream=" + stream).statusCode()).isEqualTo(204);
			assertThat(other.next((event) -> event.name().equals("typing")).data()).isEqualTo("Callum Dunwick");
			emma.postForm("/me/messages", "text=Hello");
			Event first = own.next((event) -> event.name().equals("typing") || event.name().equals("message"));
			assertThat(first.name()).isEqualTo("message");
		}
	}

}
