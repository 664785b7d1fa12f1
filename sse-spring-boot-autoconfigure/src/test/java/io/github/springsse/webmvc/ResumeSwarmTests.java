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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.StreamSwarm;
import io.github.springsse.testsupport.StreamSwarm.Returning;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.Torture;
import org.awaitility.Awaitility;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.jetty.servlet.JettyServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that thousands of clients, or some hundred by default, can reconnect at the same
 * moment while events are published, as after a restart of a proxy.
 */
@Tag("long")
@Torture
class ResumeSwarmTests {

	/** A multiple of the number of events that are published while they come back. */
	private static final int CLIENTS = Rounds.of(300, 3000);

	private static final int PUBLISHERS = 3;

	private static final int TOPICS_EACH = 10;

	/** Events of each topic. */
	private static final int EVENTS = 400;

	/** The number of events that are published before the clients reconnect. */
	private static final int WHILE_AWAY = 100;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT_BLOCKING")
	void everyClientGetsExactlyWhatItMissedAndThenWhatComes(ServerKind kind) throws Exception {
		ExecutorService executor = Executors.newFixedThreadPool(PUBLISHERS);
		try (TestServer server = TestServer.start(kind, Controller.class, "sse.stream.queue.max-events=40",
				"server.tomcat.accept-count=4000")) {
			List<Feed> feeds = feeds();
			for (int i = 0; i < WHILE_AWAY; i++) {
				feeds.forEach((feed) -> feed.publish(server.sse()));
			}
			List<Returning> clients = clients(feeds);
			List<Future<?>> publishers = new ArrayList<>();
			for (int i = 0; i < PUBLISHERS; i++) {
				List<Feed> own = feeds.subList(i * TOPICS_EACH, (i + 1) * TOPICS_EACH);
				publishers.add(executor.submit(() -> publishWhileTheyComeBack(server, own)));
			}
			try (StreamSwarm swarm = StreamSwarm.resume(server.port(), !kind.isHandoff(), clients)) {
				for (Future<?> publisher : publishers) {
					publisher.get();
				}
				Awaitility.await()
					.atMost(PATIENCE)
					.until(() -> swarm.haveAllBefore(EVENTS) == CLIENTS || swarm.disorderly() > 0);
				server.registry().streams().forEach(SseStream::complete);
				Awaitility.await().atMost(PATIENCE).until(() -> swarm.ended() == CLIENTS);
				assertThat(swarm.disorderly()).as("clients that got an event twice, or missed one").isZero();
				assertThat(swarm.haveAllBefore(EVENTS)).as("clients that got every event").isEqualTo(CLIENTS);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static List<Feed> feeds() {
		return IntStream.range(0, PUBLISHERS * TOPICS_EACH).mapToObj((number) -> new Feed("feed" + number)).toList();
	}

	/**
	 * Clients that went away at different times, each subscribed to the topic of one
	 * feed, or to a pattern that matches no other.
	 */
	private static List<Returning> clients(List<Feed> feeds) {
		Random random = new Random(20260103);
		List<Returning> result = new ArrayList<>();
		for (int i = 0; i < CLIENTS; i++) {
			Feed feed = feeds.get(i % feeds.size());
			int last = random.nextInt(WHILE_AWAY);
			String path = (random.nextBoolean() ? "/topic/" : "/pattern/") + feed.name;
			result.add(new Returning(path, feed.ids.get(last), last + 1));
		}
		return result;
	}

	/**
	 * Publish some events whenever some more clients are back.
	 */
	private static void publishWhileTheyComeBack(TestServer server, List<Feed> feeds) {
		int more = CLIENTS / (EVENTS - WHILE_AWAY);
		for (int back = more; back <= CLIENTS; back += more) {
			int enough = back;
			Awaitility.await()
				.atMost(PATIENCE)
				.pollInterval(Duration.ofMillis(1))
				.until(() -> server.registry().count() >= enough);
			feeds.forEach((feed) -> feed.publish(server.sse()));
		}
	}

	/**
	 * A topic whose events are numbered. One thread at a time publishes.
	 */
	private static final class Feed {

		private final String name;

		private final List<String> ids = new ArrayList<>();

		Feed(String name) {
			this.name = name;
		}

		void publish(SseOperations sse) {
			this.ids.add(sse.publish(this.name + "/events", Integer.toString(this.ids.size())));
		}

	}

	@RestController
	static class Controller {

		@Bean
		static WebServerFactoryCustomizer<JettyServletWebServerFactory> jettyBacklog() {
			return (factory) -> factory.addServerCustomizers((server) -> Arrays.stream(server.getConnectors())
				.map(ServerConnector.class::cast)
				.forEach((connector) -> connector.setAcceptQueueSize(4000)));
		}

		@GetMapping("/topic/{feed}")
		@SseTopic("{feed}/events")
		void topic() {
		}

		@GetMapping("/pattern/{feed}")
		@SseTopic("{feed}/*")
		void pattern() {
		}

	}

}
