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

import io.github.springsse.log.EventLog;
import io.github.springsse.log.EventLogContractTests;
import io.github.springsse.testsupport.TestRedis;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Tests that {@link RedisEventLog} fulfils the contract of {@link EventLog}.
 */
class RedisEventLogTests extends EventLogContractTests {

	private static final TestRedis redis = TestRedis.start();

	private final List<RedisEventLog> logs = new ArrayList<>();

	private LettuceConnectionFactory factory;

	private int count;

	@BeforeEach
	void connect() {
		redis.command("FLUSHALL");
		this.factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
		this.factory.afterPropertiesSet();
		this.factory.start();
	}

	@AfterEach
	void close() {
		this.logs.forEach(RedisEventLog::close);
		this.factory.destroy();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@Override
	protected EventLog newLog() {
		RedisEventLog log = new RedisEventLog(this.factory,
				new RedisLogSettings("test" + this.count++, 100_000, Duration.ofHours(1), 1_000_000,
						Duration.ofHours(1), Duration.ofSeconds(2), Duration.ofSeconds(5), 0, 0, Duration.ZERO));
		this.logs.add(log);
		return log;
	}

	@Override
	protected boolean keepsEntries() {
		return true;
	}

}
