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

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * Configuration properties for the event log in Redis.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("sse.redis")
public class SseRedisProperties {

	/**
	 * Prefix of the keys in Redis. Applications that share a Redis server need different
	 * prefixes.
	 */
	private String key = "sse";

	/**
	 * Approximate maximum number of log entries that Redis keeps. A node that starts can
	 * send only these to its clients.
	 */
	private int maxLength = 100000;

	/**
	 * Approximate time for which Redis keeps a log entry.
	 */
	private Duration maxAge = Duration.ofHours(1);

	/**
	 * Maximum time that publishing waits for Redis.
	 */
	private Duration appendTimeout = Duration.ofSeconds(2);

	/**
	 * Maximum time that the start of the application waits for Redis, and then for
	 * reading the log. After that, the application starts without waiting longer.
	 */
	private Duration startTimeout = Duration.ofSeconds(5);

	/**
	 * Interval at which a node refreshes its presence in Redis, 0 for never. After three
	 * missed refreshes, a node is considered dead.
	 */
	private Duration presenceInterval = Duration.ofSeconds(2);

	private final Buffer buffer = new Buffer();

	private final Answers answers = new Answers();

	public String getKey() {
		return this.key;
	}

	public void setKey(String key) {
		this.key = key;
	}

	public int getMaxLength() {
		return this.maxLength;
	}

	public void setMaxLength(int maxLength) {
		this.maxLength = maxLength;
	}

	public Duration getMaxAge() {
		return this.maxAge;
	}

	public void setMaxAge(Duration maxAge) {
		this.maxAge = maxAge;
	}

	public Duration getAppendTimeout() {
		return this.appendTimeout;
	}

	public void setAppendTimeout(Duration appendTimeout) {
		this.appendTimeout = appendTimeout;
	}

	public Duration getStartTimeout() {
		return this.startTimeout;
	}

	public void setStartTimeout(Duration startTimeout) {
		this.startTimeout = startTimeout;
	}

	public Duration getPresenceInterval() {
		return this.presenceInterval;
	}

	public void setPresenceInterval(Duration presenceInterval) {
		this.presenceInterval = presenceInterval;
	}

	public Buffer getBuffer() {
		return this.buffer;
	}

	public Answers getAnswers() {
		return this.answers;
	}

	/**
	 * Limits of the events of sources that Redis keeps.
	 */
	public static class Answers {

		/**
		 * Approximate maximum number of events of sources that Redis keeps, in addition
		 * to the entries of the log.
		 */
		private int maxLength = 1000000;

		/**
		 * Approximate time for which Redis keeps the events of sources. It must not be
		 * shorter than sse.redis.max-age or sse.answers.keep. The longer of these two if
		 * not set.
		 */
		private @Nullable Duration maxAge;

		public int getMaxLength() {
			return this.maxLength;
		}

		public void setMaxLength(int maxLength) {
			this.maxLength = maxLength;
		}

		public @Nullable Duration getMaxAge() {
			return this.maxAge;
		}

		public void setMaxAge(@Nullable Duration maxAge) {
			this.maxAge = maxAge;
		}

	}

	/**
	 * Buffer for events that are published while Redis is unreachable.
	 */
	public static class Buffer {

		/**
		 * Maximum number of events that are buffered while Redis is unreachable. With 0,
		 * publishing fails instead.
		 */
		private int maxEvents;

		/**
		 * Maximum heap memory for the buffered events.
		 */
		private DataSize maxSize = DataSize.ofMegabytes(16);

		public int getMaxEvents() {
			return this.maxEvents;
		}

		public void setMaxEvents(int maxEvents) {
			this.maxEvents = maxEvents;
		}

		public DataSize getMaxSize() {
			return this.maxSize;
		}

		public void setMaxSize(DataSize maxSize) {
			this.maxSize = maxSize;
		}

	}

}
