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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseCluster;
import io.github.springsse.Topic;
import io.github.springsse.actuate.EventLogHealthIndicator;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.testsupport.Closing;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.FreePort;
import io.github.springsse.testsupport.SelfSignedCertificate;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.SnapshotController;
import io.github.springsse.testsupport.TestRedis;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the log in a Redis that requires authentication or TLS, as configured by the
 * properties of Spring Boot.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class RedisAuthenticationTests {

	@RegisterExtension
	private final Closing closing = new Closing();

	@Test
	void aPasswordIsThatOfTheApplication() {
		TestRedis redis = this.closing.add(TestRedis.start());
		redis.command("CONFIG", "SET", "requirepass", "secret");
		assertThat(redis.command("PING")).startsWith("-NOAUTH");
		assertDelivers(server(with(redis.properties(), "spring.data.redis.password=secret")));
	}

	@Test
	void aWrongPasswordIsSaidAndStreamsAreOpenUntilItIsRight(CapturedOutput output) {
		TestRedis redis = this.closing.add(TestRedis.start());
		redis.command("ACL", "SETUSER", "app", "on", ">secret", "+@all", "~*");
		TestServer server = server(
				with(redis.properties(), "spring.data.redis.username=app", "spring.data.redis.password=wrong"));
		EventStreamClient client = open(server, "topic");
		client.awaitEvents(1);
		awaitHealth(server, Status.DOWN);
		// NOTE: what the driver says first may be that its connection was closed
		EventStreamClient.await()
			.untilAsserted(() -> assertThatExceptionOfType(EventLogUnavailableException.class)
				.isThrownBy(() -> server.sse().publish("topic", "failed"))
				.havingRootCause()
				.withMessageContaining("WRONGPASS"));
		assertThat(output).containsOnlyOnce("Redis cannot be reached. Streams stay open");
		assertThat(client.isEnded()).isFalse();
		redis.command("ACL", "SETUSER", "app", ">wrong");
		awaitHealth(server, Status.UP);
		// NOTE: clients of streams that were opened before the log was read are told to
		// come back
		EventStreamClient.await().until(() -> server.delivery().isStarted());
		assertDelivers(server);
	}

	@Test
	void tlsIsThatOfTheApplicationWithItsCertificate(@TempDir Path directory, CapturedOutput output) {
		SelfSignedCertificate certificate = new SelfSignedCertificate(directory);
		int port = FreePort.next();
		this.closing.add(TestRedis.withTls(port, certificate));
		String[] redis = { "sse.event-log=redis", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + port };
		EventStreamClient client = open(server(with(redis, "spring.data.redis.ssl.enabled=true")), "topic")
			.awaitEvents(1);
		assertThat(output).containsOnlyOnce("Redis cannot be reached. Streams stay open")
			.contains("unable to find valid certification path");
		TestServer server = server(
				with(with(redis, certificate.bundle("redis")), "spring.data.redis.ssl.bundle=redis"));
		assertDelivers(server);
		assertThat(client.isEnded()).isFalse();
	}

	@Test
	void aUserNeedsNoMoreThanTheCommandsAndKeysOfTheGuide() {
		TestRedis redis = this.closing.add(TestRedis.start());
		List<String> used = new ArrayList<>(commandsOfTheGuide("Commands used: "));
		used.addAll(List.of("client", "select"));
		assertUserIsEnough(redis, used, with(redis.properties(), "spring.data.redis.database=1"));
	}

	@Test
	void aUserNeedsNoMoreThanTheCommandsAndKeysOfTheGuideInACluster() {
		TestRedis redis = this.closing.add(TestRedis.cluster());
		assertUserIsEnough(redis, List.of("client", "cluster", "info"), "sse.event-log=redis",
				"spring.data.redis.cluster.nodes=127.0.0.1:" + redis.port());
	}

	@Test
	void aUserNeedsNoMoreThanTheCommandsAndKeysOfTheGuideForAFixedListOfServers() {
		TestRedis redis = this.closing.add(TestRedis.start());
		String server = "127.0.0.1:" + redis.port();
		assertUserIsEnough(redis, List.of("client", "ping", "role"), "sse.event-log=redis",
				"spring.data.redis.masterreplica.nodes=" + server + "," + server);
	}

	/**
	 * Do all that has to do with Redis, among it what is done when a node has died, or a
	 * stream ends, or a node stops.
	 * @param used commands that are used here
	 */
	private void assertUserIsEnough(TestRedis redis, List<String> used, String... properties) {
		Stream<String> commands = Stream.of("Commands used: ", "The driver sends ")
			.flatMap((beginning) -> commandsOfTheGuide(beginning).stream());
		assertThat(redis.command(Stream
			.concat(Stream.of("ACL", "SETUSER", "app", "on", ">secret", "~{sse}:*"), commands.map((name) -> "+" + name))
			.toArray(String[]::new))).isEqualTo("+OK\r\n");
		try (TestServer server = server(with(properties, "spring.data.redis.username=app",
				"spring.data.redis.password=secret", "sse.redis.presence-interval=500ms"));
				EventStreamClient stays = open(server, "stays")) {
			assertDelivers(server);
			EventStreamClient.await().until(() -> isUsed(redis, "hset"));
			int before = calls(redis, "hset");
			try (EventStreamClient leaves = open(server, "leaves")) {
				EventStreamClient.await().until(() -> calls(redis, "hset") > before);
			}
			EventStreamClient.await().until(() -> isUsed(redis, "hdel"));
			server.bean(StringRedisTemplate.class).opsForSet().add("{sse}:nodes", "dead");
			assertThat(server.bean(SseCluster.class).presence("stays").streams()).isOne();
			takeOver(server.bean(RedisEventLog.class));
			server.bean(StringRedisTemplate.class).opsForZSet().add("{sse}:sources", "left", 1);
			EventStreamClient.await().until(() -> isUsed(redis, "hkeys"));
			awaitHealth(server, Status.UP);
		}
		assertThat(used).allMatch((name) -> isUsed(redis, name));
		assertThat(redis.command("ACL", "LOG")).as("what was denied").isEqualTo("*0\r\n");
	}

	/**
	 * Have the topic of a source ended, and that of another as if its node were gone.
	 */
	private static void takeOver(RedisEventLog log) {
		for (Topic topic : List.of(Topic.of("ends"), Topic.of("gone"))) {
			SourceLeases.Lease lease = Objects.requireNonNull(log.acquire(topic));
			lease.append(topic.equals(Topic.of("ends")) ? LogEntry.end(topic) : LogEntry.begin(topic));
			lease.close();
			EventStreamClient.await().atMost(Duration.ofSeconds(20)).until(() -> !log.isLeased(topic));
		}
	}

	private static boolean isUsed(TestRedis redis, String command) {
		return calls(redis, command) > 0;
	}

	private static int calls(TestRedis redis, String command) {
		Matcher matcher = Pattern.compile("cmdstat_" + command + ":calls=(\\d+)")
			.matcher(redis.command("INFO", "commandstats"));
		return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
	}

	/**
	 * Return the commands that a paragraph of the guide names.
	 */
	private static List<String> commandsOfTheGuide(String beginning) {
		try {
			String guide = Files.readString(Path.of("docs", "cluster.md"));
			int start = guide.indexOf(beginning);
			assertThat(start).isPositive();
			return Pattern.compile("`([A-Z]+)[ A-Z]*`")
				.matcher(guide.substring(start, guide.indexOf("\n\n", start)))
				.results()
				.map((result) -> result.group(1).toLowerCase(Locale.ROOT))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private TestServer server(String... properties) {
		return this.closing.add(TestServer.start(ServerKind.TOMCAT_HANDOFF, SnapshotController.class,
				with(properties, "sse.redis.append-timeout=500ms")));
	}

	private static String[] with(String[] properties, String... others) {
		return Stream.concat(Stream.of(properties), Stream.of(others)).toArray(String[]::new);
	}

	private static void awaitHealth(TestServer server, Status status) {
		EventStreamClient.await()
			.until(() -> server.bean(EventLogHealthIndicator.class).health().getStatus().equals(status));
	}

	private EventStreamClient open(TestServer server, String topic) {
		return this.closing.add(server.open(topic));
	}

	private void assertDelivers(TestServer server) {
		EventStreamClient client = open(server, "delivers");
		String id = server.sse().publish("delivers", "event");
		client.awaitEvents(2);
		assertThat(client.data()).containsExactly("snapshot", "event");
		assertThat(client.events().get(1).id()).isEqualTo(id);
	}

}
