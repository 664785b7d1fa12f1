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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.EventLogStatus;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * The log of all nodes that use the same Redis: a Redis stream, and beside it another one
 * for what sources publish, so that it does not push out the events of other topics.
 * <p>
 * <strong>Keys</strong>, below the {@linkplain RedisLogSettings#key() key} of the log.
 * The braces put them into one slot of a cluster.
 * <table>
 * <caption>Keys</caption>
 * <tr>
 * <td>{@code {sse}:log}</td>
 * <td>stream: the entries, as {@link MessageFormat} writes them. Their ids are the ids of
 * the log: the milliseconds are the epoch</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:answers}</td>
 * <td>stream: the entries that were appended by leases</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:trimmed}</td>
 * <td>string: an id; entries of the stream of answers before it may have been
 * trimmed</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:life}</td>
 * <td>string: names the life of the log, at random, and the id it began with,
 * <code>&lt;uuid&gt;@&lt;id&gt;</code>. Set with {@code NX} by the node that finds none,
 * and never expires</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:leases}</td>
 * <td>hash: for each topic with a source, the token of its lease, and the number and the
 * id of the last entry that the lease appended</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:sources}</td>
 * <td>sorted set: the same topics, by the time when their leases expire, in milliseconds
 * by the clock of Redis</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:endings}</td>
 * <td>hash: for those topics whose format is not the configured one, the entries by which
 * another node ends them</td>
 * </tr>
 * <tr>
 * <td><code>{sse}:ended:&lt;topic&gt;</code></td>
 * <td>string: of the last source of a topic, the token of its lease, and the number and
 * the id of the entry that has ended it. Expires when the entry is no longer kept</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:nodes}, <code>{sse}:presence:&lt;node&gt;</code></td>
 * <td>who is on which node: see {@link RedisPresence}</td>
 * </tr>
 * </table>
 * <p>
 * <strong>One order.</strong> Ids grow over both streams in the order in which entries
 * were appended. What a source appends gets an id that is greater than the newest of the
 * log, and becomes the newest id of the log ({@code XSETID}) in the same step, though the
 * entry is in the other stream; so Redis itself gives a greater one to what is appended
 * to the log next, by a plain {@code XADD}, whatever its clock says. Readers read both
 * streams by one command, after the same id, and hand over what they got in the order of
 * the ids, up to where it is complete ({@link MergedBatch}).
 * <p>
 * <strong>Commands.</strong> Appending is {@code XADD MAXLEN ~}, by one connection for
 * all threads: each thread waits for its own answer, and commands of many are on their
 * way at once. Following is {@code XREAD COUNT BLOCK}, by a connection of its own, and
 * with each a script ({@code EVAL} of {@code GET}, {@code XINFO STREAM}, {@code XRANGE},
 * and a {@code SETRANGE} that changes nothing, to see whether it may) that looks at the
 * stream after it. Twice a second the same script, by the connection for appending, tells
 * whether Redis takes entries. What was buffered is appended by another script, many
 * entries at once ({@link AppendedBatch}), and what a source appends by one that first
 * looks whether the lease is still there ({@link LeaseScripts}). Also used: {@code TIME},
 * {@code XTRIM}.
 * <p>
 * <strong>Trimming.</strong> By number with each {@code XADD}; by age with
 * {@code XTRIM MINID ~}, by the clock of Redis, from time to time and by every node,
 * which costs nothing where another node has done it. The newest entry always stays.
 * Redis removes whole blocks of entries, so some more are kept than asked for. Entries of
 * sources are removed by a script that takes down how far it got
 * ({@link AnswersTrimming}). A node that reads on before the first entry of the log, or
 * before that, tells its followers of a gap up to the later of the two.
 * <p>
 * <strong>Races and faults.</strong>
 * <ul>
 * <li><em>An entry appended twice.</em> The driver sends commands again that were not
 * answered before a connection was lost, and so does {@link LogAppender}. Each entry has
 * a {@link Token}; readers drop what they have seen ({@link DuplicateFilter}). The id
 * that {@link #append} returned may then be the second one.
 * <li><em>The end of a life.</em> If Redis was emptied, or another one took its place,
 * the name of the life is missing or another. Readers tell their followers that
 * everything may be missing, and begin with the new stream. Whoever names the new life
 * has it begin after every id that he knows; a node that knows greater ones moves the
 * stream on. So ids grow, whatever clock the new server has; within a life Redis itself
 * sees to that.
 * <li><em>A server that is behind takes over,</em> a replica, or the same one after a
 * crash that has cost it its last writes. Then the last entry that a reader handed over
 * is not in the stream, though trimming has not taken it; or one that a node has appended
 * is not ({@link UnverifiedAppends}). The node that finds out appends an entry that says
 * so, and on reading that every node tells its followers of a gap. Entries that nobody
 * had read or appended since are no loss.
 * <li><em>A connection that is open and of no use,</em> since its server fell silent or
 * became a replica, is given up as soon as a new one, by which the driver looks for the
 * server again, leads to a server that takes entries. If none does, one that is closed or
 * silent is given up when Redis has been away for longer than appending waits: the driver
 * would keep what is sent by it.
 * <li><em>Trimmed past a reader:</em> the last entry it handed over is older than the
 * first one in the stream. Its followers are told of a gap.
 * <li><em>A node dies, or is paused, while a source publishes from it:</em> its lease
 * expires, and one of the other nodes ends the topic ({@link OrphanedSources}). The step
 * that appends the end takes the lease, so it is told once, and a node that comes back
 * appends nothing to that topic. What sources append is not buffered, and is there once,
 * though the driver sends it again: the lease knows the last of it.
 * <li><em>Leases are gone with the life of the log</em> that they were in.
 * <li><em>Between a read and the look after it</em> the stream may change: what was read
 * is then dropped, or a gap is told that is not there; never the other way round.
 * </ul>
 * <p>
 * <em>Threads:</em> {@code sse-redis-reader} for each follower, {@code sse-redis-keeper},
 * {@code sse-redis-opener} while a connection is made, {@code sse-redis-appender} while
 * something is buffered, and {@code sse-redis-leases} once there was a source. They are
 * stopped after everything that publishes or delivers, and before the connections.
 *
 * @since 0.1.0
 */
public final class RedisEventLog implements EventLog, SourceLeases, EventLogStatus, SmartLifecycle, AutoCloseable {

	/**
	 * Stops after everything that publishes or delivers, and before the connections that
	 * it uses.
	 */
	public static final int PHASE = 1024;

	private final RedisLogSettings settings;

	private final RedisLink link;

	private final LogGeneration life;

	private final LogAppender appender;

	private final RedisHousekeeping keeper;

	private final RedisLeases leases;

	private final List<LogReader> readers = new CopyOnWriteArrayList<>();

	/** Until when the start waits for Redis, by {@link System#nanoTime()}. */
	private volatile long startBy;

	private volatile boolean running;

	/**
	 * Create a log, and begin to connect.
	 * @param factory the connections of the application
	 * @param settings names, bounds and times
	 */
	public RedisEventLog(LettuceConnectionFactory factory, RedisLogSettings settings) {
		this(factory, settings, LeaseTimes.DEFAULT);
	}

	/**
	 * Create a log, and begin to connect.
	 * @param times the times of leases
	 */
	RedisEventLog(LettuceConnectionFactory factory, RedisLogSettings settings, LeaseTimes times) {
		this.settings = settings;
		this.link = new RedisLink(factory, settings.appendTimeout());
		this.life = new LogGeneration(settings);
		UnverifiedAppends acknowledged = new UnverifiedAppends();
		this.appender = new LogAppender(this.link, settings, acknowledged);
		UnverifiedAppends acknowledgedAnswers = new UnverifiedAppends();
		this.keeper = new RedisHousekeeping(this.link, settings, this.life, acknowledged, acknowledgedAnswers,
				() -> !this.readers.isEmpty());
		this.leases = new RedisLeases(this.link, settings, this.appender, acknowledgedAnswers, times);
		this.keeper.addTask(this.leases.orphans()::look);
		start();
	}

	@Override
	public @Nullable EventId append(LogEntry entry) {
		return this.appender.append(entry);
	}

	@Override
	public @Nullable Lease acquire(Topic topic, Claim claim) {
		return this.leases.acquire(topic, claim);
	}

	@Override
	public boolean isLeased(Topic topic) {
		return this.leases.isLeased(topic);
	}

	@Override
	public @Nullable EventId newest(Topic topic) {
		return this.leases.newest(topic);
	}

	@Override
	public void setEnding(Ending ending) {
		this.leases.setEnding(ending);
	}

	@Override
	public Retention retention() {
		return new Retention(this.settings.maxLength(), this.settings.maxAge());
	}

	@Override
	public EventId head() {
		EventId read = position();
		if (!read.equals(StreamIds.ZERO) || !awaitFirstAttempt()) {
			return read;
		}
		EventId newest = askForNewest();
		return (newest != null) ? newest : read;
	}

	/**
	 * Wait for Redis, if this has just started: all who do have one deadline.
	 */
	private boolean awaitFirstAttempt() {
		return this.link.awaitFirstAttempt(Duration.ofNanos(Math.max(0, this.startBy - System.nanoTime())));
	}

	/** How far the readers of this node have got. */
	private EventId position() {
		return this.readers.stream().map(LogReader::position).max(EventId::compareTo).orElse(StreamIds.ZERO);
	}

	private @Nullable EventId askForNewest() {
		RedisClusterAsyncCommands<byte[], byte[]> commands = this.link.commands();
		try {
			return (commands != null)
					? StreamState
						.of(Replies.await(StreamState.ask(commands, this.settings, List.of()),
								Math.min(this.settings.appendTimeout().toNanos(), Duration.ofSeconds(1).toNanos())))
						.last()
					: null;
		}
		catch (NoReplyException | RedisException ex) {
			return null;
		}
	}

	/**
	 * Write an id as it is. The time tells a client no more than when it got the event,
	 * and the sequence no more than how many there were before in the same millisecond.
	 */
	@Override
	public String format(EventId id) {
		return id.toString();
	}

	@Override
	public @Nullable EventId parse(String text) {
		EventId id = EventId.parse(text);
		if (id == null || !this.life.isOfThisLife(id)) {
			return null;
		}
		if (!id.isAfter(position()) || !id.isAfter(this.keeper.newest())) {
			return id;
		}
		// given by a node that is ahead of this one, or by nobody
		EventId newest = (this.link.failingNanos() == 0) ? askForNewest() : null;
		return (newest == null || !id.isAfter(newest)) ? id : null;
	}

	@Override
	public Subscription follow(EventId cursor, Follower follower) {
		boolean reachable = awaitFirstAttempt();
		LogReader reader = new LogReader(this.link, this.settings, this.life, cursor, follower);
		this.readers.add(reader);
		reader.start();
		if (reachable) {
			reader.awaitStart(this.settings.startTimeout());
		}
		return () -> {
			this.readers.remove(reader);
			reader.stop();
		};
	}

	/**
	 * Have something done each time that Redis was found to answer.
	 */
	void addTask(RedisHousekeeping.Task task) {
		this.keeper.addTask(task);
	}

	RedisLink link() {
		return this.link;
	}

	RedisLogSettings settings() {
		return this.settings;
	}

	@Override
	public Duration unreachableFor() {
		return Duration.ofNanos(Math.max(this.link.failingNanos(),
				this.readers.stream().mapToLong(LogReader::failingNanos).max().orElse(0)));
	}

	@Override
	public Duration lag() {
		EventId read = position();
		return read.equals(StreamIds.ZERO) ? Duration.ZERO
				: Duration.ofMillis(Math.max(0, this.keeper.newest().epoch() - read.epoch()));
	}

	@Override
	public int buffered() {
		return this.appender.buffered();
	}

	@Override
	public long losses() {
		return this.life.losses();
	}

	@Override
	public String describe() {
		LogGeneration.Name current = this.life.name();
		return "Redis stream {" + this.settings.key() + "}:log" + ((current != null) ? ", life " + current.text() : "");
	}

	@Override
	public void start() {
		if (!this.running) {
			this.running = true;
			this.startBy = System.nanoTime() + this.settings.startTimeout().toNanos();
			this.link.start();
			this.appender.start();
			this.leases.start();
			this.keeper.start();
			this.readers.forEach(LogReader::start);
		}
	}

	@Override
	public void stop() {
		if (this.running) {
			this.running = false;
			this.leases.stop();
			this.appender.stop();
			this.readers.forEach(LogReader::stop);
			this.keeper.stop();
			this.link.close();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void close() {
		stop();
	}

}
