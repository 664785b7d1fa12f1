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
import java.util.List;
import java.util.Optional;

import io.github.springsse.history.AnswerState;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the response to a request for an answer, depending on the id of the client
 * and the progress of the answer.
 */
class AnswerRequestTests extends AbstractAnswerTests {

	@ParameterizedTest
	@EnumSource
	void firstRequestStartsAndEveryOtherGetsAllOfIt(ServerKind kind) {
		TestServer server = servers.get(kind);
		try (EventStreamClient first = get(server, "/answers/"); EventStreamClient unread = unread(server)) {
			this.answer.write("a", "b");
			first.awaitEvents(2);
			try (EventStreamClient second = get(server, "/answers/");
					EventStreamClient posted = post(server, "/answers/", "q")) {
				this.answer.write("c");
				this.answer.end();
				for (EventStreamClient client : List.of(first, second, posted, unread)) {
					client.awaitEnd();
					assertThat(client.data()).containsExactly("a", "b", "c");
					assertThat(client.failure()).isNull();
				}
			}
		}
		assertThat(this.answer.subscriptions).hasValue(1);
		assertThat(this.answer.calls).as("the method runs for each").hasValue(4);
	}

	private EventStreamClient unread(TestServer server) {
		return post(server, "/unread/", "not read".repeat(1000));
	}

	@ParameterizedTest
	@EnumSource
	void postStartsAndPostsAgainWithTheIdToResume(ServerKind kind) {
		TestServer server = servers.get(kind);
		String seen;
		try (EventStreamClient client = post(server, "/answers/", "why?")) {
			this.answer.write("a", "b");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("why? a", "why? b");
			seen = client.events().get(0).id();
		}
		this.answer.write("c");
		try (EventStreamClient client = post(server, "/answers/", "why?", "Last-Event-ID", seen)) {
			this.answer.end();
			client.awaitEnd();
			assertThat(client.data()).containsExactly("why? b", "why? c");
			seen = client.events().get(1).id();
		}
		try (EventStreamClient client = post(server, "/answers/", "why?", "Last-Event-ID", seen)) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void finishedAnswerIsSentWholeAndEnds() {
		finish("a", "b");
		try (EventStreamClient client = get("/answers/")) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("a", "b");
			assertThat(client.lines()).doesNotContain("event: cursor");
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/null/", "/empty/" })
	void methodThatReturnsNothingAttaches(String path) {
		assertThat(status(path)).as("nothing known").isEqualTo(204);
		try (EventStreamClient starter = get("/answers/"); EventStreamClient client = get(path)) {
			this.answer.write("a");
			this.answer.end();
			starter.awaitEnd();
			client.awaitEnd();
			assertThat(client.data()).containsExactly("a");
		}
		try (EventStreamClient client = get(path)) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("a");
		}
	}

	@Test
	void idOfThisLogNeverStarts() {
		String elsewhere = server().sse().publish("elsewhere", "event");
		assertThat(status("/answers/", "Last-Event-ID", elsewhere)).isEqualTo(204);
		assertThat(this.answer.calls).hasValue(1);
		assertThat(this.answer.subscriptions).hasValue(0);
		finish("a");
		assertThat(this.answer.subscriptions).as("nor keeps others from it").hasValue(1);
	}

	@Test
	void idBeforeTheAnswerGetsAllOfIt() {
		String before = server().sse().publish("elsewhere", "event");
		finish("a", "b");
		try (EventStreamClient client = get("/answers/", "Last-Event-ID", before)) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("a", "b");
		}
	}

	@Test
	void idOfAnotherLifeIsAsNone() {
		try (EventStreamClient client = get("/answers/", "Last-Event-ID", "of-another-life")) {
			this.answer.write("a");
			client.awaitEvents(2);
			assertThat(client.events()).extracting(Event::name).containsExactly("gap", null);
			assertThat(client.data().get(0)).contains("\"reason\":\"restarted\"");
			try (EventStreamClient other = get("/answers/", "Last-Event-ID", "of-another-life")) {
				this.answer.end();
				other.awaitEnd();
				assertThat(other.events()).extracting(Event::name).containsExactly("gap", null);
				assertThat(other.data().get(1)).isEqualTo("a");
			}
		}
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void clientOfAnAnswerWithoutEventsHasAnIdToResumeFrom() {
		String cursor;
		try (EventStreamClient starter = get("/answers/"); EventStreamClient client = get("/answers/")) {
			EventStreamClient.await().until(() -> client.lines().contains("event: cursor"));
			cursor = id(client);
			this.answer.write("a");
			starter.awaitEvents(1);
		}
		try (EventStreamClient client = get("/answers/", "Last-Event-ID", cursor)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("a");
		}
	}

	private static String id(EventStreamClient client) {
		EventStreamClient.await().until(() -> client.lines().stream().anyMatch((line) -> line.startsWith("id: ")));
		return client.lines().stream().filter((line) -> line.startsWith("id: ")).findFirst().orElseThrow().substring(4);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void headStartsNothing(ServerKind kind) {
		TestServer server = servers.get(kind);
		RawStreamClient.send(server.port(), 0, RawStreamClient.get("/answers/" + this.id).replaceFirst("GET", "HEAD"))
			.readHead()
			.close();
		try (RawStreamClient client = RawStreamClient
			.send(server.port(), 0, RawStreamClient.get("/answers/" + this.id).replaceFirst("GET", "HEAD"))
			.readHead()) {
			assertThat(client.head()).startsWith("HTTP/1.1 200").contains("text/event-stream");
		}
		assertThat(this.answer.calls).hasValue(2);
		assertThat(this.answer.subscriptions).hasValue(0);
		assertThat(server.delivery().histories().answerState(topic())).isEqualTo(AnswerState.UNKNOWN);
	}

	@Test
	void answerThatIsGoneIsNotStartedAgain() {
		forget();
		assertThat(status(forgetful(), "/answers/")).isEqualTo(204);
		assertThat(status(forgetful(), "/null/")).isEqualTo(204);
		assertThat(status(forgetful(), "/feed/")).isEqualTo(204);
		assertThat(status(forgetful(), "/stored/")).as("not stored").isEqualTo(204);
		assertThat(this.answer.subscriptions).hasValue(1);
	}

	@Test
	void answerThatIsGoneIsReplacedByWhatTheApplicationHasStored() {
		String seen = forget();
		this.answer.stored = "the whole answer";
		for (Optional<String> header : List.of(Optional.<String>empty(), Optional.of(seen))) {
			String[] headers = header.map((value) -> new String[] { "Last-Event-ID", value }).orElse(new String[0]);
			String last;
			try (EventStreamClient client = get(forgetful(), "/stored/", headers)) {
				client.awaitEnd();
				assertThat(client.events()).hasSize(1);
				assertThat(client.events().get(0).name()).isEqualTo("snapshot");
				assertThat(client.data()).containsExactly("the whole answer");
				last = client.events().get(0).id();
			}
			assertThat(status(forgetful(), "/stored/", "Last-Event-ID", last)).isEqualTo(204);
		}
	}

	@Test
	void idOfAnAnswerThatIsGoneGetsNothing() {
		String seen = forget();
		assertThat(status(forgetful(), "/answers/", "Last-Event-ID", seen)).isEqualTo(204);
	}

	@Test
	void feedOfAnAnswerThatIsStartedElsewhereWaits() {
		try (EventStreamClient early = get("/feed/")) {
			EventStreamClient.await().until(() -> early.lines().contains("event: cursor"));
			server().sse().publishAll("answers/" + this.id, this.answer.flux());
			this.answer.write("a", "b");
			early.awaitEvents(2);
			try (EventStreamClient late = get("/feed/")) {
				this.answer.end();
				early.awaitEnd();
				late.awaitEnd();
				assertThat(early.data()).containsExactly("a", "b");
				assertThat(late.data()).containsExactly("a", "b");
			}
		}
	}

	@Test
	void feedCanBeNothingWhileNothingIsKnown() {
		assertThat(status("/running/")).isEqualTo(204);
		this.answer.stored = "stored";
		String seen;
		try (EventStreamClient client = get("/running/")) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("stored");
			seen = client.events().get(0).id();
		}
		assertThat(status("/running/", "Last-Event-ID", seen)).isEqualTo(204);
		server().sse().publishAll("answers/" + this.id, this.answer.flux());
		this.answer.write("a");
		try (EventStreamClient client = get("/running/")) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("a");
		}
	}

	@Test
	void topicIsHadFromItsFirstEvent() {
		server().sse().publish("answers/" + this.id, "one");
		server().sse().publish("answers/" + this.id, "two");
		try (EventStreamClient client = get("/feed/");
				EventStreamClient all = EventStreamClient.open(server().uri("/all"))) {
			server().sse().publish("answers/" + this.id, "three");
			client.awaitEvents(3);
			assertThat(client.data()).containsExactly("one", "two", "three");
			EventStreamClient.await().until(() -> all.data().contains("three"));
			assertThat(all.data()).containsSubsequence("one", "two", "three");
		}
	}

	@Test
	void topicThatHasEndedIsHadFromItsFirstEventToo() {
		String topic = "answers/" + this.id;
		String first = server().sse().publish(topic, "one");
		server().sse().publish(topic, "two");
		server().sse().complete(topic);
		this.answer.stored = "stored";
		for (String path : List.of("/feed/", "/stored/", "/data/")) {
			try (EventStreamClient client = get(path)) {
				client.awaitEnd();
				assertThat(client.data()).containsExactly("one", "two");
			}
			try (EventStreamClient client = get(path, "Last-Event-ID", first)) {
				client.awaitEnd();
				assertThat(client.data()).containsExactly("two");
			}
		}
	}

	@Test
	void endedTopicWhoseBeginningIsGoneIsToldOrReplaced() {
		try (TestServer small = TestServer.start(ServerKind.TOMCAT_HANDOFF, AnswerApplication.class,
				"sse.replay.events-per-topic=3")) {
			List<String> ids = List.of("one", "two", "three", "four")
				.stream()
				.map((text) -> small.sse().publish("answers/" + this.id, text))
				.toList();
			small.sse().complete("answers/" + this.id);
			this.answer.stored = "stored";
			for (String[] headers : new String[][] { {}, { "Last-Event-ID", ids.get(0) } }) {
				try (EventStreamClient client = get(small, "/feed/", headers);
						EventStreamClient stored = get(small, "/stored/", headers)) {
					client.awaitEnd();
					assertThat(client.events()).extracting(Event::name).containsExactly("gap", null, null);
					stored.awaitEnd();
					assertThat(stored.data()).containsExactly("stored");
				}
				assertThat(status(small, "/data/", headers)).isEqualTo(204);
			}
		}
	}

	@Test
	void beginningThatIsGoneIsTold() {
		try (TestServer small = TestServer.start(ServerKind.TOMCAT_HANDOFF, AnswerApplication.class,
				"sse.replay.events-per-topic=2")) {
			for (String text : List.of("one", "two", "three")) {
				small.sse().publish("answers/" + this.id, text);
			}
			try (EventStreamClient client = get(small, "/feed/"); EventStreamClient data = get(small, "/data/")) {
				client.awaitEvents(3);
				assertThat(client.events()).extracting(Event::name).containsExactly("gap", null, null);
				assertThat(client.data()).endsWith("two", "three");
				data.awaitEvents(2);
				assertThat(data.data()).containsExactly("two", "three");
			}
		}
	}

	@Test
	void newAnswerIsHadWithoutTheOneBefore() {
		finish("old");
		server().sse().publishAll("answers/" + this.id, Flux.just("new"));
		try (EventStreamClient client = get("/answers/")) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("new");
		}
	}

	@Test
	void lastEventCanBeHadAgain() {
		finish("a", "b");
		String seen;
		try (EventStreamClient client = get("/again/")) {
			client.awaitEnd();
			seen = client.events().get(1).id();
		}
		try (EventStreamClient client = get("/again/", "Last-Event-ID", seen)) {
			client.awaitEnd();
			assertThat(client.response().statusCode()).isEqualTo(200);
			assertThat(client.events()).containsExactly(new Event(seen, null, "b"));
		}
	}

	private void finish(String... texts) {
		this.answer.write(texts);
		this.answer.end();
		try (EventStreamClient client = get("/answers/")) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly(texts);
		}
	}

	/**
	 * Have an answer ended and no longer kept.
	 * @return the id of its first event
	 */
	private String forget() {
		this.answer.write("a", "b");
		this.answer.end();
		String seen;
		try (EventStreamClient client = get(forgetful(), "/answers/")) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("a", "b");
			seen = client.events().get(0).id();
		}
		EventStreamClient.await()
			.until(() -> forgetful().delivery().histories().answerState(topic()) == AnswerState.GONE);
		return seen;
	}

	private static TestServer forgetful() {
		return servers.get(ServerKind.TOMCAT_HANDOFF, "sse.replay.max-age=1s", "sse.answers.keep=1s");
	}

	private EventStreamClient post(TestServer server, String path, String body, String... headers) {
		return EventStreamClient.open(HttpRequest.newBuilder(server.uri(path + this.id))
			.header("Accept", "text/event-stream")
			.header("Content-Type", "text/plain")
			.POST(HttpRequest.BodyPublishers.ofString(body)), headers);
	}

	private int status(String path, String... headers) {
		return status(server(), path, headers);
	}

	private int status(TestServer server, String path, String... headers) {
		try (EventStreamClient client = get(server, path, headers)) {
			return client.response().statusCode();
		}
	}

}
