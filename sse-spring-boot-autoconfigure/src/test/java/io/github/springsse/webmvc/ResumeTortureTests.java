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

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.springsse.SseTopic;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.delivery.CloseReason;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.testsupport.RestlessClient;
import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Clients that disconnect and resume at random while several threads publish: each ends
 * with exactly the events of its topics, in order, or was told of the gap that it has.
 */
@Tag("long")
@Torture
class ResumeTortureTests {

	private static final int CLIENTS = Rounds.of(60, 200);

	private static final int EVENTS = Rounds.of(45_000, 150_000);

	/** As many as it takes that some streams are closed since their clients stall. */
	private static final int CLIENTS_THAT_STALL = Rounds.of(100, 200);

	private static final int EVENTS_FOR_THEM = Rounds.of(60_000, 150_000);

	private static final int PUBLISHERS = 4;

	private static final int GROUPS = 20;

	private long stalled;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOMCAT_BLOCKING")
	void everyClientEndsWithExactlyTheEventsOfItsTopics(ServerKind kind) throws Exception {
		List<RestlessClient> clients = run(kind, kind.isHandoff() ? CLIENTS_THAT_STALL : CLIENTS,
				kind.isHandoff() ? EVENTS_FOR_THEM : EVENTS, "sse.replay.events-per-topic=1000000",
				"sse.replay.max-size=1GB");
		assertThat(clients).allMatch((client) -> client.gaps().isEmpty());
		if (kind.isHandoff()) {
			// the others have buffers for more than is published
			assertThat(this.stalled).as("streams closed since their clients read nothing").isPositive();
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "TOMCAT_ASYNC" })
	void whereHistoriesAreSmallEveryGapIsTold(ServerKind kind) throws Exception {
		List<RestlessClient> clients = run(kind, CLIENTS, EVENTS, "sse.replay.events-per-topic=50",
				"sse.stream.queue.max-events=20");
		assertThat(clients.stream().mapToInt((client) -> client.gaps().size()).sum()).as("gaps").isGreaterThan(0);
	}

	private List<RestlessClient> run(ServerKind kind, int count, int eventCount, String... properties)
			throws Exception {
		Map<EventId, Topic> published = new ConcurrentSkipListMap<>();
		ExecutorService executor = Executors.newCachedThreadPool();
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("sse.stream.write-timeout=1s");
		all.add("sse.stream.send-buffer-size=4KB");
		try (TestServer server = TestServer.start(kind, Controller.class, all.toArray(String[]::new))) {
			List<RestlessClient> clients = new ArrayList<>();
			List<Future<?>> running = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				RestlessClient client = new RestlessClient(server.port(), path(i), !kind.isHandoff(), i);
				clients.add(client);
				running.add(executor.submit(client));
			}
			List<Future<?>> publishers = new ArrayList<>();
			for (int i = 0; i < PUBLISHERS; i++) {
				Random random = new Random(i);
				publishers.add(executor.submit(() -> {
					for (int n = 0; n < eventCount / PUBLISHERS; n++) {
						publish(server, topic(random.nextInt(GROUPS), random.nextInt(2)), "x", published);
					}
				}));
			}
			for (Future<?> publisher : publishers) {
				publisher.get(120, TimeUnit.SECONDS);
			}
			for (int group = 0; group < GROUPS; group++) {
				publish(server, topic(group, 0), "end", published);
			}
			for (Future<?> client : running) {
				client.get(60, TimeUnit.SECONDS);
			}
			Map<TopicPattern, List<EventId>> events = new HashMap<>();
			for (int i = 0; i < count; i++) {
				TopicPattern pattern = pattern(i);
				check(clients.get(i), pattern, events.computeIfAbsent(pattern, (key) -> matching(key, published)),
						server.bean(EventLog.class));
			}
			assertThat(clients.stream().mapToInt(RestlessClient::connections).sum()).isGreaterThan(2 * count);
			this.stalled = server.delivery().statistics().closed(CloseReason.STALLED);
			return clients;
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static void publish(TestServer server, String topic, String data, Map<EventId, Topic> published) {
		String id = server.sse().publish(topic, data);
		published.put(server.delivery().parse(id), Topic.of(topic));
	}

	private static String topic(int group, int number) {
		return "group" + group + "/topic" + number;
	}

	private static String path(int client) {
		String group = "/group" + (client / 3 % GROUPS);
		return switch (client % 3) {
			case 0 -> group;
			case 1 -> "/topic0" + group;
			default -> "/both" + group;
		};
	}

	private static TopicPattern pattern(int client) {
		String group = "group" + (client / 3 % GROUPS);
		return TopicPattern.of((client % 3 == 1) ? group + "/topic0" : group + "/*");
	}

	private static List<EventId> matching(TopicPattern pattern, Map<EventId, Topic> published) {
		return published.entrySet()
			.stream()
			.filter((entry) -> pattern.matches(entry.getValue()))
			.map(Map.Entry::getKey)
			.toList();
	}

	private static void check(RestlessClient client, TopicPattern pattern, List<EventId> published, EventLog log) {
		List<EventId> got = client.ids().stream().map(log::parse).toList();
		for (int i = 1; i < got.size(); i++) {
			assertThat(got.get(i).isAfter(got.get(i - 1))).as("in order, once").isTrue();
		}
		EventId start = log.parse(client.firstId());
		boolean startIsEvent = got.get(0).equals(start);
		List<EventId> expected = published.stream()
			.filter((id) -> startIsEvent ? id.compareTo(start) >= 0 : id.isAfter(start))
			.filter((id) -> !id.isAfter(got.get(got.size() - 1)))
			.toList();
		int next = 0;
		for (int i = 0; i < got.size(); i++) {
			int place = Collections.binarySearch(expected, got.get(i));
			assertThat(place).as("an event that was published: %s", got.get(i)).isNotNegative();
			for (; next < place; next++) {
				assertThat(wasTold(client, i, expected.get(next), log))
					.as("%s of %s is missing", expected.get(next), pattern)
					.isTrue();
			}
			next++;
		}
	}

	private static boolean wasTold(RestlessClient client, int place, EventId missing, EventLog log) {
		return client.gaps()
			.stream()
			.anyMatch((gap) -> gap.place() <= place && missing.isAfter(log.parse(gap.id("after")))
					&& !missing.isAfter(log.parse(gap.id("until"))));
	}

	@RestController
	static class Controller {

		@GetMapping("/{group}")
		@SseTopic("{group}/*")
		void group(@PathVariable String group) {
		}

		@GetMapping("/topic0/{group}")
		@SseTopic("{group}/topic0")
		void topic(@PathVariable String group) {
		}

		@GetMapping("/both/{group}")
		@SseTopic({ "{group}/*", "{group}/topic0" })
		void both(@PathVariable String group) {
		}

	}

}
