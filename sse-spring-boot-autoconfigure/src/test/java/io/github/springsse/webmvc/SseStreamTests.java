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

import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonView;
import io.github.springsse.InvalidTopicException;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.SseStream;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.EventStreamClient.Event;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link SseStream} and {@link SseEmitterRegistry}.
 */
class SseStreamTests {

	private static final TestServers servers = new TestServers(Application.class, "sse.heartbeat.interval=0",
			"sse.stream.queue.max-events=50", "spring.jackson.serialization.indent-output=true");

	private static final Map<String, Consumer<SseStream>> preparations = new ConcurrentHashMap<>();

	private static final AtomicInteger names = new AtomicInteger();

	private final TestServer server = servers.get(ServerKind.TOMCAT_HANDOFF);

	private final SseEmitterRegistry registry = this.server.registry();

	private final List<EventStreamClient> clients = new ArrayList<>();

	private final List<String> calls = new CopyOnWriteArrayList<>();

	@AfterAll
	static void close() {
		servers.close();
	}

	@AfterEach
	void closeClients() {
		this.clients.forEach(EventStreamClient::close);
		for (ServerKind kind : ServerKind.values()) {
			if (servers.isStarted(kind)) {
				SseEmitterRegistry registry = servers.get(kind).registry();
				registry.streams().forEach(SseStream::complete);
				EventStreamClient.await().until(() -> registry.count() == 0);
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void deliversWhatWasPublishedSinceItWasMade(ServerKind kind) {
		TestServer server = servers.get(kind);
		for (String type : List.of("stream", "emitter", "object")) {
			Opened opened = open(server, "/typed/" + type, "typed/" + type, (stream) -> {
			});
			assertThat(opened.client.response().headers().firstValue("Content-Type")).hasValue("text/event-stream");
			assertThat(opened.client.response().headers().firstValue("X-Accel-Buffering")).hasValue("no");
			server.sse().publish("typed/" + type, "after");
			opened.client.awaitEvents(2);
			assertThat(opened.client.data()).as(type).containsExactly("before", "after");
		}
	}

	@Test
	void hasSnapshotOfItsOwnForClientsThatNeedOne() {
		String id;
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/portfolio"))) {
			this.server.sse().publish("portfolio/b", "published");
			client.awaitEvents(2);
			assertThat(client.events().get(0).name()).isEqualTo("snapshot");
			assertThat(client.data()).containsExactly("state 1", "published");
			id = client.events().get(1).id();
		}
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/portfolio"), "Last-Event-ID", id)) {
			this.server.sse().publish("portfolio/a", "another");
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("another");
		}
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/portfolio"), "Last-Event-ID",
				"another-life")) {
			client.awaitEvents(1);
			assertThat(client.data()).containsExactly("state 2");
		}
	}

	@Test
	void isAnEmitterThatTheContainerDoesNotTimeOut() {
		assertThat(this.registry.subscribe("a").getTimeout()).isZero();
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void isNotToBePutIntoAnotherObject(ServerKind kind) {
		TestServer server = servers.get(kind);
		long opened = server.delivery().statistics().opened();
		try (EventStreamClient client = EventStreamClient.open(server.uri("/entity"))) {
			assertThat(client.response().statusCode()).isEqualTo(500);
			client.awaitEnd();
		}
		assertThat(server.delivery().statistics().opened()).isEqualTo(opened);
	}

	@Test
	void isForOneResponse() {
		Opened opened = open((stream) -> {
		});
		try (EventStreamClient client = EventStreamClient.open(this.server.uri("/again/" + opened.stream.getId()))) {
			assertThat(client.response().statusCode()).isEqualTo(500);
		}
		opened.stream.send("still here");
		opened.client.awaitEvents(1);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void sendsBeforeAndAfterItIsOpen(ServerKind kind) {
		String id = servers.get(kind).sse().publish("elsewhere", "data");
		Opened opened = open(kind,
				(stream) -> stream.send(SseEmitter.event()
					.id("7")
					.name("own")
					.comment("one\ntwo")
					.reconnectTime(1234)
					.data("line\r\nline\rline\nline")));
		opened.stream.send(SseEmitter.event().name("json").data(Map.of("a", 1)));
		opened.stream.send(List.of(1));
		opened.stream.send("text");
		opened.stream.send("typed", MediaType.TEXT_PLAIN);
		opened.stream.send(SseEmitter.event().comment("only").build());
		opened.stream.complete();
		opened.client.awaitEnd();
		assertThat(opened.client.failure()).isNull();
		assertThat(opened.client.events()).extracting(Event::name, (event) -> event.data().replaceAll(" +", ""))
			.containsExactly(tuple("own", "line\nline\nline\nline"), tuple("json", "{\n\"a\":1\n}"), tuple(null, "[1]"),
					tuple(null, "text"), tuple(null, "typed"));
		assertThat(opened.client.lines().stream().map((line) -> line.replace(": ", ":")))
			.containsSubsequence("retry:2000", "id:" + id, "", "id:7", "retry:1234", "", ":only")
			.contains(":one", ":two")
			.doesNotContain("two", "line", "}");
	}

	@Test
	void sendsEventsWithTheirNameAndData() {
		Opened opened = open((stream) -> {
			stream.send(SseEvent.of("own", List.of(1)).withKey("key").exceptStream(stream.getId()));
			stream.send(SseEvent.of(" text"));
			stream.send(SseEvent.of(new Viewed(1, 2)).withHints(new SsePayloadHints(null, String.class)));
			stream.send((Object) SseEmitter.event().name("built").data("2"));
			stream.send(ServerSentEvent.builder().retry(Duration.ofMillis(1234)).build());
			stream.send(ServerSentEvent.builder(List.of(3)).id("7").event("spring").comment("c").build());
		});
		opened.client.awaitEvents(5);
		assertThat(opened.client.events()).extracting(Event::name, Event::data)
			.containsExactly(tuple("own", "[ 1 ]"), tuple(null, " text"), tuple(null, "{\n  \"seen\" : 1\n}"),
					tuple("built", "2"), tuple("spring", "[ 3 ]"));
		assertThat(opened.client.lines().stream().map((line) -> line.replace(": ", ":")))
			.contains("id:7", ":c", "retry:1234")
			.doesNotContain("key");
	}

	@Test
	void sendsNothingThatIsNoData() {
		Opened opened = open((stream) -> {
		});
		refuses(opened.stream, List.of(SseEvent.of("x")), SseEvent.class.getName() + " in "
				+ "java.util.ImmutableCollections$List12 cannot be sent: an event cannot be data or part of data. "
				+ "Send each event by itself");
		refuses(opened.stream, CompletableFuture.completedFuture("x"), "java.util.concurrent.CompletableFuture "
				+ "cannot be sent: its value comes later. Send the value when it is available");
		refuses(opened.stream, Optional.of("x"),
				"java.util.Optional cannot be sent: it may have no value. Send its value, if there is one");
		refuses(opened.stream, opened.stream,
				opened.stream.getClass().getName() + " cannot be sent: it is a stream. " + "Send data");
		assertThatExceptionOfType(SseException.class)
			.isThrownBy(() -> opened.stream.send(SseEmitter.event().data(SseEvent.of("x"))))
			.withMessageEndingWith("Send each event by itself");
		opened.stream.send("at last");
		opened.client.awaitEvents(1);
		assertThat(opened.client.data()).containsExactly("at last");
	}

	private static void refuses(SseStream stream, Object data, String message) {
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream.send(data)).withMessage(message);
		assertThatExceptionOfType(SseException.class).isThrownBy(() -> stream.send(SseEvent.of("name", data)))
			.withMessage(message);
	}

	@ParameterizedTest
	@EnumSource
	void givesDataAndCommentsAlone(ServerKind kind) {
		Opened opened = open(kind, SseStream::dataOnly);
		assertThatIllegalStateException().isThrownBy(opened.stream::dataOnly)
			.withMessageContaining("before it is returned");
		opened.stream.send("own");
		opened.stream.complete();
		opened.client.awaitEnd();
		assertThat(opened.client.lines()).containsExactly(": ", "data: own", "");
	}

	@Test
	void sendsTextAsItIs() {
		List<String> texts = List.of("  two spaces", " a\n  b\r\n\tc\r d", "", " ", "data:", "a\ndata: b",
				"data:\ndata:");
		Opened opened = open((stream) -> texts.forEach(stream::send));
		opened.client.awaitEvents(texts.size());
		assertThat(opened.client.data()).containsExactly("  two spaces", " a\n  b\n\tc\n d", "", " ", "data:",
				"a\ndata: b", "data:\ndata:");
	}

	@Test
	void sendsAndPublishesInOrder() {
		Opened opened = open((stream) -> {
			stream.send("1");
			stream.send("2");
		});
		this.server.sse().publish(opened.topic, "3");
		opened.stream.send("4");
		this.server.sse().publish(opened.topic, "5");
		opened.client.awaitEvents(5);
		assertThat(opened.client.data()).containsExactly("1", "2", "3", "4", "5");
	}

	@Test
	void whatIsSentToOneClientIsForNoOther() {
		Opened one = open((stream) -> {
		});
		Opened other = open((stream) -> {
		});
		one.stream.send("for one");
		this.server.sse().publish(other.topic, "for the other");
		one.client.awaitEvents(1);
		other.client.awaitEvents(1);
		assertThat(one.client.data()).containsExactly("for one");
		assertThat(other.client.data()).containsExactly("for the other");
	}

	@Test
	void refusesToSendOnceItIsCompleted() {
		SseStream unopened = this.registry.subscribe("a");
		unopened.complete();
		assertThatIllegalStateException().isThrownBy(() -> unopened.send("late"))
			.withMessage("Stream " + unopened.getId() + " is closed");
		Opened opened = open((stream) -> {
		});
		opened.stream.complete();
		assertThatIllegalStateException().isThrownBy(() -> opened.stream.send("late"));
		opened.client.awaitEnd();
		assertThatIllegalStateException().isThrownBy(() -> opened.stream.send(SseEmitter.event().data("late")));
		assertThat(opened.client.events()).isEmpty();
	}

	@Test
	void refusesToSendMoreThanItsQueueMayHold() {
		SseStream stream = this.registry.subscribe("a");
		for (int i = 0; i < 50; i++) {
			stream.send(i);
		}
		assertThatIllegalStateException().isThrownBy(() -> stream.send("one more"))
			.withMessage("Stream " + stream.getId()
					+ " has more to send than its queue may hold: 50 events (sse.stream.queue.max-events)");
	}

	@Test
	void refusesToSendMoreBytesThanItsQueueMayHoldAndLosesNothingBefore() {
		Opened opened = open((stream) -> {
			for (int i = 0; i < 4; i++) {
				stream.send(i + "x".repeat(500_000));
			}
			assertThatIllegalStateException().isThrownBy(() -> stream.send("x".repeat(500_000)))
				.withMessage("Stream " + stream.getId()
						+ " has more to send than its queue may hold: 2097152 bytes (twice sse.stream.queue.max-size)");
			stream.send("still fits");
		});
		opened.client.awaitEvents(5);
		assertThat(opened.client.data()).extracting((data) -> data.substring(0, 1))
			.containsExactly("0", "1", "2", "3", "s");
	}

	@Test
	void sendsOneEventOfAnySizeBeforeItIsOpen() {
		Opened opened = open((stream) -> {
			stream.send("x".repeat(5_000_000));
			assertThatIllegalStateException().isThrownBy(() -> stream.send("one more"))
				.withMessageContaining("sse.stream.queue.max-size");
		});
		opened.client.awaitEvents(1);
		assertThat(opened.client.data().get(0)).hasSize(5_000_000);
	}

	@Test
	void whatCannotBeWrittenIsTheProblemOfTheSender() {
		Opened opened = open((stream) -> {
		});
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> opened.stream.send(new Unwritable()));
		opened.stream.send("fine");
		opened.client.awaitEvents(1);
		assertThat(opened.client.data()).containsExactly("fine");
	}

	@Test
	void completesAfterWhatWasSentBefore() {
		Opened opened = open((stream) -> {
			record(stream);
			stream.send("1");
			stream.complete();
		});
		opened.client.awaitEnd();
		assertThat(opened.client.failure()).isNull();
		assertThat(opened.client.data()).containsExactly("1");
		awaitCalls("completion");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void tellsOfCompletion(ServerKind kind) {
		Opened opened = open(kind, this::record);
		opened.stream.complete();
		opened.stream.complete();
		opened.stream.completeWithError(new IllegalStateException("late"));
		opened.client.awaitEnd();
		assertThat(opened.client.failure()).isNull();
		awaitCalls("completion");
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void tellsOfErrorsThenOfCompletion(ServerKind kind) {
		Opened opened = open(kind, this::record);
		opened.stream.send("1");
		opened.stream.completeWithError(new IllegalStateException("own"));
		opened.client.awaitEnd();
		assertThat(opened.client.data()).containsExactly("1");
		awaitCalls("error own", "completion");
	}

	@Test
	void tellsOfTheLongestDurationThenOfCompletion() {
		try (TestServer limited = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class,
				"sse.stream.max-duration=100ms")) {
			preparations.put("limited", this::record);
			try (EventStreamClient client = EventStreamClient.open(limited.uri("/streams/limited"))) {
				client.awaitEnd();
				assertThat(client.failure()).isNull();
			}
			awaitCalls("timeout", "completion");
		}
	}

	@Test
	void aClientThatLeavesIsAnEndAndNoError() {
		Opened opened = open(this::record);
		opened.client.close();
		awaitCalls("completion");
	}

	@Test
	void runsEveryCallbackOnceInOrder() {
		open((stream) -> {
			for (int i = 1; i <= 3; i++) {
				String number = " " + i;
				stream.onCompletion(() -> this.calls.add("completion" + number));
				stream.onError((ex) -> this.calls.add("error" + number));
			}
		}).stream.completeWithError(new IllegalStateException());
		awaitCalls("error 1", "error 2", "error 3", "completion 1", "completion 2", "completion 3");
	}

	@Test
	void aCallbackThatFailsKeepsNoOtherFromRunning() {
		open((stream) -> {
			stream.onCompletion(() -> {
				throw new IllegalStateException("expected by the test");
			});
			record(stream);
		}).stream.complete();
		awaitCalls("completion");
	}

	@Test
	void callbacksMayBlockAndPublish() throws Exception {
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch blocking = new CountDownLatch(1);
		Opened other = open(this::record);
		Opened opened = open((stream) -> stream.onCompletion(() -> {
			this.server.sse().publish(other.topic, "published by a callback");
			blocking.countDown();
			awaitQuietly(blocked);
			this.calls.add("unblocked");
		}));
		opened.stream.complete();
		assertThat(blocking.await(10, TimeUnit.SECONDS)).isTrue();
		this.server.sse().publish(other.topic, "published meanwhile");
		other.client.awaitEvents(2);
		other.stream.complete();
		other.client.awaitEnd();
		awaitCalls("completion");
		blocked.countDown();
		awaitCalls("completion", "unblocked");
		assertThat(other.client.data()).containsExactly("published by a callback", "published meanwhile");
	}

	@Test
	void knowsItsTopicsAndUser() {
		Opened opened = open(ServerKind.TOMCAT_HANDOFF, (stream) -> assertThat(stream.getUser()).isNull(), "X-User",
				"ann");
		assertThat(opened.stream.getTopics()).containsExactly(opened.topic, opened.topic + "/**");
		assertThat(opened.stream.getUser()).isEqualTo("ann");
		assertThat(opened.stream).asString().contains(opened.stream.getId(), opened.topic, "ann");
	}

	@Test
	void registryHasOpenStreams() {
		List<SseStream> unopened = new ArrayList<>();
		Opened one = open((stream) -> {
			unopened.add(stream);
			assertThat(this.registry.find(stream.getId())).isEmpty();
			assertThat(this.registry.count()).isZero();
		});
		Opened two = open((stream) -> {
		});
		assertThat(unopened).containsExactly(one.stream);
		assertThat(this.registry.count()).isEqualTo(2);
		assertThat(this.registry.streams()).containsExactlyInAnyOrder(one.stream, two.stream).isUnmodifiable();
		assertThat(this.registry.find(one.stream.getId())).containsSame(one.stream);
		assertThat(this.registry.find("unknown")).isEmpty();
		assertThat(one.stream.getId()).isNotEqualTo(two.stream.getId());
		assertThat(this.registry.count(one.topic)).isOne();
		assertThat(this.registry.count(one.topic + "/below")).isOne();
		assertThat(this.registry.count("streams")).isZero();
		assertThat(this.registry.streamsOfTopic(one.topic)).containsExactly(one.stream).isUnmodifiable();
		assertThat(this.registry.streamsOfTopic("streams")).isEmpty();
	}

	@Test
	void registryClosesStreams() {
		Opened one = open((stream) -> {
		});
		Opened two = open((stream) -> {
		});
		Opened three = open(ServerKind.TOMCAT_HANDOFF, (stream) -> {
		}, "X-User", "ann");
		Opened four = open((stream) -> {
		});
		this.server.sse().publish(one.topic, "before");
		assertThat(this.registry.disconnect(one.stream.getId())).isTrue();
		one.client.awaitEnd();
		assertThat(one.client.failure()).isNull();
		assertThat(one.client.data()).containsExactly("before");
		EventStreamClient.await().until(() -> this.registry.count() == 3);
		assertThat(this.registry.disconnect(one.stream.getId())).isFalse();
		assertThat(this.registry.disconnectTopic(two.topic + "/below")).isOne();
		two.client.awaitEnd();
		assertThat(this.registry.disconnectTopic("streams")).isZero();
		assertThat(this.registry.streamsOfUser("bob")).isEmpty();
		assertThat(this.registry.streamsOfUser("ann")).containsExactly(three.stream).isUnmodifiable();
		assertThat(this.registry.disconnectUser("bob")).isZero();
		assertThat(this.registry.disconnectUser("ann")).isOne();
		three.client.awaitEnd();
		assertThat(four.client.isEnded()).isFalse();
		EventStreamClient.await().until(() -> this.registry.count() == 1);
		assertThat(this.registry.streams()).containsExactly(four.stream);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "a//b", "a*", "**/a", "{a}", "a\n" })
	void registryRefusesWhatIsNoTopic(String topic) {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> this.registry.subscribe("a", topic));
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> this.registry.count(topic));
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> this.registry.disconnectTopic(topic));
	}

	@Test
	void registryNeedsATopic() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.registry.subscribe());
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> this.registry.count("a/*"));
	}

	private void record(SseStream stream) {
		stream.onCompletion(() -> this.calls.add("completion"));
		stream.onTimeout(() -> this.calls.add("timeout"));
		stream.onError((ex) -> this.calls.add("error " + ex.getMessage()));
	}

	private void awaitCalls(String... expected) {
		EventStreamClient.await().until(() -> this.calls.size() >= expected.length);
		assertThat(this.calls).containsExactly(expected);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Opened open(Consumer<SseStream> preparation) {
		return open(ServerKind.TOMCAT_HANDOFF, preparation);
	}

	private Opened open(ServerKind kind, Consumer<SseStream> preparation, String... headers) {
		String name = "s" + names.incrementAndGet();
		return open(servers.get(kind), "/streams/" + name, "streams/" + name, preparation, headers);
	}

	/**
	 * Open a stream, which is prepared before the controller returns it.
	 */
	private Opened open(TestServer server, String path, String topic, Consumer<SseStream> preparation,
			String... headers) {
		List<SseStream> prepared = new CopyOnWriteArrayList<>();
		long opened = server.delivery().statistics().opened();
		preparations.put(path.substring(path.lastIndexOf('/') + 1), (stream) -> {
			preparation.accept(stream);
			prepared.add(stream);
		});
		EventStreamClient client = EventStreamClient.open(server.uri(path), headers);
		this.clients.add(client);
		assertThat(client.response().statusCode()).isEqualTo(200);
		EventStreamClient.await().until(() -> server.delivery().statistics().opened() > opened);
		return new Opened(client, prepared.get(0), topic);
	}

	private record Opened(EventStreamClient client, SseStream stream, String topic) {

	}

	/**
	 * What JSON cannot be made of.
	 */
	public static class Unwritable {

		public String getValue() {
			throw new IllegalStateException("unwritable");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import(StreamController.class)
	static class Application {

		@Bean
		Filter userFilter() {
			return (request, response, chain) -> chain
				.doFilter(new HttpServletRequestWrapper((HttpServletRequest) request) {

					@Override
					public @Nullable Principal getUserPrincipal() {
						String user = getHeader("X-User");
						return (user != null) ? () -> user : null;
					}

				}, response);
		}

	}

	@RestController
	static class StreamController {

		private final SseEmitterRegistry registry;

		private final SseOperations sse;

		private final AtomicInteger snapshots = new AtomicInteger();

		StreamController(SseEmitterRegistry registry, SseOperations sse) {
			this.registry = registry;
			this.sse = sse;
		}

		@GetMapping("/streams/{name}")
		SseStream stream(@PathVariable String name) {
			SseStream stream = this.registry.subscribe("streams/" + name, "streams/" + name + "/**");
			preparations.get(name).accept(stream);
			return stream;
		}

		@GetMapping("/typed/stream")
		SseStream typedStream() {
			return typed("stream");
		}

		@GetMapping("/typed/emitter")
		SseEmitter typedEmitter() {
			return typed("emitter");
		}

		@GetMapping("/typed/object")
		Object typedObject() {
			return typed("object");
		}

		private SseStream typed(String type) {
			SseStream stream = this.registry.subscribe("typed/*");
			this.sse.publish("typed/" + type, "before");
			preparations.get(type).accept(stream);
			return stream;
		}

		@GetMapping("/portfolio")
		SseStream portfolio() {
			return this.registry.subscribe(List.of("portfolio/a", "portfolio/b"),
					() -> "state " + this.snapshots.incrementAndGet());
		}

		@GetMapping("/entity")
		ResponseEntity<SseEmitter> entity() {
			return ResponseEntity.ok(this.registry.subscribe("a"));
		}

		@GetMapping("/again/{id}")
		SseStream again(@PathVariable String id) {
			return this.registry.find(id).orElseThrow();
		}

	}

	record Viewed(@JsonView(String.class) int seen, @JsonView(Integer.class) int hidden) {

	}

}
