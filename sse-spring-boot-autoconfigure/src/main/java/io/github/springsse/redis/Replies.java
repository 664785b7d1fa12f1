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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import org.jspecify.annotations.Nullable;

/**
 * Waits for answers of Redis.
 */
final class Replies {

	/**
	 * Temporary errors: a server that starts, fails over, moves slots, is busy, or is
	 * short of memory or disk.
	 */
	private static final List<String> PASSING = List.of("LOADING", "READONLY", "MASTERDOWN", "CLUSTERDOWN", "TRYAGAIN",
			"NOREPLICAS", "UNBLOCKED", "BUSY ", "OOM", "MISCONF");

	private Replies() {
	}

	/**
	 * Return the items of an answer that is a list of texts. If a connection is lost in
	 * the middle of an answer, the driver sends the command again and adds the new answer
	 * to the incomplete first one. The result is then no valid answer.
	 * @param answer the list
	 * @return the items
	 * @throws NoReplyException if an item is not a text
	 */
	static List<String> texts(List<Object> answer) throws NoReplyException {
		List<String> result = new ArrayList<>(answer.size());
		for (Object item : answer) {
			if (!(item instanceof byte[] text)) {
				throw cutOff();
			}
			result.add(new String(text, StandardCharsets.UTF_8));
		}
		return result;
	}

	/**
	 * Return the exception for an answer that was added to an incomplete one.
	 */
	static NoReplyException cutOff() {
		return new NoReplyException("The answer of Redis was cut off, and the repeated answer was added to it", null);
	}

	/**
	 * Wait for an answer. A command that is not answered in time is cancelled, so that it
	 * is not sent later.
	 * @param nanos how long to wait
	 * @return the answer
	 * @throws NoReplyException if Redis could not be reached, or cannot serve at the
	 * moment
	 * @throws RedisCommandExecutionException if Redis refused the command
	 */
	static <T> T await(RedisFuture<T> reply, long nanos) throws NoReplyException {
		try {
			return reply.get(Math.max(1, nanos), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			reply.cancel(true);
			throw new NoReplyException("Redis has not answered in time", ex);
		}
		catch (InterruptedException ex) {
			reply.cancel(true);
			Thread.currentThread().interrupt();
			throw new NoReplyException("The thread was interrupted while it waited for Redis", ex);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RedisCommandExecutionException refused && !isPassing(refused)) {
				throw refused;
			}
			throw new NoReplyException(String.valueOf(ex.getCause()), ex);
		}
		catch (RuntimeException ex) {
			throw new NoReplyException(String.valueOf(ex), ex);
		}
	}

	/**
	 * Send a command, and wait for the answer. A connection that was closed in the
	 * meantime may refuse to send it.
	 * @param command sends it
	 * @param nanos how long to wait
	 * @return the answer
	 * @throws NoReplyException if Redis could not be reached, or cannot serve at the
	 * moment
	 * @throws RedisCommandExecutionException if Redis refused the command
	 */
	static <T> T ask(Supplier<RedisFuture<T>> command, long nanos) throws NoReplyException {
		RedisFuture<T> reply;
		try {
			reply = command.get();
		}
		catch (RedisException ex) {
			throw new NoReplyException(String.valueOf(ex), ex);
		}
		return await(reply, nanos);
	}

	private static boolean isPassing(RedisCommandExecutionException refused) {
		String message = String.valueOf(refused.getMessage());
		return PASSING.stream().anyMatch(message::startsWith);
	}

	/**
	 * Whether an error of a command in a script is temporary. The messages of older
	 * servers begin with the position in the script.
	 */
	static boolean isPassing(String refusal) {
		return PASSING.stream().anyMatch(refusal::contains);
	}

	/**
	 * Thrown if Redis could not be reached, or cannot serve at the moment.
	 */
	static final class NoReplyException extends Exception {

		NoReplyException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

		/**
		 * Whether a replica answered: another server is the primary now.
		 */
		boolean isByReplica() {
			return String.valueOf(getMessage()).contains("READONLY");
		}

		/**
		 * Whether there was no answer at all.
		 */
		boolean isSilence() {
			Throwable cause = getCause();
			return cause instanceof TimeoutException
					|| (cause != null && cause.getCause() instanceof RedisCommandTimeoutException);
		}

	}

}
