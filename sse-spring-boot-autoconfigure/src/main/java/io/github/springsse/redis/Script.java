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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * A script that is run by its digest. Its text is sent only if Redis does not know the
 * digest. Thread-safe.
 */
final class Script {

	private final byte[] text;

	private final String digest;

	Script(String text) {
		this.text = text.getBytes(StandardCharsets.US_ASCII);
		this.digest = digest(this.text);
	}

	private static String digest(byte[] text) {
		try {
			// NOTE: Redis identifies scripts by SHA-1; it is not used for security
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Run the script, and wait for its result.
	 * @param keys all keys that it uses
	 * @param arguments its arguments
	 * @param nanos how long to wait
	 * @return the items of the list that it returns, as text
	 * @throws NoReplyException if Redis could not be reached, or cannot serve at the
	 * moment
	 */
	List<String> run(RedisClusterAsyncCommands<byte[], byte[]> commands, List<byte[]> keys, List<byte[]> arguments,
			long nanos) throws NoReplyException {
		long end = System.nanoTime() + nanos;
		byte[][] keyArray = keys.toArray(byte[][]::new);
		byte[][] argumentArray = arguments.toArray(byte[][]::new);
		List<Object> answer;
		try {
			answer = Replies.ask(() -> commands.evalsha(this.digest, ScriptOutputType.MULTI, keyArray, argumentArray),
					nanos);
		}
		catch (RedisNoScriptException ex) {
			answer = Replies.ask(() -> commands.eval(this.text, ScriptOutputType.MULTI, keyArray, argumentArray),
					end - System.nanoTime());
		}
		return Replies.texts(answer);
	}

}
