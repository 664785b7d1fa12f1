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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Names, bounds and times of the event log in Redis.
 *
 * @param key the prefix of all keys, which is put in braces so that they are in one slot
 * of a cluster
 * @param maxLength the approximate number of entries that the stream keeps
 * @param maxAge the approximate time for which the stream keeps them
 * @param answersMaxLength the approximate number of entries of sources that the stream of
 * answers keeps
 * @param answersMaxAge the approximate time for which the stream of answers keeps them
 * @param appendTimeout the maximum time that appending waits for Redis
 * @param startTimeout the maximum time that the start of a node waits for Redis, and then
 * for reading the log
 * @param bufferEvents the maximum number of entries that are buffered while Redis is
 * unreachable, zero to let appending fail
 * @param bufferBytes the maximum heap size of the buffered entries
 * @param presenceInterval the interval at which a node writes its presence, zero for
 * never
 */
public record RedisLogSettings(String key, long maxLength, Duration maxAge, long answersMaxLength,
		Duration answersMaxAge, Duration appendTimeout, Duration startTimeout, int bufferEvents, long bufferBytes,
		Duration presenceInterval) {

	private static final long SHORTEST_PATIENCE = TimeUnit.SECONDS.toNanos(1);

	private static final long LONGEST_PATIENCE = TimeUnit.SECONDS.toNanos(5);

	byte[] log() {
		return name("log");
	}

	byte[] answers() {
		return name("answers");
	}

	byte[] trimmed() {
		return name("trimmed");
	}

	byte[] life() {
		return name("life");
	}

	byte[] nodes() {
		return name("nodes");
	}

	byte[] leases() {
		return name("leases");
	}

	byte[] sources() {
		return name("sources");
	}

	byte[] endings() {
		return name("endings");
	}

	byte[] ended(String topic) {
		return name("ended:" + topic);
	}

	byte[] presence(String node) {
		return name("presence:" + node);
	}

	/**
	 * Return how long to wait for an answer outside of publishing threads: as long as
	 * publishing threads wait, within bounds. A server that does not answer in this time
	 * is of no use to them either.
	 * @return the time in nanoseconds
	 */
	long patience() {
		return Math.max(SHORTEST_PATIENCE, Math.min(this.appendTimeout.toNanos(), LONGEST_PATIENCE));
	}

	private byte[] name(String suffix) {
		return ("{" + this.key + "}:" + suffix).getBytes(StandardCharsets.UTF_8);
	}

}
