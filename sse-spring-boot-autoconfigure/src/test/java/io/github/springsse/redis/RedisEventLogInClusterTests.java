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
import java.util.List;

import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.EventLogContractTests;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RedisEventLog} with a Redis cluster of one server: commands are sent
 * as a cluster requires, and all keys are in one slot.
 */
class RedisEventLogInClusterTests extends EventLogContractTests {

	private static TestRedis redis;

	private static LettuceConnectionFactory factory;

	private final List<RedisEventLog> logs = new ArrayList<>();

	private static int count;

	@BeforeAll
	static void start() {
		redis = TestRedis.cluster();
		factory = new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("127.0.0.1:" + redis.port())));
		factory.afterPropertiesSet();
		factory.start();
	}

	@AfterEach
	void close() {
		this.logs.forEach(RedisEventLog::close);
	}

	@AfterAll
	static void stop() {
		factory.destroy();
		redis.close();
	}

	/**
	 * The driver has one to learn of the servers, and one to each that it has sent a
	 * command for a key to.
	 */
	@Test
	void eachConnectionIsTwoOfTheDriver() {
		EventStreamClient.await().until(() -> redis.connections() == 0);
		newLog().follow(EventId.MIN, new Recorder());
		EventStreamClient.await().until(() -> redis.connections() == 4);
		close();
		EventStreamClient.await().until(() -> redis.connections() == 0);
	}

	@Test
	void aSourceHasATopicOfItsOwnAndEndsIt() {
		RedisEventLog log = (RedisEventLog) newLog();
		Topic topic = Topic.of("answer");
		Recorder recorder = new Recorder();
		log.follow(log.head(), recorder);
		SourceLeases.Lease lease = log.acquire(topic);
		assertThat(lease).isNotNull();
		assertThat(log.acquire(topic)).isNull();
		lease.append(LogEntry.begin(topic));
		lease.append(LogEntry.end(topic));
		assertThat(log.isLeased(topic)).isFalse();
		recorder.await(2);
		assertThat(recorder.entries).containsExactly(LogEntry.begin(topic), LogEntry.end(topic));
	}

	@Override
	protected EventLog newLog() {
		RedisEventLog log = new RedisEventLog(factory,
				new RedisLogSettings("test" + count++, 100_000, Duration.ofHours(1), 1_000_000, Duration.ofHours(1),
						Duration.ofSeconds(5), Duration.ofSeconds(5), 0, 1, Duration.ofSeconds(1)));
		this.logs.add(log);
		RedisPresence presence = new RedisPresence(log, List::of);
		EventStreamClient.await().until(() -> presence.subscribers().isEmpty());
		return log;
	}

	@Override
	protected boolean keepsEntries() {
		return true;
	}

}
