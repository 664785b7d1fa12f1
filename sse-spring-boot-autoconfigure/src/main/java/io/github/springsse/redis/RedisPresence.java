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
 * The subscribers of topics on all nodes. Each node writes its streams to Redis, and
 * refreshes them every few seconds; otherwise they expire.
 *
 * <table>
 * <caption>Keys, below the key of the log</caption>
 * <tr>
 * <td>{@code {sse}:nodes}</td>
 * <td>set: the names of the nodes. If the other key does not exist for a name, the node
 * has no streams or is dead. A node that finds such a name removes it; a live node adds
 * its name again with each write. Expires when no node has written for an hour</td>
 * </tr>
 * <tr>
 * <td><code>{sse}:presence:&lt;node&gt;</code></td>
 * <td>hash: the number of streams for each combination of topics and user. Expires after
 * three intervals</td>
 * </tr>
 * </table>
 *
 * A node writes only changes ({@code HSET}, {@code HDEL}), with {@code PEXPIRE} and
 * {@code SADD}. It writes everything, by a script, if the key has expired, if Redis did
 * not answer, and every {@value #INTERVALS_TO_ALL} intervals, because a server that was
 * replaced or restarted may have lost the last writes. A node that stops removes itself.
 * <p>
 * A query reads the streams of all other nodes, whatever its topic, with {@code SMEMBERS}
 * and one {@code HGETALL} for each node. The result is kept for half an interval, at most
 * one second, and answers all queries of this time.
 * <p>
 * <em>Threads:</em> one thread at a time writes; any thread may query.
 *
 * @since 0.1.0
 */
public final class RedisPresence implements PresenceDirectory, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(RedisPresence.class);

	private static final int INTERVALS_TO_LIVE = 3;

	private static final int INTERVALS_TO_ALL = 15;

	/** The maximum time for which a reading is kept. */
	private static final long LONGEST_KEPT = TimeUnit.SECONDS.toNanos(1);

	/** How long a stopping node waits for an answer. */
	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(1);

	private static final long NODES_TO_LIVE = TimeUnit.HOURS.toMillis(1);

	/** Writes all fields at once, so that other nodes never see a part of them. */
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

	/** The last fields that were written; guarded by the lock. */
	private Map<String, Integer> written = Map.of();

	/** Guarded by the lock. */
	private boolean complete;

	/** The number of intervals since everything was written; guarded by the lock. */
	private int intervals;

	/** The number of disturbances before everything was written; guarded by the lock. */
	private int disturbances;

	/** Guarded by the lock. */
	private long writtenAt;

	private final LongSupplier clock;

	private final Function<String, TopicPattern> parser;

	private final ReentrantLock readLock = new ReentrantLock();

	/** The streams of other nodes; guarded by the lock for reading. */
	private PresenceReading reading;

	/** When they were read, if they were; guarded by the lock for reading. */
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
	 * @param clock the clock for the age of readings, in nanoseconds as
	 * {@link System#nanoTime()}
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
	 * Write the changes.
	 * @return whether the other fields were still there
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
		// NOTE: false if the key does not exist; then the second PEXPIRE sets its expiry
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
	 * Remove this node from Redis.
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
			logger.debug("Other nodes consider this node dead in a few seconds", ex);
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
	 * Stop before the log, which has the connection.
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
	 * Return the streams of other nodes. One thread reads; other threads wait for its
	 * result.
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
	 * Drop a reading that no query has used for a while, because it may be large.
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
	 * How long a reading is valid: other nodes do not write more often.
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
		return new EventLogUnavailableException("The subscribers of other nodes could not be read from Redis within "
				+ this.settings.appendTimeout().toMillis() + " ms. Check the health of Redis", cause);
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

}
