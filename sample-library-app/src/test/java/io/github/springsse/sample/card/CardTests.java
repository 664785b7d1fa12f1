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

package io.github.springsse.sample.card;

import java.net.http.HttpResponse;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of signing in and out.
 */
@LibraryTest
class CardTests {

	@LocalServerPort
	private int port;

	private LibraryClient client;

	@BeforeEach
	void createClient() {
		this.client = new LibraryClient(this.port);
	}

	@Test
	void wrongNumberOrPinIsRefused() {
		for (String form : new String[] { "username=3&password=1", "username=99&password=0000",
				"username=Emma&password=0000", "" }) {
			assertRefused(this.client.postForm("/sign-in", form), "There is no card of this number and PIN");
		}
	}

	@Test
	void whatNeedsACardIsRefusedWithout() throws Exception {
		assertRefused(this.client.get("/me/notifications/feed"), "This needs a card: sign in first");
		assertRefused(this.client.postForm("/me/messages", "text=Hello"), "This needs a card: sign in first");
		assertRefused(this.client.post("/me/sign-out"), "This needs a card: sign in first");
		try (EventReader feed = this.client.events("/me/notifications/feed")) {
			assertThat(feed.status()).isEqualTo(401);
		}
	}

	@Test
	void oneCookieTellsWhoHasSignedInAndComesFromThisSiteOnly() {
		HttpResponse<String> response = this.client.postForm("/sign-in", "username=3&password=0000");
		assertThat(response.headers().allValues("Set-Cookie")).singleElement()
			.asString()
			.startsWith("remember-me=")
			.contains("SameSite=Strict", "HttpOnly");
	}

	@Test
	void streamsOfWhoHasSignedOutAreClosed() throws Exception {
		this.client.signIn(7);
		LibraryClient otherWindow = new LibraryClient(this.port).signIn(7);
		LibraryClient otherMember = new LibraryClient(this.port).signIn(8);
		try (EventReader feed = this.client.events("/me/notifications/feed");
				EventReader other = otherWindow.events("/feed");
				EventReader stranger = otherMember.events("/feed")) {
			feed.next();
			other.next();
			assertThat(this.client.post("/me/sign-out").statusCode()).isEqualTo(204);
			feed.awaitEnd();
			other.awaitEnd();
			stranger.next((event) -> event.name().equals("welcome"));
			stranger.next((event) -> event.name().equals("tick"));
		}
		assertRefused(this.client.get("/me/notifications/feed"), "This needs a card: sign in first");
	}

	private void assertRefused(HttpResponse<String> response, String detail) {
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo(detail);
	}

}
