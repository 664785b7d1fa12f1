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

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;

import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of signing in and out.
 */
@LibraryTest
class CardTests {

	@LocalServerPort
	private int port;

	private final LibraryClient client;

	CardTests(LibraryClient client) {
		this.client = client;
	}

	@ParameterizedTest
	@ValueSource(strings = { "username=3&password=1", "username=99&password=0000", "username=Emma&password=0000",
			"username=librarian&password=0000", "" })
	void wrongUserOrPasswordIsToldByThePage(String form) {
		HttpResponse<String> response = this.client.postForm("/sign-in", form);
		assertThat(response.statusCode()).isEqualTo(302);
		assertThat(response.headers().firstValue("Location").orElseThrow()).endsWith("/sign-in.html?error");
		assertRefused(this.client.get("/me/notifications/feed"));
	}

	@Test
	void whatNeedsACardIsRefusedWithout() throws Exception {
		assertRefused(this.client.get("/me/notifications/feed"));
		assertRefused(this.client.get("/desk/feed"));
		assertRefused(this.client.postForm("/me/messages", "text=Hello"));
		assertRefused(this.client.post("/me/token"));
		try (EventReader feed = this.client.events("/me/notifications/feed")) {
			assertThat(feed.status()).isEqualTo(401);
		}
	}

	@Test
	void pageOfTheLibrarianAsksToSignIn() {
		HttpResponse<String> response = this.client.get("/desk.html");
		assertThat(response.statusCode()).isEqualTo(302);
		assertThat(response.headers().firstValue("Location").orElseThrow()).endsWith("/sign-in.html");
		this.client.signIn(3);
		assertThat(this.client.get("/desk.html").statusCode()).isEqualTo(403);
		LibraryClient librarian = new LibraryClient(this.port).signIn("librarian", "shelves");
		assertThat(librarian.get("/desk.html").body()).contains("Members who wait for a book");
		assertThat(librarian.postForm("/me/messages", "text=Hello").statusCode()).isEqualTo(403);
	}

	@Test
	void cookieOfTheSessionComesFromThisSiteOnly() {
		HttpResponse<String> response = this.client.postForm("/sign-in", "username=3&password=0000");
		assertThat(response.headers().allValues("Set-Cookie")).filteredOn((cookie) -> cookie.startsWith("SESSION="))
			.singleElement()
			.asString()
			.contains("SameSite=Strict", "HttpOnly");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/sign-in", "/sign-out", "/loans/1/return", "/branches/north/loans", "/simulation/start",
			"/catalogue/imports", "/me/messages", "/me/token" })
	void nothingIsChangedWithoutTheTokenOfThePage(String path) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path))
			.POST(BodyPublishers.noBody())
			.build();
		HttpResponse<String> response = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
		assertThat(response.statusCode()).isEqualTo(403);
	}

	@Test
	void streamsOfTheSessionEndWhenItsUserSignsOutAndNoOthers() throws Exception {
		this.client.signIn(7);
		LibraryClient otherBrowser = new LibraryClient(this.port).signIn(7);
		LibraryClient otherMember = new LibraryClient(this.port).signIn(8);
		try (EventReader feed = this.client.events("/me/notifications/feed");
				EventReader page = this.client.events("/feed");
				EventReader other = otherBrowser.events("/feed");
				EventReader stranger = otherMember.events("/feed")) {
			feed.next();
			page.next();
			assertThat(this.client.post("/sign-out").statusCode()).isEqualTo(204);
			assertThat(feed.next((event) -> event.name().equals("expired")).data()).isEqualTo("logout");
			feed.awaitEnd();
			assertThat(page.next((event) -> event.name().equals("expired")).data()).isEqualTo("logout");
			page.awaitEnd();
			for (EventReader open : List.of(other, stranger)) {
				open.next((event) -> event.name().equals("welcome"));
				open.next((event) -> event.name().equals("tick"));
				open.next((event) -> event.name().equals("tick"));
			}
		}
		assertRefused(this.client.get("/me/notifications/feed"));
	}

	private void assertRefused(HttpResponse<String> response) {
		assertThat(response.statusCode()).isEqualTo(401);
		assertThat(this.client.json(response).get("detail").asString()).isEqualTo("Sign in with a card first");
	}

}
