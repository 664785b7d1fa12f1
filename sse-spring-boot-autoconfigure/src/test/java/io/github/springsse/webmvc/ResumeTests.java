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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.RawStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for reconnecting clients: the events that they receive, and the gap or snapshot
 * if events are lost.
 */
class ResumeTests {

	private static TestServer server;

	private final String topic = "topic" + System.nanoTime();

	@BeforeAll
	static void start() {
		server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, "sse.replay.events-per-topic=5",
				"sse.topics[latest/**].overflow=latest");
	}

	@AfterAll
	static void stop() {
		server.close();
	}

	@Test
	void sendsOnlyWhatWasMissedAndNoSnapshot() {
		String first = publish("one");
		String second = publish("two");
		try (EventStreamClient client = resume("/snapshot/" + this.topic, first)) {
			String third = publish("three");
			client.awaitEvents(2);
			assertThat(client.events()).containsExactly(new Event(second, null, "two"),
					new Event(third, null, "three"));
		}
	}

	@Test
	void takesIdFromParameterOfClientsThatCannotSendHeaders() {
		String first = publish("one");
		publish("two");
		try (EventStreamClient client = EventStreamClient
			.open(server.uri("/void/" + this.topic + "?lastEventId=" + first))) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("two");
		}
	}

	@Test
	void firstIdOfQuietTopicIsACursorToResumeFrom() {
		String cursor;
		try (EventStreamClient client = open("/void/" + this.topic)) {
			cursor = cursor(client);
		}
		publish("while away");
		try (EventStreamClient client = resume("/void/" + this.topic, cursor)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("while away");
		}
	}

	@Test
	void snapshotHasTheIdToResumeFrom() {
		publish("before");
		String id;
		try (EventStreamClient client = open("/snapshot/" + this.topic)) {
			client.awaitEvents(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			id = client.events().get(0).id();
			publish("live");
			client.awaitEvents(2);
			assertThat(client.lines()).containsOnlyOnce("id: " + id);
		}
		publish("after");
		try (EventStreamClient client = resume("/snapshot/" + this.topic, id)) {
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("live", "after");
		}
	}

	/**
	 * The client reconnects with its last id, which is before the lost events.
	 */
	@Test
	void slowClientGetsANewSnapshotWhereItsEventsAreGone() throws IOException {
		try (RawStreamClient slow = RawStreamClient.send(server.port(), 4096,
				RawStreamClient.get("/snapshot/" + this.topic))) {
			Awaitility.await().until(() -> server.registry().count(this.topic) == 1);
			String large = "large".repeat(50_000);
			for (int i = 0; i < 100; i++) {
				publish(large);
			}
			List<String> ids = new String(slow.body().readAllBytes(), StandardCharsets.UTF_8).lines()
				.filter((line) -> line.startsWith("id: "))
				.toList();
			assertThat(ids).hasSizeBetween(2, 100);
			String newest = publish("newest");
			try (EventStreamClient client = resume("/snapshot/" + this.topic, ids.get(ids.size() - 1).substring(4))) {
				client.awaitEvents(1);
				assertThat(client.events().get(0).name()).isEqualTo("snapshot");
				assertThat(client.events().get(0).id()).isEqualTo(newest);
			}
		}
	}

	@Test
	void whatIsPublishedWhileTheMethodRunsComesAfterTheSnapshotOnce() {
		String before = publish("before");
		try (EventStreamClient client = open("/publishing/" + this.topic)) {
			client.awaitEvents(2);
			String after = server.sse().publish(this.topic + "/b", "after");
			client.awaitEvents(3);
			assertThat(client.events().get(0)).isEqualTo(new Event(before, "snapshot", "state"));
			assertThat(client.events().get(1).data()).isEqualTo("meanwhile");
			assertThat(client.events().get(2)).isEqualTo(new Event(after, null, "after"));
		}
	}

	@Test
	void heartbeatIsACursorToResumeFromThoughTheLogHasMovedOn() {
		try (TestServer small = TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class,
				"sse.heartbeat.interval=100ms", "sse.replay.max-topics=1")) {
			String first;
			String last;
			try (EventStreamClient client = EventStreamClient.open(small.uri("/void/quiet"))) {
				first = cursor(client);
				small.sse().publish("other/1", "event");
				last = small.sse().publish("other/2", "event");
				Awaitility.await().until(() -> cursor(client).equals(last));
				assertThat(client.events()).isEmpty();
			}
			small.sse().publish("quiet", "while away");
			try (EventStreamClient client = EventStreamClient.open(small.uri("/void/quiet"), "Last-Event-ID", last)) {
				client.awaitEvents(1);
				assertThat(client.data()).containsExactly("while away");
			}
			try (EventStreamClient client = EventStreamClient.open(small.uri("/void/quiet"), "Last-Event-ID", first)) {
				client.awaitEvents(2);
				assertThat(client.events().get(0).name()).as("without a heartbeat").isEqualTo("gap");
			}
		}
	}

	@Test
	void asksSupplierOnlyWhenSnapshotIsNeeded() {
		Controller.supplied.set(0);
		String id = publish("one");
		try (EventStreamClient client = resume("/supplier/" + this.topic, id)) {
			publish("two");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("two");
			assertThat(Controller.supplied).hasValue(0);
		}
		try (EventStreamClient client = open("/supplier/" + this.topic)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("supplied");
			assertThat(Controller.supplied).hasValue(1);
		}
	}

	@Test
	void sendsSnapshotAgainWhenSomethingMissedIsGone() {
		String first = publish("first");
		for (int i = 0; i < 6; i++) {
			publish("event " + i);
		}
		try (EventStreamClient client = resume("/snapshot/" + this.topic, first)) {
			publish("live");
			client.awaitEvents(2);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			assertThat(client.data()).containsExactly("[\"" + this.topic + "\"]", "live");
		}
	}

	@Test
	void tellsGapWhereThereIsNoSnapshotAndGoesOnWithWhatIsLeft() {
		String first = publish("first");
		String lost = publish("lost");
		for (int i = 0; i < 5; i++) {
			publish("event " + i);
		}
		try (EventStreamClient client = resume("/void/" + this.topic, first)) {
			client.awaitEvents(6);
			assertThat(client.events().get(0).name()).isEqualTo("gap");
			assertThat(client.events().get(0).data()).isEqualTo("{\"topics\":[\"" + this.topic + "\"],\"after\":\""
					+ first + "\",\"until\":\"" + lost + "\",\"reason\":\"evicted\"}");
			assertThat(client.data()).endsWith("event 0", "event 1", "event 2", "event 3", "event 4");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "abc-5", "nonsense", "zzzzzzzz-1", "-", "1-1-1", "%00", "<script>", "AAAAAAAAAAA",
			"P__________" })
	void idOfAnotherLifeOrNoneAtAllIsAGapAndNoError(String id) {
		publish("before");
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			client.awaitEvents(1);
			publish("live");
			client.awaitEvents(2);
			assertThat(client.response().statusCode()).isEqualTo(200);
			assertThat(client.events().get(0).name()).isEqualTo("gap");
			assertThat(client.events().get(0).data()).contains("\"reason\":\"restarted\"");
			assertThat(client.events().get(1).data()).isEqualTo("live");
		}
		try (EventStreamClient client = resume("/snapshot/" + this.topic, id)) {
			client.awaitEvents(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
		}
	}

	@Test
	void idOfTheFutureIsAGapAndNoError() {
		publish("before");
		EventLog log = server.bean(EventLog.class);
		String future = log.format(new EventId(log.head().epoch(), Long.MAX_VALUE));
		try (EventStreamClient client = resume("/void/" + this.topic, future)) {
			client.awaitEvents(1);
			publish("live");
			client.awaitEvents(2);
			assertThat(client.events().get(0).data()).contains("\"reason\":\"restarted\"");
			assertThat(client.events().get(1).data()).isEqualTo("live");
		}
	}

	/**
	 * No gap of the other topic is sent either.
	 */
	@Test
	void idOfAnotherTopicGivesNothingOfThatTopic() {
		String other = this.topic + "/other";
		String id = server.sse().publish(other, "of another topic");
		publish("own");
		for (int i = 0; i < 7; i++) {
			server.sse().publish(other, "of another topic, some of it lost");
		}
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			client.awaitEvents(1);
			server.sse().publish(other, "of another topic");
			publish("live");
			client.awaitEvents(2);
			assertThat(client.data()).containsExactly("own", "live");
		}
	}

	@Test
	void absurdlyLongIdIsNoError() {
		try (EventStreamClient client = resume("/snapshot/" + this.topic, "x".repeat(6000))) {
			client.awaitEvents(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
		}
	}

	@Test
	void emptyIdIsThatOfANewClient() {
		try (EventStreamClient client = EventStreamClient
			.open(server.uri("/snapshot/" + this.topic + "?lastEventId="))) {
			client.awaitEvents(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
		}
	}

	@Test
	void methodAlwaysRuns() {
		String id = publish("one");
		try (EventStreamClient client = resume("/forbidden/" + this.topic, id)) {
			assertThat(client.response().statusCode()).isEqualTo(403);
		}
	}

	@Test
	void endOfTopicEndsStreamsAndTellsThoseWhoHaveSeenItToStop() {
		String id;
		try (EventStreamClient client = open("/void/" + this.topic)) {
			Awaitility.await().until(() -> server.registry().count(this.topic) == 1);
			publish("last");
			server.sse().complete(this.topic);
			client.awaitEnd();
			assertThat(client.failure()).isNull();
			assertThat(client.data()).containsExactly("last");
			id = cursor(client);
		}
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
	}

	@Test
	void clientIsToldToStopByTheIdOfTheLastEventAlone() {
		String id = publish("last");
		server.sse().complete(this.topic);
		server.sse().publish(this.topic + "/other", "elsewhere");
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
		publish("begun again");
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("begun again");
		}
	}

	@Test
	void clientThatHasNoEventOfAnEndedTopicIsToldToStopByItsFirstId() {
		String id;
		try (EventStreamClient client = open("/void/" + this.topic)) {
			id = cursor(client);
			server.sse().complete(this.topic);
			client.awaitEnd();
			assertThat(client.failure()).isNull();
			assertThat(client.lines()).containsExactly("retry: 2000", "id: " + id, "event: cursor", "data", "");
		}
		try (EventStreamClient client = resume("/void/" + this.topic, id)) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
	}

	@Test
	void clientThatResumesGetsNothingButWhatItMissed() {
		String first = publish("one");
		String second = publish("two");
		try (EventStreamClient client = resume("/void/" + this.topic, first)) {
			client.awaitEvents(1);
			assertThat(client.lines()).containsExactly("retry: 2000", "id: " + second, "data: two", "");
		}
	}

	@Test
	void dataAloneHasNoFramesOfOurs() {
		try (EventStreamClient client = resume("/data/" + this.topic, "of another life")) {
			EventStreamClient.await().until(() -> server.registry().count(this.topic) == 1);
			String id = publish("one");
			server.registry().disconnectTopic(this.topic);
			client.awaitEnd();
			assertThat(client.lines()).containsExactly(": ", "id: " + id, "data: one", "");
		}
	}

	@Test
	void callbacksAreCalledForAClientThatHasSeenTheEnd() {
		publish("last");
		server.sse().complete(this.topic);
		String id;
		try (EventStreamClient client = open("/counted/" + this.topic)) {
			client.awaitEnd();
			id = cursor(client);
		}
		Awaitility.await().until(() -> Controller.completed.contains(this.topic));
		Controller.completed.remove(this.topic);
		try (EventStreamClient client = resume("/counted/" + this.topic, id)) {
			assertThat(client.response().statusCode()).isEqualTo(204);
		}
		Awaitility.await().until(() -> Controller.completed.contains(this.topic));
	}

	@Test
	void parameterThatCannotBeDecodedIsNoId() {
		publish("one");
		try (RawStreamClient client = RawStreamClient.open(server.port(),
				"/snapshot/" + this.topic + "?lastEventId=%zz")) {
			client.awaitLine("event: snapshot");
		}
	}

	@Test
	void clientThatWasAwayAtTheEndGetsTheRestThenTheEnd() {
		String first = publish("one");
		publish("two");
		server.sse().complete(this.topic);
		try (EventStreamClient client = resume("/void/" + this.topic, first)) {
			client.awaitEnd();
			assertThat(client.data()).containsExactly("two");
		}
	}

	@Test
	void newClientOfEndedTopicGetsSnapshotThenTheEnd() {
		publish("one");
		server.sse().complete(this.topic);
		try (EventStreamClient client = open("/snapshot/" + this.topic)) {
			client.awaitEnd();
			assertThat(client.events()).hasSize(1);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			try (EventStreamClient again = resume("/snapshot/" + this.topic, cursor(client))) {
				assertThat(again.response().statusCode()).isEqualTo(204);
			}
		}
	}

	@Test
	void newClientGetsNewestOfEveryKeyWhereOnlyThatMatters() {
		String latest = "latest/" + this.topic;
		server.sse().publish(latest, SseEvent.of("gold 1").withKey("gold"));
		server.sse().publish(latest, SseEvent.of("silver 1").withKey("silver"));
		server.sse().publish(latest, SseEvent.of("gold 2").withKey("gold"));
		try (EventStreamClient client = open("/latest/" + this.topic)) {
			client.awaitEvents(2);
			server.sse().publish(latest, SseEvent.of("silver 2").withKey("silver"));
			client.awaitEvents(3);
			assertThat(client.data()).containsExactly("silver 1", "gold 2", "silver 2");
			EventLog log = server.bean(EventLog.class);
			assertThat(client.events().stream().map(Event::id).map(log::parse)).isSorted();
		}
	}

	@Test
	void snapshotMayBeEventsWithNamesOfTheirOwn() {
		try (EventStreamClient client = open("/events/" + this.topic)) {
			client.awaitEvents(2);
			assertThat(client.events().stream().map(Event::name)).containsExactly("first", "second");
			assertThat(client.events().get(0).id()).as("the snapshot is not whole yet").isNull();
			assertThat(client.events().get(1).id()).isNotNull();
		}
	}

	@Test
	void leavesOutTheStreamThatCausedTheEvent() {
		try (EventStreamClient own = open("/own/" + this.topic);
				EventStreamClient other = open("/void/" + this.topic)) {
			own.awaitEvents(1);
			Awaitility.await().until(() -> server.registry().count(this.topic) == 2);
			server.sse().publish(this.topic, SseEvent.of("said").exceptStream(own.data().get(0)));
			publish("to all");
			other.awaitEvents(2);
			own.awaitEvents(2);
			assertThat(other.data()).containsExactly("said", "to all");
			assertThat(own.data().subList(1, own.data().size())).containsExactly("to all");
		}
	}

	@Test
	void publishesToOneUser() {
		try (EventStreamClient client = open("/users/ada/" + this.topic)) {
			Awaitility.await().until(() -> server.registry().count("users/ada/" + this.topic) == 1);
			server.sse().publishToUser("ada", this.topic, "for ada");
			server.sse().publishToUser("bob", this.topic, "for bob");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("for ada");
		}
	}

	@Test
	void clientOfAnotherLifeGetsNewestOfEveryKeyToo() {
		server.sse().publish("latest/" + this.topic, SseEvent.of("gold 1").withKey("gold"));
		try (EventStreamClient client = resume("/latest/" + this.topic, "abc-5")) {
			client.awaitEvents(2);
			assertThat(client.events().get(0).name()).isEqualTo("gap");
			assertThat(client.events().get(1).data()).isEqualTo("gold 1");
		}
	}

	private static String cursor(EventStreamClient client) {
		Awaitility.await().until(() -> client.lines().stream().anyMatch((line) -> line.startsWith("id: ")));
		List<String> ids = client.lines().stream().filter((line) -> line.startsWith("id: ")).toList();
		return ids.get(ids.size() - 1).substring(4);
	}

	private String publish(String data) {
		return server.sse().publish(this.topic, data);
	}

	private static EventStreamClient open(String path) {
		return EventStreamClient.open(server.uri(path));
	}

	private static EventStreamClient resume(String path, String lastEventId) {
		return EventStreamClient.open(server.uri(path), "Last-Event-ID", lastEventId);
	}

	@RestController
	static class Controller {

		static final AtomicInteger supplied = new AtomicInteger();

		/** Topics of streams that have ended. */
		static final Set<String> completed = ConcurrentHashMap.newKeySet();

		private final SseOperations sse;

		Controller(SseOperations sse) {
			this.sse = sse;
		}

		@GetMapping("/void/{topic}")
		@SseTopic("{topic}")
		void noSnapshot() {
		}

		@GetMapping("/data/{topic}")
		@SseTopic(value = "{topic}", dataOnly = true)
		void data() {
		}

		@GetMapping("/counted/{topic}")
		@SseTopic("{topic}")
		void counted(@PathVariable String topic, SseStream stream) {
			stream.onCompletion(() -> completed.add(topic));
		}

		@GetMapping("/snapshot/{topic}")
		@SseTopic("{topic}")
		List<String> snapshot(@PathVariable String topic) {
			return List.of(topic);
		}

		@GetMapping("/publishing/{topic}")
		@SseTopic({ "{topic}", "{topic}/**" })
		String publishing(@PathVariable String topic) {
			this.sse.publish(topic + "/a", "meanwhile");
			return "state";
		}

		@GetMapping("/supplier/{topic}")
		@SseTopic("{topic}")
		Supplier<String> supplier() {
			return () -> {
				supplied.incrementAndGet();
				return "supplied";
			};
		}

		@GetMapping("/events/{topic}")
		@SseTopic("{topic}")
		List<SseEvent> events() {
			return List.of(SseEvent.of("first", 1), SseEvent.of("second", 2));
		}

		@GetMapping("/latest/{topic}")
		@SseTopic("latest/{topic}")
		void latest() {
		}

		@GetMapping("/own/{topic}")
		@SseTopic("{topic}")
		String own(SseStream stream) {
			return stream.getId();
		}

		@GetMapping("/users/{name}/{topic}")
		@SseTopic("users/{name}/{topic}")
		void user() {
		}

		@GetMapping("/forbidden/{topic}")
		@SseTopic("{topic}")
		void forbidden() {
			throw new ResponseStatusException(HttpStatus.FORBIDDEN);
		}

	}

}
