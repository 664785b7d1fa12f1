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
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * Trims the stream of answers by number and age, once a second and on every node; this is
 * cheap if another node has already done it. The same script stores up to which id
 * entries may have been trimmed. Readers that are before that id need it, because in this
 * stream, unlike in the log, missing entries are not always older than all kept entries.
 * The newest of the old entries stays, so that a reader that has handed over that entry
 * does not report a gap. Owned by one thread.
 */
final class AnswersTrimming {

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private static final Script TRIM = new Script("""
			local time = redis.call('TIME')
			local oldest = time[1] * 1000 + math.floor(time[2] / 1000) - ARGV[2]
			if oldest > 0 then
				local old = redis.call('XREVRANGE', KEYS[1], string.format('%.0f-0', oldest), '-', 'COUNT', 1)
				if #old > 0 and redis.call('XTRIM', KEYS[1], 'MINID', '~', old[1][1]) > 0 then
					redis.call('SET', KEYS[2], old[1][1])
				end
			end
			if redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[1]) > 0 then
				redis.call('SET', KEYS[2], redis.call('XRANGE', KEYS[1], '-', '+', 'COUNT', 1)[1][1])
			end
			return {}
			""");

	private final RedisLogSettings settings;

	private long trimmedAt;

	AnswersTrimming(RedisLogSettings settings) {
		this.settings = settings;
		this.trimmedAt = System.nanoTime() - INTERVAL;
	}

	void trim(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		if (System.nanoTime() - this.trimmedAt < INTERVAL) {
			return;
		}
		this.trimmedAt = System.nanoTime();
		TRIM.run(commands, List.of(this.settings.answers(), this.settings.trimmed()),
				List.of(number(this.settings.answersMaxLength()), number(this.settings.answersMaxAge().toMillis())),
				this.settings.patience());
	}

	private static byte[] number(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
