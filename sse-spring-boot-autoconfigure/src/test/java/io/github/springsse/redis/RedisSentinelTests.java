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

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseTopic;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the log uses the primary that a sentinel names, and continues at the replica
 * that takes over, with a pool of connections on the class path.
 */
@Tag("long")
class RedisSentinelTests {

	/** The sentinel needs two or three seconds of it, more if it has to try again. */
	private static final Duration TAKEOVER = Duration.ofSeconds(15);

	@RegisterExtension
	private final Closing closing = new Closing();

	private TestRedis primary;

	private TestRedis sentinel;

	private TestServer publisher;

	private EventStreamClient client;

	@BeforeEach
	void start() {
		this.primary = this.closing.add(TestRedis.start());
		TestRedis replica = this.closing.add(TestRedis.start());
		replica.command("REPLICAOF", "127.0.0.1", Integer.toString(this.primary.port()));
		awaitReplica();
		this.sentinel = this.closing.add(TestRedis.sentinel("main", this.primary));
		EventStreamClient.await()
			.until(() -> this.sentinel.command("SENTINEL", "REPLICAS", "main").contains(":" + replica.port()));
		this.publisher = server();
		TestServer other = server();
		this.client = this.closing.add(EventStreamClient.open(other.uri("/feed")));
		EventStreamClient.await().until(() -> other.registry().count() == 1);
	}

	@Test
	void whatWasAcknowledgedIsDeliveredOrAGapIsToldWhenThePrimaryDiesUnderLoad() throws Exception {
		ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
		CountDownLatch done = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 2; i++) {
			String name = "p" + i + "-";
			Thread thread = new Thread(() -> {
				for (int n = 0; done.getCount() > 0; n++) {
					try {
						this.publisher.sse().publish("feed", name + n);
						acknowledged.add(name + n);
					}
					catch (EventLogUnavailableException ex) {
						// not acknowledged
					}
				}
			});
			threads.add(thread);
			thread.start();
		}
		await().until(() -> acknowledged.size() > 100);
		this.primary.kill();
		int before = acknowledged.size();
		await().until(() -> acknowledged.size() > before + 100);
		done.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
		this.publisher.sse().publish("feed", "end");
		await().until(() -> this.client.data().contains("end"));
		assertThat(this.client.data()).doesNotHaveDuplicates();
		Set<String> lost = new HashSet<>(acknowledged);
		lost.removeAll(this.client.data());
		assertThat(this.client.events()).satisfiesAnyOf((events) -> assertThat(lost).isEmpty(),
				(events) -> assertThat(events).anyMatch((event) -> "gap".equals(event.name())));
	}

	@Test
	void everythingIsDeliveredAndNoGapToldWhenThePrimaryFallsSilentAndTheReplicaHadAll() {
		IntStream.range(0, 10).forEach((i) -> this.publisher.sse().publish("feed", i));
		awaitReplica();
		this.primary.pause();
		String after = Attempts.untilTaken("after", (data) -> this.publisher.sse().publish("feed", data));
		await().until(() -> this.client.data().contains(after));
		assertThat(this.client.data())
			.startsWith(IntStream.range(0, 10).mapToObj(String::valueOf).toArray(String[]::new))
			.endsWith(after)
			.doesNotHaveDuplicates();
		assertThat(this.client.events()).noneMatch((event) -> "gap".equals(event.name()));
	}

	private TestServer server() {
		return this.closing.add(TestServer.start(ServerKind.TOMCAT_HANDOFF, Controller.class, "sse.event-log=redis",
				"sse.redis.append-timeout=500ms", "spring.data.redis.sentinel.master=main",
				"spring.data.redis.sentinel.nodes=127.0.0.1:" + this.sentinel.port(),
				"spring.data.redis.lettuce.pool.enabled=true"));
	}

	private void awaitReplica() {
		EventStreamClient.await().until(() -> this.primary.command("WAIT", "1", "0").equals(":1\r\n"));
	}

	private static ConditionFactory await() {
		return EventStreamClient.await().atMost(TAKEOVER);
	}

	@RestController
	static class Controller {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
