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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.springsse.log.EventId;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * The result of appending several entries by one script. The script stops at the first
 * entry that Redis refuses, so that the order of entries is kept.
 *
 * @param ids the ids of the appended entries, in their order
 * @param refusal why Redis refused the next entry, empty if it refused none
 */
record AppendedBatch(List<EventId> ids, String refusal) {

	/** The first argument is the maximum length of the stream; the entries follow. */
	private static final byte[] SCRIPT = """
			local result = {''}
			local at = 2
			while at <= #ARGV do
				local last = at + tonumber(ARGV[at])
				local id = redis.pcall('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, at + 1, last))
				if type(id) == 'table' then
					result[1] = id.err
					return result
				end
				result[#result + 1] = id
				at = last + 1
			end
			return result
			""".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Append entries.
	 * @return the answer, which {@link #of} reads
	 */
	static RedisFuture<List<Object>> append(RedisClusterAsyncCommands<byte[], byte[]> commands,
			RedisLogSettings settings, List<Map<byte[], byte[]>> entries) {
		List<byte[]> words = new ArrayList<>();
		words.add(number(settings.maxLength()));
		for (Map<byte[], byte[]> fields : entries) {
			words.add(number(2L * fields.size()));
			fields.forEach((name, value) -> {
				words.add(name);
				words.add(value);
			});
		}
		return commands.eval(SCRIPT, ScriptOutputType.MULTI, new byte[][] { settings.log() },
				words.toArray(byte[][]::new));
	}

	static AppendedBatch of(List<Object> answer) throws NoReplyException {
		List<String> texts = Replies.texts(answer);
		return new AppendedBatch(texts.stream().skip(1).map(StreamIds::read).toList(), texts.get(0).strip());
	}

	private static byte[] number(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

}
