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

package io.github.springsse.autoconfigure;

import java.time.Duration;

import io.github.springsse.redis.RedisLogSettings;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

/**
 * Creates the settings of the log in Redis from checked properties. An invalid value
 * stops the application at start-up, with a message that names the property and the
 * reason.
 */
final class RedisLogSettingsFactory {

	/** With a shorter log, a node could lose entries in a pause. */
	private static final int SHORTEST_LOG = 1000;

	private RedisLogSettingsFactory() {
	}

	/**
	 * Create settings.
	 * @param keep the time for which answers are kept after their end
	 */
	static RedisLogSettings create(SseRedisProperties properties, Duration keep) {
		SseRedisProperties.Buffer buffer = properties.getBuffer();
		Duration presence = properties.getPresenceInterval();
		Duration maxAge = DurationRange.checked("sse.redis.max-age", properties.getMaxAge(), Duration.ofSeconds(1));
		SseRedisProperties.Answers answers = properties.getAnswers();
		Duration answersAge = (keep.compareTo(maxAge) > 0) ? keep : maxAge;
		return new RedisLogSettings(key(properties.getKey()),
				atLeast("sse.redis.max-length", properties.getMaxLength(), SHORTEST_LOG), maxAge,
				atLeast("sse.redis.answers.max-length", answers.getMaxLength(), SHORTEST_LOG),
				(answers.getMaxAge() != null)
						? DurationRange.checked("sse.redis.answers.max-age", answers.getMaxAge(), answersAge)
						: answersAge,
				DurationRange.checked("sse.redis.append-timeout", properties.getAppendTimeout(),
						Duration.ofMillis(100)),
				DurationRange.checked("sse.redis.start-timeout", properties.getStartTimeout(), Duration.ZERO),
				atLeast("sse.redis.buffer.max-events", buffer.getMaxEvents(), 0),
				positive("sse.redis.buffer.max-size", buffer.getMaxSize()), presence.isZero() ? presence
						: DurationRange.checked("sse.redis.presence-interval", presence, Duration.ofMillis(500)));
	}

	private static String key(String key) {
		if (!key.matches("[^{}\\s\\p{Cntrl}]{1,200}")) {
			throw new InvalidConfigurationPropertyValueException("sse.redis.key", key,
					"It must have 1 to 200 characters, and no braces or white space");
		}
		return key;
	}

	private static int atLeast(String name, int value, int least) {
		if (value < least) {
			throw new InvalidConfigurationPropertyValueException(name, value, "It must be " + least + " or more");
		}
		return value;
	}

	private static long positive(String name, DataSize value) {
		if (value.toBytes() < 1) {
			throw new InvalidConfigurationPropertyValueException(name, value, "It must be 1B or more");
		}
		return value.toBytes();
	}

}
