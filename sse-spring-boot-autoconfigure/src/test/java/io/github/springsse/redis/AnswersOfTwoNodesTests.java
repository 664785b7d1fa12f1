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

package io.github.springsse.redis;

import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.springsse.SseAnswer;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseTopic;
import io.github.springsse.Topic;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.history.AnswerState;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for answers on two nodes, if the second node has not yet read the entries that
 * the first one has appended.
 */
@Timeout(120)
class AnswersOfTwoNodesTests {

	private static final Topic GATE = Topic.of("gate");

	private static TestRedis redis;

	private static TestServer one;

	private static TestServer two;

	private final String id = "id" + System.nanoTime();

	private final Topic topic = Topic.of("answers/" + this.id);

	private final Source source = Application.source(this.id);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private CountDownLatch gate = new CountDownLatch(0);

	@BeforeAll
	static void start() {
		redis = TestRedis.start();
		one = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, redis.properties());
		two = TestServer.start(ServerKind.JETTY_HANDOFF, Application.class, redis.properties());
	}

	@AfterAll
	static void stop() {
		one.close();
		two.close();
		redis.close();
	}

	@AfterEach
	void letGo() {
		this.threads.shutdown();
		this.gate.countDown();
		AnswerEngine engine = two.bean(AnswerEngine.class);
		two.delivery().setSources(engine::cancelHere);
	}

	/**
	 * Have the second node read nothing until the gate is opened.
	 */
	private void hold() throws InterruptedException {
		CountDownLatch held = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		this.gate = gate;
		two.delivery().setSources((id, topic) -> {
			if (topic.equals(GATE)) {
				held.countDown();
				await(gate);
			}
		});
		one.bean(EventLog.class).append(LogEntry.cancel(GATE));
		assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await(20, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private EventStreamClient get(TestServer server, String path) {
		return EventStreamClient.open(server.uri(path + this.id));
	}

	private EventStreamClient post(TestServer server, String path) {
		return EventStreamClient
			.open(HttpRequest.newBuilder(server.uri(path + this.id)).POST(HttpRequest.BodyPublishers.noBody()));
	}

	private CompletableFuture<EventStreamClient> later(String path) {
		return CompletableFuture.supplyAsync(() -> get(two, path), this.threads);
	}

	/** Pieces may be joined on their way. */
	private static String text(EventStreamClient client) {
		return String.join("", client.awaitEnd().data());
	}

	private void awaitOnTwo(AnswerState state) {
		EventStreamClient.await().until(() -> two.delivery().histories().answerState(this.topic) == state);
	}

	@Test
	void sourceThatHasBegunAndEndedElsewhereIsNotStartedAgain() throws Exception {
		hold();
		this.source.next().end("a", "b");
		assertThat(text(get(one, "/answers/"))).isEqualTo("ab");
		try (EventStreamClient client = get(two, "/answers/")) {
			this.gate.countDown();
			assertThat(text(client)).isEqualTo("ab");
			assertThat(this.source.subscriptions).hasValue(1);
		}
	}

	@Test
	void sourceThatRunsElsewhereIsHadFromItsBeginning() throws Exception {
		hold();
		Piece piece = this.source.next();
		try (EventStreamClient first = get(one, "/answers/"); EventStreamClient client = get(two, "/answers/")) {
			piece.write("a");
			first.awaitEvents(1);
			this.gate.countDown();
			piece.end("b");
			assertThat(text(client)).isEqualTo("ab");
			assertThat(this.source.subscriptions).hasValue(1);
		}
	}

	@Test
	void answerThatTheMethodHasJustPublishedIsHadAndNotTheOneBefore() throws Exception {
		this.source.next().end("old");
		assertThat(get(two, "/self/").awaitEnd().data()).containsExactly("old");
		hold();
		this.source.next().end("new");
		CompletableFuture<EventStreamClient> client = later("/self/");
		EventStreamClient.await().until(() -> this.source.subscriptions.get() == 2);
		this.gate.countDown();
		try (EventStreamClient stream = client.get(10, TimeUnit.SECONDS)) {
			assertThat(stream.awaitEnd().data()).containsExactly("new");
		}
	}

	@Test
	void answerThatWasStartedElsewhereIsKnownToAFeedThatDoesNotWait() throws Exception {
		hold();
		this.source.next().write("a");
		one.sse().publishAll(this.topic.toString(), this.source.flux(), SsePublishOptions.DEFAULT);
		CompletableFuture<EventStreamClient> client = later("/running/");
		EventStreamClient.await().until(() -> this.source.subscriptions.get() == 1 && this.source.calls.get() == 1);
		EventStreamClient.await().during(Duration.ofMillis(200)).until(() -> !client.isDone());
		this.gate.countDown();
		try (EventStreamClient stream = client.get(10, TimeUnit.SECONDS)) {
			assertThat(stream.response().statusCode()).isEqualTo(200);
			assertThat(stream.awaitEvents(1).data()).containsExactly("a");
		}
		one.sse().cancel(this.topic.toString());
		awaitOnTwo(AnswerState.COMPLETE);
	}

	@Test
	void clientOfARunningAnswerWhoseBeginningIsNoLongerKeptIsToldSo() {
		Piece piece = this.source.next();
		try (EventStreamClient first = get(one, "/answers/")) {
			piece.write("a", "b");
			first.awaitEvents(1);
			EventStreamClient.await().until(() -> text(first, 0).equals("ab"));
			redis.command("DEL", "{sse}:answers");
			piece.write("c");
			EventStreamClient.await().until(() -> String.join("", first.data()).contains("c"));
			try (TestServer three = TestServer.start(ServerKind.TOMCAT_ASYNC, Application.class, redis.properties());
					EventStreamClient client = get(three, "/answers/")) {
				piece.end("d");
				assertThat(client.awaitEnd().events().get(0).name()).isEqualTo("gap");
				assertThat(client.data()).last().asString().endsWith("d");
				assertThat(this.source.subscriptions).hasValue(1);
			}
		}
	}

	private static String text(EventStreamClient client, int from) {
		return String.join("", client.data().subList(from, client.data().size()));
	}

	@Test
	void nextAnswerOfAChatIsStartedWhereTheEndOfTheOneBeforeWasNotReadYet() throws Exception {
		Piece before = this.source.next();
		EventStreamClient first = post(one, "/chat/");
		awaitOnTwo(AnswerState.RUNNING);
		hold();
		before.end("old");
		assertThat(first.awaitEnd().data()).containsExactly("old");
		this.source.next().end("new");
		CompletableFuture<EventStreamClient> client = CompletableFuture.supplyAsync(() -> post(two, "/chat/"),
				this.threads);
		EventStreamClient.await().until(() -> this.source.calls.get() == 2);
		this.gate.countDown();
		try (EventStreamClient stream = client.get(10, TimeUnit.SECONDS)) {
			assertThat(stream.awaitEnd().data()).containsExactly("new");
		}
	}

	@Test
	void completionOfATopicEndsItsSourceOnWhicheverNodeItIs() {
		Piece piece = this.source.next();
		try (EventStreamClient first = get(one, "/answers/")) {
			piece.write("a");
			first.awaitEvents(1);
			two.sse().complete(this.topic.toString());
			assertThat(first.awaitEnd().data()).containsExactly("a");
			EventStreamClient.await().until(() -> piece.sink.currentSubscriberCount() == 0);
			EventStreamClient.await().until(() -> !((RedisEventLog) one.bean(EventLog.class)).isLeased(this.topic));
			SsePublication next = one.sse()
				.publishAll(this.topic.toString(), Flux.just("b"), SsePublishOptions.DEFAULT);
			assertThat(next.completion().join()).isEqualTo(SsePublication.State.COMPLETED);
		}
	}

	/**
	 * Have the lease of the source of the first node expire, as if that were gone, so
	 * that the topic is ended in its place.
	 */
	private void interrupt() {
		EventStreamClient.await().atMost(Duration.ofSeconds(20)).until(() -> {
			redis.command("ZADD", "{sse}:sources", "0", this.topic.toString());
			AnswerState state = two.delivery().histories().answerState(this.topic);
			return state == AnswerState.COMPLETE;
		});
	}

	/**
	 * Start a source on the first node that is then interrupted.
	 * @return what a client of the second node has got
	 */
	private List<EventStreamClient.Event> interrupted(String path) {
		Piece piece = this.source.next();
		try (EventStreamClient first = get(one, path); EventStreamClient second = get(two, path)) {
			piece.write("old");
			first.awaitEvents(1);
			second.awaitEvents(1);
			interrupt();
			first.awaitEnd();
			return second.awaitEnd().events();
		}
	}

	private CompletableFuture<EventStreamClient> comeBack(TestServer server, String id) {
		return CompletableFuture.supplyAsync(
				() -> EventStreamClient.open(server.uri("/restarted/" + this.id), "Last-Event-ID", id), this.threads);
	}

	private static void assertNewAnswer(EventStreamClient client, String text) {
		List<EventStreamClient.Event> events = client.awaitEnd().events();
		assertThat(events.get(0).name()).isEqualTo("gap");
		assertThat(events.get(0).data()).contains("\"reason\":\"interrupted\"");
		assertThat(events.subList(1, events.size())).extracting(EventStreamClient.Event::name).containsOnlyNulls();
		assertThat(text(client, 1)).isEqualTo(text);
	}

	@Test
	void interruptedSourceIsStartedAgainOnceByTheClientsThatComeBack() throws Exception {
		List<EventStreamClient.Event> events = interrupted("/restarted/");
		assertThat(events).extracting(EventStreamClient.Event::name).containsOnlyNulls();
		assertThat(events).extracting(EventStreamClient.Event::data).containsExactly("old");
		String seen = events.get(0).id();
		Piece next = this.source.next();
		List<CompletableFuture<EventStreamClient>> clients = List.of(comeBack(two, seen), comeBack(one, seen),
				comeBack(two, seen), comeBack(one, seen));
		next.write("new").end(" answer");
		String last = "";
		for (CompletableFuture<EventStreamClient> client : clients) {
			try (EventStreamClient stream = client.get(20, TimeUnit.SECONDS)) {
				assertNewAnswer(stream, "new answer");
				last = stream.events().get(stream.events().size() - 1).id();
			}
		}
		assertThat(this.source.subscriptions).hasValue(2);
		assertThat(comeBack(two, last).get(20, TimeUnit.SECONDS).response().statusCode()).isEqualTo(204);
		assertThat(this.source.subscriptions).hasValue(2);
	}

	@Test
	void sourceThatWasStartedAgainAndHasEndedElsewhereIsNotStartedOnceMore() throws Exception {
		String seen = interrupted("/restarted/").get(0).id();
		hold();
		this.source.next().end("new");
		assertNewAnswer(comeBack(one, seen).get(20, TimeUnit.SECONDS), "new");
		CompletableFuture<EventStreamClient> client = comeBack(two, seen);
		EventStreamClient.await().until(() -> this.source.calls.get() == 4);
		this.gate.countDown();
		assertNewAnswer(client.get(20, TimeUnit.SECONDS), "new");
		assertThat(this.source.subscriptions).hasValue(2);
	}

	@Test
	void sourceOfANodeThatIsStoppedIsStartedAgainOnAnother() throws Exception {
		Piece piece = this.source.next();
		String seen;
		try (TestServer three = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class,
				Stream.concat(Stream.of(redis.properties()), Stream.of("sse.shutdown.timeout=0s"))
					.toArray(String[]::new));
				EventStreamClient first = get(three, "/restarted/")) {
			piece.write("old");
			seen = first.awaitEvents(1).events().get(0).id();
		}
		awaitOnTwo(AnswerState.COMPLETE);
		this.source.next().end("new");
		assertNewAnswer(comeBack(two, seen).get(20, TimeUnit.SECONDS), "new");
		assertThat(this.source.subscriptions).hasValue(2);
	}

	@Test
	void interruptedSourceOfAMethodThatDoesNotSaySoIsNotStartedAgain() throws Exception {
		List<EventStreamClient.Event> events = interrupted("/answers/");
		assertThat(events).extracting(EventStreamClient.Event::name).containsExactly(null, "failed");
		assertThat(events.get(1).data()).contains("interrupted");
		assertThat(comeBack(two, events.get(1).id()).get(20, TimeUnit.SECONDS).response().statusCode()).isEqualTo(204);
		assertThat(this.source.subscriptions).hasValue(1);
	}

	/**
	 * The answers of a topic, one after the other.
	 */
	static class Source {

		final AtomicInteger subscriptions = new AtomicInteger();

		final AtomicInteger calls = new AtomicInteger();

		private volatile Piece current = new Piece();

		Piece next() {
			Piece next = new Piece();
			this.current = next;
			return next;
		}

		Flux<String> flux() {
			return Flux.defer(() -> {
				this.subscriptions.incrementAndGet();
				return this.current.sink.asFlux();
			});
		}

		Flux<String> call() {
			this.calls.incrementAndGet();
			return flux();
		}

	}

	/**
	 * One answer.
	 */
	static class Piece {

		final Sinks.Many<String> sink = Sinks.many().replay().all();

		Piece write(String... texts) {
			List.of(texts).forEach((text) -> this.sink.tryEmitNext(text).orThrow());
			return this;
		}

		void end(String... texts) {
			write(texts);
			this.sink.tryEmitComplete().orThrow();
		}

	}

	@RestController
	static class Application {

		private static final Map<String, Source> sources = new ConcurrentHashMap<>();

		private final SseOperations sse;

		Application(SseOperations sse) {
			this.sse = sse;
		}

		static Source source(String id) {
			return sources.computeIfAbsent(id, (key) -> new Source());
		}

		@GetMapping("/answers/{id}")
		@SseTopic("answers/{id}")
		Flux<String> get(@PathVariable String id) {
			return source(id).call();
		}

		@GetMapping("/restarted/{id}")
		@SseTopic("answers/{id}")
		@SseAnswer(restartInterrupted = true)
		Flux<String> restarted(@PathVariable String id) {
			return source(id).call();
		}

		@PostMapping("/chat/{id}")
		@SseTopic("answers/{id}")
		@SseAnswer(startAgain = true)
		Flux<String> chat(@PathVariable String id) {
			return source(id).call();
		}

		@GetMapping("/chat/{id}")
		@SseTopic("answers/{id}")
		@SseAnswer(noContentWhenEnded = true)
		@Nullable Flux<String> resume(@PathVariable String id) {
			return null;
		}

		@GetMapping("/self/{id}")
		@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
		void self(@PathVariable String id) {
			this.sse.publishAll("answers/" + id, source(id).flux(), SsePublishOptions.DEFAULT);
		}

		@GetMapping("/running/{id}")
		@SseTopic(value = "answers/{id}", from = SseTopic.From.START)
		@SseAnswer(noContentWhenUnknown = true)
		void running(@PathVariable String id) {
			source(id).calls.incrementAndGet();
		}

	}

}
