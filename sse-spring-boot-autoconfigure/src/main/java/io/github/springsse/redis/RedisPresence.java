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
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.PresenceDirectory;
import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;

/**
 * Who is on which topic, over all nodes. Each node says in Redis which streams it has,
 * and says it again every few seconds, or it is forgotten.
 *
 * <table>
 * <caption>Keys, below the key of the log</caption>
 * <tr>
 * <td>{@code {sse}:nodes}</td>
 * <td>set: the names of the nodes. A name without the other key is that of a node that
 * has no streams, or is dead, and is removed by whoever finds it: a node that lives adds
 * it again whenever it writes. Expires when no node has written for an hour</td>
 * </tr>
 * <tr>
 * <td><code>{sse}:presence:&lt;node&gt;</code></td>
 * <td>hash: how many streams there are of each kind, by topics and user. Expires after
 * three intervals</td>
 * </tr>
 * </table>
 *
 * Only what has changed is written ({@code HSET}, {@code HDEL}), with {@code PEXPIRE} and
 * {@code SADD}. Everything is, by a script, if the key is found to have expired, or Redis
 * did not answer, and each {@value #INTERVALS_TO_ALL} intervals: a server that was
 * replaced, or started again, may have lost the last that was written. A node that stops
 * removes itself.
 * <p>
 * To ask is {@code SMEMBERS}, and {@code HGETALL} for each node that is named there: what
 * all other nodes have said, whatever the question. That is kept for half an interval, a
 * second at the most, in which all questions are answered from it.
 * <p>
 * <em>Threads:</em> one thread writes at a time, any thread asks.
 *
 * @since 0.1.0
 */
public final class RedisPresence implements PresenceDirectory, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(RedisPresence.class);

	private static final int INTERVALS_TO_LIVE = 3;

	private static final int INTERVALS_TO_ALL = 15;

	/** For how long at the most what was read is not read again. */
	private static final long LONGEST_KEPT = TimeUnit.SECONDS.toNanos(1);

	/** How long a node that stops waits for an answer. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	private static final long NODES_TO_LIVE = TimeUnit.HOURS.toMillis(1);

	/** In one go, or others would see a part of it. */
	private static final byte[] WRITE_ALL = """
			redis.call('DEL', KEYS[1])
			for i = 2, #ARGV, 2 do
				redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
			end
			return redis.call('PEXPIRE', KEYS[1], ARGV[1])
			""".getBytes(StandardCharsets.US_ASCII);

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final PresenceDirectory local;

	private final String node = UUID.randomUUID().toString();

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private boolean running = true;

	/** What is in Redis, as far as it is known; guarded by the lock. */
	private Map<String, Integer> written = Map.of();

	/** Guarded by the lock. */
	private boolean complete;

	/** How many intervals ago everything was written; guarded by the lock. */
	private int intervals;

	/** How many disturbances there had been before; guarded by the lock. */
	private int disturbances;

	/** Guarded by the lock. */
	private long writtenAt;

	private final LongSupplier clock;

	private final Function<String, TopicPattern> parser;

	private final ReentrantLock readLock = new ReentrantLock();

	/** What other nodes have said; guarded by the lock for reading. */
	private PresenceReading reading;

	/** When that was read, if it was; guarded by the lock for reading. */
	private @Nullable Long readAt;

	/**
	 * Create a directory, and begin to write.
	 * @param log the log in Redis
	 * @param local the streams of this node
	 */
	public RedisPresence(RedisEventLog log, PresenceDirectory local) {
		this(log, local, System::nanoTime, TopicPattern::of);
	}

	/**
	 * Create a directory, and begin to write.
	 * @param clock the time for what was read, as {@link System#nanoTime()} gives it
	 * @param parser parses patterns
	 */
	RedisPresence(RedisEventLog log, PresenceDirectory local, LongSupplier clock,
			Function<String, TopicPattern> parser) {
		this.clock = clock;
		this.parser = parser;
		this.reading = new PresenceReading(parser);
		this.link = log.link();
		this.settings = log.settings();
		this.local = local;
		this.writtenAt = System.nanoTime() - this.settings.presenceInterval().toNanos();
		if (!this.settings.presenceInterval().isZero()) {
			log.addTask(this::write);
		}
	}

	private void write(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		this.lock.lock();
		try {
			if (this.running) {
				writeIfDue(commands);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void writeIfDue(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		if (System.nanoTime() - this.writtenAt < this.settings.presenceInterval().toNanos()) {
			return;
		}
		this.writtenAt = System.nanoTime();
		forgetWhatNobodyAsksFor();
		Map<String, Integer> current = new HashMap<>();
		this.local.subscribers()
			.forEach((group) -> current.merge(PresenceReading.field(group), group.streams(), Integer::sum));
		int disturbancesBefore = this.link.disturbances();
		this.intervals++;
		boolean known = this.complete && this.intervals < INTERVALS_TO_ALL && this.disturbances == disturbancesBefore;
		this.complete = false;
		if (!known || !writeChanges(commands, current)) {
			writeAll(commands, current);
			this.intervals = 0;
			this.disturbances = disturbancesBefore;
		}
		this.written = current;
		this.complete = true;
	}

	private void writeAll(RedisClusterAsyncCommands<byte[], byte[]> commands, Map<String, Integer> current)
			throws NoReplyException {
		List<byte[]> values = new ArrayList<>();
		values.add(utf8(Long.toString(timeToLive())));
		current.forEach((field, count) -> {
			values.add(utf8(field));
			values.add(utf8(count.toString()));
		});
		List<RedisFuture<?>> replies = new ArrayList<>();
		replies.add(commands.eval(WRITE_ALL, ScriptOutputType.INTEGER,
				new byte[][] { this.settings.presence(this.node) }, values.toArray(byte[][]::new)));
		replies.addAll(announce(commands, current));
		await(replies);
	}

	/**
	 * Write what has changed.
	 * @return whether the rest was still there
	 */
	private boolean writeChanges(RedisClusterAsyncCommands<byte[], byte[]> commands, Map<String, Integer> current)
			throws NoReplyException {
		byte[] key = this.settings.presence(this.node);
		List<RedisFuture<?>> replies = new ArrayList<>();
		Map<String, Integer> before = this.written;
		Map<byte[], byte[]> changed = new LinkedHashMap<>();
		current.forEach((field, count) -> {
			if (!count.equals(before.get(field))) {
				changed.put(utf8(field), utf8(count.toString()));
			}
		});
		byte[][] gone = before.keySet()
			.stream()
			.filter((field) -> !current.containsKey(field))
			.map(RedisPresence::utf8)
			.toArray(byte[][]::new);
		// NOTE: with an expiry already, or it is set a moment later
		RedisFuture<Boolean> alive = commands.pexpire(key, timeToLive());
		if (!changed.isEmpty()) {
			replies.add(commands.hset(key, changed));
		}
		if (gone.length > 0) {
			replies.add(commands.hdel(key, gone));
		}
		replies.add(commands.pexpire(key, timeToLive()));
		replies.addAll(announce(commands, current));
		await(replies);
		return Replies.await(alive, this.settings.patience()) || before.isEmpty() || current.isEmpty();
	}

	private void await(List<RedisFuture<?>> replies) throws NoReplyException {
		for (RedisFuture<?> reply : replies) {
			Replies.await(reply, this.settings.patience());
		}
	}

	private List<RedisFuture<?>> announce(RedisClusterAsyncCommands<byte[], byte[]> commands,
			Map<String, Integer> current) {
		if (current.isEmpty()) {
			return List.of();
		}
		return List.of(commands.sadd(this.settings.nodes(), utf8(this.node)),
				commands.pexpire(this.settings.nodes(), Math.max(NODES_TO_LIVE, timeToLive())));
	}

	private long timeToLive() {
		return INTERVALS_TO_LIVE * this.settings.presenceInterval().toMillis();
	}

	@Override
	public void start() {
		this.lock.lock();
		try {
			this.running = true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Have the other nodes forget this one at once.
	 */
	@Override
	public void stop() {
		this.lock.lock();
		try {
			this.running = false;
			this.complete = false;
			RedisClusterAsyncCommands<byte[], byte[]> commands = this.link.commands();
			if (commands != null && !this.settings.presenceInterval().isZero()) {
				RedisFuture<Long> removed = commands.del(this.settings.presence(this.node));
				Replies.await(commands.srem(this.settings.nodes(), utf8(this.node)), PATIENCE);
				Replies.await(removed, PATIENCE);
			}
		}
		catch (NoReplyException | RedisException ex) {
			logger.debug("Other nodes take this one for dead in some seconds", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public boolean isRunning() {
		this.lock.lock();
		try {
			return this.running;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stops before the log, which has the connection.
	 */
	@Override
	public int getPhase() {
		return RedisEventLog.PHASE + 1;
	}

	@Override
	public Collection<Subscribers> subscribers() {
		return join(this.local.subscribers(), others().all());
	}

	@Override
	public Collection<Subscribers> subscribers(Topic topic) {
		return join(this.local.subscribers(topic), others().of(topic));
	}

	private static Collection<Subscribers> join(Collection<Subscribers> local, Collection<Subscribers> others) {
		List<Subscribers> result = new ArrayList<>(local);
		result.addAll(others);
		return result;
	}

	/**
	 * Return what other nodes have said. One thread reads, the others wait for what it
	 * gets.
	 */
	private PresenceReading others() {
		long end = System.nanoTime() + this.settings.appendTimeout().toNanos();
		try {
			if (!this.readLock.tryLock(this.settings.appendTimeout().toNanos(), TimeUnit.NANOSECONDS)) {
				throw unavailable(null);
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw unavailable(ex);
		}
		try {
			if (!isFresh()) {
				PresenceReading read = read(end);
				this.reading = read;
				this.readAt = this.clock.getAsLong();
			}
			return this.reading;
		}
		catch (NoReplyException | RedisException ex) {
			throw unavailable(ex);
		}
		finally {
			this.readLock.unlock();
		}
	}

	private boolean isFresh() {
		Long at = this.readAt;
		return at != null && this.clock.getAsLong() - at < keepNanos();
	}

	/**
	 * NOTE: it may be large.
	 */
	private void forgetWhatNobodyAsksFor() {
		if (this.readLock.tryLock()) {
			try {
				Long at = this.readAt;
				if (at != null && this.clock.getAsLong() - at > TimeUnit.MILLISECONDS.toNanos(timeToLive())) {
					this.reading = new PresenceReading(this.parser);
					this.readAt = null;
				}
			}
			finally {
				this.readLock.unlock();
			}
		}
	}

	/**
	 * How long what was read is good for: other nodes do not say more any sooner.
	 */
	private long keepNanos() {
		return Math.min(this.settings.presenceInterval().toNanos() / 2, LONGEST_KEPT);
	}

	private PresenceReading read(long end) throws NoReplyException {
		RedisClusterAsyncCommands<byte[], byte[]> commands = this.link
			.awaitCommands(this.link.patience(end - System.nanoTime()));
		Map<byte[], RedisFuture<Map<byte[], byte[]>>> replies = new LinkedHashMap<>();
		Set<byte[]> nodes = Replies.await(commands.smembers(this.settings.nodes()), end - System.nanoTime());
		for (byte[] name : nodes) {
			String other = new String(name, StandardCharsets.UTF_8);
			if (!other.equals(this.node)) {
				replies.put(name, commands.hgetall(this.settings.presence(other)));
			}
		}
		List<Map<byte[], byte[]>> said = new ArrayList<>();
		for (Map.Entry<byte[], RedisFuture<Map<byte[], byte[]>>> reply : replies.entrySet()) {
			Map<byte[], byte[]> fields = Replies.await(reply.getValue(), end - System.nanoTime());
			if (fields.isEmpty()) {
				commands.srem(this.settings.nodes(), reply.getKey());
			}
			said.add(fields);
		}
		return new PresenceReading(said, this.reading);
	}

	private EventLogUnavailableException unavailable(@Nullable Exception cause) {
		return new EventLogUnavailableException("Redis has not said who is on other nodes within "
				+ this.settings.appendTimeout().toMillis() + " ms. Look at the health of Redis", cause);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
