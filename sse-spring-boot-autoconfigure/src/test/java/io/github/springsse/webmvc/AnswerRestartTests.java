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

package io.github.springsse.webmvc;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;

import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for requests for an interrupted answer, with methods that start it again and
 * others. A restarted source emits its earlier elements again, and then more.
 */
@Timeout(120)
class AnswerRestartTests extends AbstractAnswerTests {

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void clientThatComesBackGetsAGapAndTheNewAnswerFromItsBeginning(ServerKind kind) {
		TestServer server = servers.get(kind);
		List<Event> events = interrupted(server, "/restarted/");
		assertThat(events).extracting(Event::name).containsOnlyNulls();
		assertThat(events).extracting(Event::data).containsExactly("a", "b");
		String id = events.get(1).id();
		try (EventStreamClient first = get(server, "/restarted/", "Last-Event-ID", id);
				EventStreamClient behind = get(server, "/restarted/", "Last-Event-ID", events.get(0).id());
				EventStreamClient fresh = get(server, "/restarted/")) {
			this.answer.write("c");
			this.answer.end();
			for (EventStreamClient client : List.of(first, behind)) {
				assertThat(client.awaitEnd().events()).extracting(Event::name).containsExactly("gap", null, null, null);
				assertThat(client.data().get(0)).contains("\"reason\":\"interrupted\"");
				assertThat(client.data().subList(1, 4)).containsExactly("a", "b", "c");
			}
			assertThat(fresh.awaitEnd().data()).containsExactly("a", "b", "c");
			assertThat(this.answer.subscriptions).hasValue(2);
			assertThat(get(server, "/restarted/", "Last-Event-ID", first.events().get(3).id()).response().statusCode())
				.isEqualTo(204);
		}
		try (EventStreamClient late = get(server, "/restarted/", "Last-Event-ID", id);
				EventStreamClient other = get(server, "/answers/", "Last-Event-ID", id)) {
			for (EventStreamClient client : List.of(late, other)) {
				assertThat(client.awaitEnd().data().subList(1, 4)).containsExactly("a", "b", "c");
				assertThat(client.events().get(0).name()).isEqualTo("gap");
			}
		}
		assertThat(this.answer.subscriptions).hasValue(2);
	}

	@Test
	void clientWithoutAnIdStartsItAgainToo() {
		interrupted(server(), "/restarted/");
		try (EventStreamClient client = get(server(), "/restarted/")) {
			this.answer.end();
			assertThat(client.awaitEnd().data()).containsExactly("a", "b");
		}
		assertThat(this.answer.subscriptions).hasValue(2);
	}

	@Test
	void clientOfANewAnswerWithoutAnyElementIsToldThatItHasNothing() {
		String id = interrupted(server(), "/restarted/").get(1).id();
		server().sse().publishAll("answers/" + this.id, List.of());
		try (EventStreamClient client = get(server(), "/restarted/", "Last-Event-ID", id)) {
			assertThat(client.awaitEnd().events()).extracting(Event::name).containsExactly("gap");
			assertThat(
					get(server(), "/restarted/", "Last-Event-ID", client.events().get(0).id()).response().statusCode())
				.isEqualTo(204);
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void requestsThatStartNothingGetWhatThereIs() {
		String id = interrupted(server(), "/restarted/").get(1).id();
		for (String path : List.of("/answers/", "/restarted-null/", "/feed/")) {
			assertThat(get(server(), path, "Last-Event-ID", id).response().statusCode()).as(path).isEqualTo(204);
			try (EventStreamClient client = get(server(), path)) {
				assertThat(client.awaitEnd().data()).as(path).containsExactly("a", "b");
			}
		}
		EventStreamClient.open(HttpRequest.newBuilder(server().uri("/restarted/" + this.id))
			.method("HEAD", HttpRequest.BodyPublishers.noBody())
			.header("Last-Event-ID", id));
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void methodThatDoesNotSaySoTellsOfTheInterruption() {
		List<Event> events = interrupted(server(), "/answers/");
		assertThat(events).extracting(Event::name).containsExactly(null, null, "failed");
		assertThat(events.get(2).data()).contains("interrupted");
		for (String path : List.of("/answers/", "/restarted/")) {
			assertThat(get(server(), path, "Last-Event-ID", events.get(2).id()).response().statusCode()).isEqualTo(204);
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void clientIsToldToComeBackWhileSourcesMayNotBegin() {
		String id = interrupted(server(), "/restarted/").get(1).id();
		AnswerEngine engine = server().bean(AnswerEngine.class);
		engine.stop(Duration.ZERO);
		try (EventStreamClient client = get(server(), "/restarted/", "Last-Event-ID", id)) {
			assertThat(client.response().statusCode()).isEqualTo(200);
			assertThat(client.awaitEnd().lines()).anyMatch((line) -> line.startsWith("retry:"));
			assertThat(client.events()).isEmpty();
		}
		finally {
			engine.accept();
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	/**
	 * Start the source, interrupt it, and return what a client has got.
	 */
	private List<Event> interrupted(TestServer server, String path) {
		AnswerEngine engine = server.bean(AnswerEngine.class);
		try (EventStreamClient client = get(server, path)) {
			this.answer.write("a", "b");
			client.awaitEvents(2);
			engine.stop(Duration.ZERO);
			return client.awaitEnd().events();
		}
		finally {
			engine.accept();
		}
	}

}
