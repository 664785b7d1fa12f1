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

import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TopicConfiguration}: nobody reads the notifications of another, by
 * whatever topic, pattern, id or parameter.
 */
@LibraryTest
class TopicSecurityTests {

	private static final long MEMBER = 21;

	private static final long OTHER = 22;

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@LocalServerPort
	private int port;

	private LibraryClient member;

	private LibraryClient other;

	private LibraryClient librarian;

	private LibraryClient anybody;

	@BeforeEach
	void signIn() {
		this.member = new LibraryClient(this.port).signIn(MEMBER);
		this.other = new LibraryClient(this.port).signIn(OTHER);
		this.librarian = new LibraryClient(this.port).signIn("librarian", "shelves");
		this.anybody = new LibraryClient(this.port);
	}

	@ParameterizedTest
	@ValueSource(strings = { "users/22/notifications", "users/22/answers/1", "users/*/answers/*",
			"users%2F22%2Fnotifications", "users/22/**", "users/22/*", "users/*/notifications", "users/**", "users/*/*",
			"*/22/notifications", "*/*/notifications", "*/*/*", "**", "users/22", "users/*", "*/22",
			"users/21/notifications&topic=users/22/notifications", "clock&topic=users/**", "users/22%252Fnotifications",
			"Users/22/notifications", "users/022/notifications" })
	void memberIsRefusedWhatMightBeOfOthers(String topic) throws Exception {
		String path = "/live?topic=" + topic;
		assertStatus(this.member, path, 403);
		assertStatus(this.librarian, path, 403);
		assertStatus(this.anybody, path, 401);
	}

	@ParameterizedTest
	@ValueSource(strings = { "desk/waiting", "desk/**", "desk/*", "*/waiting" })
	void onlyTheLibrarianSeesTheDesk(String topic) throws Exception {
		String path = "/live?topic=" + topic;
		assertStatus(this.member, path, 403);
		assertStatus(this.anybody, path, 401);
		assertStatus(this.librarian, path, topic.startsWith("desk/") ? 200 : 403);
	}

	@ParameterizedTest
	@ValueSource(strings = { "branches/north/loans", "branches/*/loans", "clock&topic=scores/**", "chat&topic=typing",
			"simulation", "imports/1" })
	void everybodySeesWhatIsPublic(String topic) throws Exception {
		assertStatus(this.anybody, "/live?topic=" + topic, 200);
		assertStatus(this.member, "/live?topic=" + topic, 200);
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown", "branches/**", "branches/north", "imports/**" })
	void whatHasNoRuleIsRefused(String topic) throws Exception {
		assertStatus(this.member, "/live?topic=" + topic, 403);
	}

	@Test
	void memberSeesTheirOwn() throws Exception {
		assertStatus(this.member, "/live?topic=users/21/notifications&topic=clock", 200);
		assertStatus(this.member, "/live?topic=users/21/**", 200);
	}

	@Test
	void idOfAnotherOpensNothing() throws Exception {
		String id;
		try (EventReader feed = this.other.events("/me/notifications/feed")) {
			feed.next();
			tellBoth();
			id = feed.next().id();
		}
		for (String topic : new String[] { "users/22/notifications", "users/**", "**" }) {
			try (EventReader feed = this.member.events("/live?topic=" + topic, id)) {
				assertThat(feed.status()).isEqualTo(403);
			}
			assertStatus(this.member, "/live?topic=" + topic + "&lastEventId=" + id, 403);
			try (EventReader feed = this.anybody.events("/live?topic=" + topic, id)) {
				assertThat(feed.status()).isEqualTo(401);
			}
		}
		for (String path : new String[] { "/me/notifications/feed", "/feed", "/live?topic=users/21/notifications" }) {
			tellBoth();
			try (EventReader feed = this.member.events(path, id)) {
				tellBoth();
				assertThat(memberOf(feed.next((each) -> each.name().equals("notification")))).isEqualTo(MEMBER);
				tellBoth();
				assertThat(memberOf(feed.next((each) -> each.name().equals("notification")))).isEqualTo(MEMBER);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/me/notifications/feed?user=22", "/me/notifications/feed?topic=users/22/notifications",
			"/me/notifications/feed?member=22&memberId=22&id=22&username=22",
			"/feed?user=22&topic=users/22/notifications", "/live?topic=users/21/notifications&user=22" })
	void parametersOpenNothing(String path) throws Exception {
		try (EventReader feed = this.member.events(path)) {
			assertThat(feed.status()).isEqualTo(200);
			tellBoth();
			assertThat(memberOf(feed.next((each) -> each.name().equals("notification")))).isEqualTo(MEMBER);
			tellBoth();
			assertThat(memberOf(feed.next((each) -> each.name().equals("notification")))).isEqualTo(MEMBER);
		}
	}

	@Test
	void tokenOpensTheFeedOfItsOwnMemberOnly() throws Exception {
		String token = this.member.json(this.member.post("/me/token")).get("token").asString();
		try (EventReader feed = this.anybody.eventsWithToken("/api/notifications/feed?user=22", token)) {
			assertThat(feed.status()).isEqualTo(200);
			feed.next();
			tellBoth();
			assertThat(memberOf(feed.next())).isEqualTo(MEMBER);
		}
		try (EventReader feed = this.anybody.eventsWithToken("/api/notifications/feed", token + "x")) {
			assertThat(feed.status()).isEqualTo(401);
		}
		assertStatus(this.member, "/api/notifications/feed", 401);
		assertThat(this.librarian.post("/me/token").statusCode()).isEqualTo(403);
	}

	@Test
	void branchIsNoWayToOtherTopics() {
		for (String branch : new String[] { "../../users/22/notifications", "*", "**", "north/loans&topic=users/**" }) {
			HttpResponse<String> response = this.member.get("/feed?branch=" + branch);
			assertThat(response.statusCode()).isEqualTo(404);
		}
	}

	/**
	 * Both members wait for a copy that is returned then; the other is told last.
	 */
	private void tellBoth() {
		LoanView loan = this.lending.borrowCopy("south", this.catalogue.copies("south", true).get(0).id(), 3);
		this.member.put("/me/waiting/" + loan.copyId());
		this.other.put("/me/waiting/" + loan.copyId());
		this.lending.giveBack(loan.id());
	}

	private long memberOf(Event event) {
		JsonNode notification = this.json.readTree(event.data());
		return notification.get("memberId").asLong();
	}

	private static void assertStatus(LibraryClient client, String path, int status) throws Exception {
		try (EventReader feed = client.events(path)) {
			assertThat(feed.status()).as(path).isEqualTo(status);
		}
	}

}
