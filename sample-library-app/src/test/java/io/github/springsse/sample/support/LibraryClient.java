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

package io.github.springsse.sample.support;

import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Talks HTTP with the library, as a browser or a script would.
 */
public final class LibraryClient {

	private static final String CSRF_COOKIE = "XSRF-TOKEN";

	private final CookieManager cookies = new CookieManager();

	private final HttpClient http = HttpClient.newBuilder().cookieHandler(this.cookies).build();

	private final JsonMapper json = new JsonMapper();

	private final URI root;

	public LibraryClient(int port) {
		this.root = URI.create("http://localhost:" + port);
	}

	public HttpResponse<String> get(String path) {
		return send(request(path));
	}

	public HttpResponse<String> post(String path) {
		return send(change(path).POST(BodyPublishers.noBody()));
	}

	public HttpResponse<String> postJson(String path, String body) {
		return send(change(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)));
	}

	public HttpResponse<String> postForm(String path, String body) {
		return send(change(path).header("Content-Type", "application/x-www-form-urlencoded")
			.POST(BodyPublishers.ofString(body)));
	}

	public HttpResponse<String> put(String path) {
		return send(change(path).PUT(BodyPublishers.noBody()));
	}

	public HttpResponse<String> delete(String path) {
		return send(change(path).DELETE());
	}

	/**
	 * Sign in with the card of a member.
	 * @param memberId whose card
	 * @return this client
	 */
	public LibraryClient signIn(long memberId) {
		return signIn(Long.toString(memberId), "0000");
	}

	/**
	 * Sign in.
	 * @param user the user
	 * @param password the password
	 * @return this client
	 */
	public LibraryClient signIn(String user, String password) {
		HttpResponse<String> response = postForm("/sign-in", "username=" + user + "&password=" + password);
		if (response.statusCode() != 302 || response.headers().firstValue("Location").orElse("").contains("error")) {
			throw new AssertionError(response + response.body());
		}
		return this;
	}

	/**
	 * Be the browser that has a session.
	 * @param session the value of its cookie
	 * @return this client
	 */
	public LibraryClient withSession(String session) {
		HttpCookie cookie = new HttpCookie("SESSION", session);
		cookie.setPath("/");
		cookie.setVersion(0);
		this.cookies.getCookieStore().add(this.root, cookie);
		return this;
	}

	/**
	 * Open an event stream with a bearer token.
	 * @param path where
	 * @param token the token
	 * @return the events, to be closed
	 */
	public EventReader eventsWithToken(String path, String token) {
		return events(request(path).header("Authorization", "Bearer " + token));
	}

	public JsonNode json(HttpResponse<String> response) {
		return this.json.readTree(response.body());
	}

	/**
	 * Open an event stream.
	 * @param path where
	 * @return the events, to be closed
	 */
	public EventReader events(String path) {
		return events(request(path));
	}

	/**
	 * Open an event stream again.
	 * @param path where
	 * @param lastId the id of the last event before
	 * @return the events, to be closed
	 */
	public EventReader events(String path, String lastId) {
		return events(request(path).header("Last-Event-ID", lastId));
	}

	private EventReader events(HttpRequest.Builder request) {
		request.header("Accept", "text/event-stream");
		try {
			return new EventReader(this.http.send(request.build(), BodyHandlers.ofInputStream()));
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

	/**
	 * A request that changes something, with the token against CSRF that the library has
	 * put into a cookie.
	 */
	private HttpRequest.Builder change(String path) {
		String token = csrfToken();
		if (token == null) {
			get("/");
			token = csrfToken();
		}
		return request(path).header("X-XSRF-TOKEN", token);
	}

	private String csrfToken() {
		return this.cookies.getCookieStore()
			.getCookies()
			.stream()
			.filter((cookie) -> cookie.getName().equals(CSRF_COOKIE))
			.map(HttpCookie::getValue)
			.findFirst()
			.orElse(null);
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(this.root.resolve(path)).timeout(Duration.ofSeconds(20));
	}

	private HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return this.http.send(request.build(), BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new AssertionError(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new AssertionError(ex);
		}
	}

}
