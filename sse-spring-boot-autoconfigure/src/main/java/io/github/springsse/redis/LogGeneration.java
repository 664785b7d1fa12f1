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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.log.EventId;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The generation of the log that this node follows. A new generation begins if Redis was
 * emptied or replaced, and ids of earlier generations are no longer known. This class
 * begins generations, and appends the entries that report generations and losses to all
 * nodes. Thread-safe.
 */
final class LogGeneration {

	private static final Log logger = LogFactory.getLog(LogGeneration.class);

	private static final long LEAST_PATIENCE = TimeUnit.SECONDS.toNanos(2);

	private final RedisLogSettings settings;

	private final long patience;

	private final AtomicLong losses = new AtomicLong();

	private volatile @Nullable Name name;

	LogGeneration(RedisLogSettings settings) {
		this.settings = settings;
		this.patience = Math.max(LEAST_PATIENCE, settings.patience());
	}

	/**
	 * Return the generation that this node follows.
	 * @return the name, {@code null} before this node has reached Redis
	 */
	@Nullable Name name() {
		return this.name;
	}

	long losses() {
		return this.losses.get();
	}

	void countLoss() {
		this.losses.incrementAndGet();
	}

	/**
	 * Whether the log is in the generation that this node follows.
	 */
	boolean isSame(StreamState state) {
		Name current = this.name;
		return current != null && current.text().equals(state.life());
	}

	/**
	 * Whether an id may have been assigned in the generation that this node follows.
	 */
	boolean isOfThisLife(EventId id) {
		Name current = this.name;
		return current != null && !current.start().isAfter(id);
	}

	/**
	 * Follow the generation that the log is in, and begin one if it is in none. The ids
	 * of a new generation are made greater than all ids that this node knows, whatever
	 * the clock of the server says. Entries that were appended before the generation had
	 * a name belong to it if their ids allow this.
	 * @param newest the newest id that this node knows
	 */
	void enter(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state, EventId newest)
			throws NoReplyException {
		String text = state.life();
		if (text.isEmpty()) {
			EventId next = StreamIds.max(time(commands), StreamIds.after(StreamIds.max(newest, state.last())));
			EventId first = state.first();
			EventId start = (first != null && first.isAfter(newest)) ? first : next;
			text = UUID.randomUUID() + "@" + StreamIds.write(start);
			Replies.await(commands.set(this.settings.life(), utf8(text), SetArgs.Builder.nx()), this.patience);
			byte[] winner = Replies.await(commands.get(this.settings.life()), this.patience);
			if (winner == null || !text.equals(new String(winner, StandardCharsets.UTF_8))) {
				// another node was first; the next look finds its generation
				return;
			}
			append(commands, Message.of(Message.Kind.LIFE, text), next);
			logger.info("Began an event log in Redis: " + text);
		}
		else if (newest.isAfter(state.last())) {
			// the clock went back: every node must receive the entries from now on
			append(commands, Message.of(Message.Kind.LIFE, text), StreamIds.after(newest));
		}
		this.name = Name.parse(text);
	}

	/**
	 * Report to all nodes that entries were lost.
	 * @param state the state of the stream after the loss
	 * @param last the last entry that is known to be lost
	 */
	void reportLost(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state, EventId last)
			throws NoReplyException {
		logger.warn("Redis has lost entries of the event log that it had acknowledged, the last known one is "
				+ StreamIds.write(last) + ": it was restarted or replaced by a replica without these entries. "
				+ "Clients are notified of a gap");
		append(commands, Message.of(Message.Kind.LOST, StreamIds.write(last)),
				last.isAfter(state.last()) ? StreamIds.after(last) : null);
	}

	private void append(RedisClusterAsyncCommands<byte[], byte[]> commands, Message message, @Nullable EventId id)
			throws NoReplyException {
		XAddArgs args = new XAddArgs();
		if (id != null) {
			args.id(StreamIds.write(id));
		}
		try {
			Replies.await(commands.xadd(this.settings.log(), args, MessageFormat.write(message)), this.patience);
		}
		catch (RedisCommandExecutionException ex) {
			if (id == null) {
				throw ex;
			}
			// another node has appended after that id; a loss must still be reported
			if (message.kind() == Message.Kind.LOST) {
				append(commands, message, null);
			}
		}
	}

	private EventId time(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		return new EventId(millis(Replies.await(commands.time(), this.patience)), 0);
	}

	/**
	 * Return the milliseconds of an answer of the command {@code TIME}.
	 */
	static long millis(List<byte[]> time) throws NoReplyException {
		if (time.size() != 2) {
			throw Replies.cutOff();
		}
		return Long.parseLong(new String(time.get(0), StandardCharsets.US_ASCII)) * 1000
				+ Long.parseLong(new String(time.get(1), StandardCharsets.US_ASCII)) / 1000;
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The name of a generation.
	 *
	 * @param text the name as stored in Redis
	 * @param start the id at which the generation begins: every entry is at or after it,
	 * unless the clock of the server went back to before it
	 */
	record Name(String text, EventId start) {

		static Name parse(String text) {
			try {
				return new Name(text, StreamIds.read(text.substring(text.lastIndexOf('@') + 1)));
			}
			catch (RuntimeException ex) {
				return new Name(text, StreamIds.ZERO);
			}
		}

	}

}
