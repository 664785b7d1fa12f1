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
import java.util.List;

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLogContractTests;
import io.github.springsse.log.LogEntry;
import io.lettuce.core.ClientOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The Redis part of a node: connections, a log, and a follower of all entries.
 */
final class RedisNode implements AutoCloseable {

	final LettuceConnectionFactory factory;

	final RedisEventLog log;

	final EventLogContractTests.Recorder recorder = new EventLogContractTests.Recorder();

	RedisNode(int port) {
		this(port, settings(100_000, 0));
	}

	RedisNode(int port, RedisLogSettings settings) {
		this(port, settings, true);
	}

	RedisNode(int port, RedisLogSettings settings, LeaseTimes times) {
		this(factory(port), settings, times, true);
	}

	private RedisNode(int port, RedisLogSettings settings, boolean follows) {
		this(factory(port), settings, LeaseTimes.DEFAULT, follows);
	}

	private RedisNode(LettuceConnectionFactory factory, RedisLogSettings settings, LeaseTimes times, boolean follows) {
		this.factory = factory;
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.log = new RedisEventLog(this.factory, settings, times);
		if (follows) {
			this.log.follow(EventId.MIN, this.recorder);
		}
	}

	private static LettuceConnectionFactory factory(int port) {
		return new LettuceConnectionFactory(new RedisStandaloneConfiguration("127.0.0.1", port),
				LettuceClientConfiguration.builder().clientOptions(ClientOptions.create()).build());
	}

	static RedisNode thatOnlyPublishes(int port) {
		return thatOnlyPublishes(port, settings(100_000, 0));
	}

	static RedisNode thatOnlyPublishes(int port, RedisLogSettings settings) {
		return new RedisNode(port, settings, false);
	}

	static RedisNode inCluster(int port) {
		return new RedisNode(new LettuceConnectionFactory(new RedisClusterConfiguration(List.of("127.0.0.1:" + port))),
				settings(100_000, 0), LeaseTimes.DEFAULT, false);
	}

	static RedisLogSettings settings(int maxLength, int bufferEvents) {
		return settings(maxLength, bufferEvents, Duration.ofSeconds(1));
	}

	static RedisLogSettings settings(int maxLength, int bufferEvents, Duration appendTimeout) {
		return new RedisLogSettings("sse", maxLength, Duration.ofHours(1), 1_000_000, Duration.ofHours(1),
				appendTimeout, Duration.ofSeconds(5), bufferEvents, 10_000_000, Duration.ZERO);
	}

	@Nullable EventId publish(Object data) {
		return this.log.append(LogEntry.event(Topic.of("topic"), SseEvent.of(data), data.toString()));
	}

	@Override
	public void close() {
		this.log.close();
		this.factory.destroy();
	}

}
