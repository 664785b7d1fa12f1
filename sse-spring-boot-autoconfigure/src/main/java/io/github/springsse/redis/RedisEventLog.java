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
 * An event log in Redis, shared by all nodes that use the same server and key. It
 * consists of one Redis stream, and a second one for the entries of sources, so that
 * these do not evict the events of other topics.
 * <p>
 * <strong>Keys.</strong> All keys begin with the {@linkplain RedisLogSettings#key() key}
 * of the log, in braces, so that they are in one slot of a cluster.
 * <table>
 * <caption>Keys</caption>
 * <tr>
 * <td>{@code {sse}:log}</td>
 * <td>stream: the entries, in the {@link MessageFormat}. The ids of the stream are the
 * ids of the log: the milliseconds are the epoch</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:answers}</td>
 * <td>stream: the entries that were appended with leases</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:trimmed}</td>
 * <td>string: an id; entries of the stream of answers before it may have been
 * trimmed</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:life}</td>
 * <td>string: the name of the generation of the log, which consists of a random UUID and
 * the id at which the generation begins, <code>&lt;uuid&gt;@&lt;id&gt;</code>. A node
 * that finds no name sets one with {@code NX}. It never expires</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:leases}</td>
 * <td>hash: for each topic with a source, the token of its lease, and the number and the
 * id of the last entry that was appended with the lease</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:sources}</td>
 * <td>sorted set: the same topics, by the time when their leases expire, in milliseconds
 * by the clock of Redis</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:endings}</td>
 * <td>hash: for each topic whose format is not the configured one, the entries that
 * another node appends to end it</td>
 * </tr>
 * <tr>
 * <td><code>{sse}:ended:&lt;topic&gt;</code></td>
 * <td>string: for the last source of a topic, the token of its lease, and the number and
 * the id of the entry that ended it. Expires when the entry is no longer kept</td>
 * </tr>
 * <tr>
 * <td>{@code {sse}:nodes}, <code>{sse}:presence:&lt;node&gt;</code></td>
 * <td>the subscribers of each node: see {@link RedisPresence}</td>
 * </tr>
 * </table>
 * <p>
 * <strong>One order.</strong> Ids increase across both streams in the order in which
 * entries were appended. An entry of a source gets an id that is greater than the newest
 * id of the log. The same script sets this id as the newest id of the log
 * ({@code XSETID}), although the entry is in the other stream. So Redis itself assigns a
 * greater id to the next entry of the log, with a plain {@code XADD}, whatever its clock
 * says. Readers read both streams with one command, after the same id, and hand over the
 * entries in the order of their ids, up to the id to which both streams were read
 * completely ({@link MergedBatch}).
 * <p>
 * <strong>Commands.</strong> Entries are appended with {@code XADD MAXLEN ~}, on one
 * connection for all threads: each thread waits for its own answer, and the commands of
 * many threads are in flight at once. A follower reads with {@code XREAD COUNT BLOCK} on
 * a dedicated connection. After each read, a script checks the streams ({@code EVAL} of
 * {@code GET}, {@code XINFO STREAM}, {@code XRANGE}, and a {@code SETRANGE} that changes
 * nothing, to find out whether writing is allowed). Twice a second, the same script runs
 * on the connection for appending, to find out whether Redis accepts entries. Buffered
 * entries are appended by another script, many at once ({@link AppendedBatch}), and
 * entries of sources by a script that first checks the lease ({@link LeaseScripts}). Also
 * used: {@code TIME}, {@code XTRIM}.
 * <p>
 * <strong>Trimming.</strong> The log is trimmed by number with each {@code XADD}, and by
 * age with {@code XTRIM MINID ~}, by the clock of Redis. Every node trims by age from
 * time to time; this is cheap if another node has already done it. The newest of the
 * entries that are too old stays, because readers that have handed it over look for it.
 * Redis removes whole blocks of entries, so it keeps slightly more than configured. The
 * stream of answers is trimmed by a script that stores up to which id entries may have
 * been trimmed ({@link AnswersTrimming}). A node whose position is before the first entry
 * of the log, or before that id, reports a gap to its followers, up to the later of the
 * two.
 * <p>
 * <strong>Races and failures.</strong>
 * <ul>
 * <li><em>An entry is appended twice.</em> If a connection is lost, the driver and the
 * {@link LogAppender} send unanswered commands again. Each entry has a {@link Token}, by
 * which readers drop repeated entries ({@link DuplicateFilter}). {@link #append} may then
 * have returned the second id.
 * <li><em>A generation ends.</em> If Redis was emptied or replaced by another server, the
 * name of the generation is missing or different. Readers report to their followers that
 * all entries may be missing, and begin with the new stream. The node that names the new
 * generation lets it begin after every id that it knows. A node that knows greater ids
 * moves the stream beyond these. So ids increase, whatever the clock of the new server
 * says. Within a generation, Redis ensures this itself.
 * <li><em>A server without the last entries takes over:</em> a replica, or the same
 * server after a crash that lost its last writes. Then the last entry that a reader
 * handed over is missing although it was not trimmed, or an acknowledged entry of a node
 * is missing ({@link UnverifiedAppends}). The node that notices this appends an entry
 * that reports the loss. Every node that reads that entry reports a gap to its followers.
 * The loss of entries that no node has read and for which no node has an acknowledgement
 * does no harm.
 * <li><em>An open connection is useless,</em> because its server no longer answers or
 * became a replica. A new connection, for which the driver looks up the server again,
 * replaces it as soon as that leads to a server that accepts entries. If no server does,
 * a closed or silent connection is dropped when Redis has been unreachable for longer
 * than appending waits, because the driver would keep all commands that are sent on it.
 * <li><em>Trimming overtakes a reader:</em> the last entry that it handed over is older
 * than the first entry in the stream. The reader reports a gap to its follower.
 * <li><em>A node fails or is paused while it has a source:</em> the lease of the source
 * expires, and another node ends the topic ({@link OrphanedSources}). The script that
 * appends the end takes the lease, so the end is appended once, and the first node cannot
 * append to that topic any more. Entries of sources are not buffered. They are appended
 * once even if the driver sends them again, because the lease contains the number of the
 * last entry.
 * <li><em>Leases end with the generation of the log</em> in which they were acquired.
 * <li><em>The stream changes between a read and the following check:</em> the reader then
 * discards the entries, or reports a gap that does not exist. It never hands over entries
 * after an unreported gap.
 * </ul>
 * <p>
 * <em>Threads:</em> {@code sse-redis-reader} for each follower, {@code sse-redis-keeper},
 * {@code sse-redis-opener} while a connection is opened, {@code sse-redis-appender} while
 * entries are buffered, and {@code sse-redis-leases} after the first source. They stop
 * after all beans that publish or deliver, and before the connections.
 *
 * @since 0.1.0
 */
public final class RedisEventLog implements EventLog, SourceLeases, EventLogStatus, SmartLifecycle, AutoCloseable {

	/**
	 * The phase of the log: it stops after all beans that publish or deliver, and before
	 * the connections that it uses.
	 */
	public static final int PHASE = 1024;

	private final RedisLogSettings settings;

	private final RedisLink link;

	private final LogGeneration life;

	private final LogAppender appender;

	private final RedisHousekeeping keeper;

	private final RedisLeases leases;

	private final List<LogReader> readers = new CopyOnWriteArrayList<>();

	/** The deadline for waiting for Redis at the start, by {@link System#nanoTime()}. */
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
	 * Wait for Redis if the log has just started. All waiting threads have the same
	 * deadline.
	 */
	private boolean awaitFirstAttempt() {
		return this.link.awaitFirstAttempt(Duration.ofNanos(Math.max(0, this.startBy - System.nanoTime())));
	}

	/** The last entry that a reader of this node has handed over. */
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
	 * Write an id unchanged. It discloses little: the milliseconds are about the time at
	 * which the client received the event, and the sequence is the number of earlier
	 * entries in the same millisecond.
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
		// assigned by a node that is ahead of this one, or by no node
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
	 * Add a task that runs after each check in which Redis answers.
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
		return "Redis stream {" + this.settings.key() + "}:log"
				+ ((current != null) ? ", generation " + current.text() : "");
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
