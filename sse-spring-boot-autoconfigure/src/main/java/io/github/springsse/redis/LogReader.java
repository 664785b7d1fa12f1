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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One follower of the log: a thread with a connection of its own, which waits for entries
 * of both streams and hands them over in batches, in the order of their ids.
 * <p>
 * With each read goes a look at the {@link StreamState}, in the same flight: Redis takes
 * it after the read, on whatever server that is. A batch is handed over only if the log
 * is still in the same life and still has the last entry that was handed over, so that
 * what follows in the stream is what followed then. Connections may be lost and found by
 * the driver, and servers replaced, without this having to notice in another way.
 * <p>
 * <em>Threads:</em> all fields belong to the thread, but for those that are volatile.
 */
final class LogReader implements Runnable {

	private static final Log logger = LogFactory.getLog(LogReader.class);

	private static final int BATCH = 256;

	/** Within which time an answer must come for more to be read at once. */
	private static final long SOON = TimeUnit.MILLISECONDS.toNanos(500);

	private static final Duration MAX_BLOCK = Duration.ofSeconds(1);

	/** How much later than it should an answer may come. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * The least time from read to read: what is appended meanwhile comes in one batch.
	 * Entries that come more seldom do not wait for it.
	 */
	private static final long PACE = TimeUnit.MILLISECONDS.toNanos(1);

	private static final long BACKOFF = TimeUnit.MILLISECONDS.toNanos(200);

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final LogGeneration life;

	private final EventLog.Follower follower;

	private final DuplicateFilter repetitions = new DuplicateFilter();

	private final BatchSize batchSize = new BatchSize(BATCH);

	private final CountDownLatch started = new CountDownLatch(1);

	/** The last entry that was handed over, or passed over. */
	private volatile EventId position;

	/** An entry of the log that must still be accounted for, mostly the last of it. */
	private @Nullable EventId anchor;

	/** The same of the entries of sources. */
	private @Nullable EventId answersAnchor;

	/**
	 * Before which entries of one stream may be missing, if that is still to be told:
	 * when this is reached, as the other stream may have older ones.
	 */
	private @Nullable EventId missing;

	/** What is to be told before the next entry is handed over. */
	private EventLog.@Nullable Loss pendingGap;

	/** Where the history ends; {@code null} before that is known, and after it. */
	private @Nullable EventId historyEnd;

	private boolean inHistory;

	/** The last entry that followers were told may be missing. */
	private EventId toldUntil = StreamIds.ZERO;

	private LogGeneration.@Nullable Name followed;

	private boolean warnedOfUnknown;

	private boolean warnedOfFailure;

	/** When the last read began. */
	private long readAt = System.nanoTime() - PACE;

	/** Since when an answer is due, by {@link System#nanoTime()}; zero if none is. */
	private volatile long waitingSince;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create a reader.
	 * @param cursor the entries after this one, or {@link EventId#MIN} for those that are
	 * there as history
	 */
	LogReader(RedisLink link, RedisLogSettings settings, LogGeneration life, EventId cursor,
			EventLog.Follower follower) {
		this.link = link;
		this.settings = settings;
		this.life = life;
		this.follower = follower;
		this.inHistory = cursor.equals(EventId.MIN);
		this.position = this.inHistory ? StreamIds.ZERO : cursor;
		this.anchor = this.inHistory ? null : cursor;
		this.pendingGap = this.inHistory ? EventLog.Loss.EVICTED : null;
	}

	void start() {
		this.stopped = false;
		this.waitingSince = 0;
		Thread reader = new Thread(this, "sse-redis-reader");
		reader.setDaemon(true);
		this.thread = reader;
		reader.start();
	}

	void stop() {
		this.stopped = true;
		Thread reader = this.thread;
		if (reader != null && reader != Thread.currentThread()) {
			reader.interrupt();
			try {
				reader.join(PATIENCE.toMillis());
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Wait until everything that was there before has been handed over.
	 */
	void awaitStart(Duration timeout) {
		try {
			this.started.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	EventId position() {
		return this.position;
	}

	/**
	 * Return for how long an answer is overdue.
	 * @return the time in nanoseconds, zero if none is
	 */
	long failingNanos() {
		long since = this.waitingSince;
		long nanos = (since != 0) ? System.nanoTime() - since : 0;
		return (nanos > MAX_BLOCK.plus(PATIENCE).toNanos()) ? nanos : 0;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			this.waitingSince = (this.waitingSince != 0) ? this.waitingSince : System.nanoTime();
			try (RedisConnector.Dedicated dedicated = this.link.open()) {
				while (!this.stopped) {
					step(dedicated.commands());
				}
			}
			catch (NoReplyException | RuntimeException | Error ex) {
				if (!this.stopped) {
					failed(ex);
					// NOTE: a follower may have left its thread interrupted, which then
					// neither parks nor gets an answer
					Thread.interrupted();
					LockSupport.parkNanos(this, BACKOFF);
				}
			}
		}
	}

	private void failed(Throwable cause) {
		if (cause instanceof Error) {
			logger.error("Reading the event log goes on after an unexpected error", cause);
		}
		logger.debug("Reading the event log goes on with another connection", cause);
		if (cause instanceof Error || (cause instanceof NoReplyException noReply && noReply.isSilence())) {
			this.batchSize.shrink();
		}
		if (!this.warnedOfFailure && failingNanos() > 0 && this.link.failingNanos() == 0) {
			this.warnedOfFailure = true;
			logger.warn("The event log cannot be read, though Redis can be reached", cause);
		}
	}

	/**
	 * Take one batch.
	 */
	@SuppressWarnings("unchecked")
	void step(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		int count = this.batchSize.get();
		XReadArgs args = XReadArgs.Builder.count(count);
		long block = 0;
		if (this.started.getCount() == 0) {
			block = Math.max(10, Math.min(MAX_BLOCK.toMillis(), this.link.timeout().toMillis() / 2));
			args.block(block);
		}
		pace();
		this.waitingSince = (this.waitingSince != 0) ? this.waitingSince : System.nanoTime();
		String from = StreamIds.write(this.position);
		RedisFuture<List<StreamMessage<byte[], byte[]>>> read = commands.xread(args,
				XReadArgs.StreamOffset.from(this.settings.log(), from),
				XReadArgs.StreamOffset.from(this.settings.answers(), from));
		RedisFuture<List<Object>> look = StreamState.ask(commands, this.settings, anchors());
		MergedBatch batch = MergedBatch.of(
				Replies.await(read, TimeUnit.MILLISECONDS.toNanos(block) + PATIENCE.toNanos()), this.settings.answers(),
				count);
		StreamState state = StreamState.of(Replies.await(look, PATIENCE.toNanos()));
		state.requirePrimary();
		this.waitingSince = 0;
		this.warnedOfFailure = false;
		if (System.nanoTime() - this.readAt < SOON) {
			this.batchSize.grow();
		}
		if (isOfThisLife(commands, state)) {
			check(commands, state);
			deliver(batch, state);
		}
	}

	private List<EventId> anchors() {
		List<EventId> result = new ArrayList<>(2);
		if (this.anchor != null) {
			result.add(this.anchor);
		}
		if (this.answersAnchor != null) {
			result.add(this.answersAnchor);
		}
		return result;
	}

	private void pace() {
		long early = PACE - (System.nanoTime() - this.readAt);
		if (early > 0 && !this.inHistory) {
			LockSupport.parkNanos(this, early);
		}
		this.readAt = System.nanoTime();
	}

	/**
	 * Look whether the log is in the life that was followed. If it is not, what was read
	 * is left, and read again from its beginning.
	 */
	private boolean isOfThisLife(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state)
			throws NoReplyException {
		if (!this.life.isSame(state)) {
			this.life.enter(commands, state, this.position);
		}
		LogGeneration.Name current = this.life.name();
		if (current == null || !current.text().equals(state.life())) {
			return false;
		}
		if (this.followed != null && !this.followed.text().equals(current.text())) {
			logger.warn("The event log in Redis has begun again, as " + current.text()
					+ ": Redis was emptied, or another one took its place. Clients are told of a gap");
			this.life.countLoss();
			this.pendingGap = EventLog.Loss.RESTARTED;
			this.anchor = null;
			this.answersAnchor = null;
			this.missing = null;
			if (this.position.isAfter(state.last())) {
				this.life.enter(commands, state, this.position);
			}
		}
		this.followed = current;
		return true;
	}

	/**
	 * Look whether the last entry is still there, or could not be. If not, followers are
	 * told of a gap: here, or by the entry that says so to all nodes.
	 */
	private void check(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state) throws NoReplyException {
		EventId last = this.anchor;
		if (last != null && !state.accountsFor(last)) {
			this.life.reportLost(commands, state, last);
			this.anchor = null;
		}
		else if (last != null && state.isTrimmed(last) && this.pendingGap == null) {
			countBehind("sse.redis.max-length and sse.redis.max-age");
			missesBefore(state.log().first());
			this.anchor = null;
		}
		else if (this.historyEnd == null && this.inHistory) {
			missesBefore(state.log().first());
		}
		checkAnswers(commands, state);
	}

	/**
	 * The same of the entries of sources.
	 */
	private void checkAnswers(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state)
			throws NoReplyException {
		EventId last = this.answersAnchor;
		if (last != null && !state.accountsForAnswer(last)) {
			this.life.reportLost(commands, state, last);
			this.answersAnchor = null;
		}
		if (state.trimmed().isAfter(this.position)) {
			if (this.missing == null && !this.inHistory) {
				countBehind("sse.redis.answers.max-length and sse.redis.answers.max-age");
			}
			missesBefore(state.trimmed());
			this.answersAnchor = null;
		}
	}

	/**
	 * Have followers told of a gap when an entry is reached, or at once if there is none.
	 */
	private void missesBefore(@Nullable EventId id) {
		if (id == null) {
			this.pendingGap = EventLog.Loss.EVICTED;
		}
		else {
			this.missing = (this.missing != null) ? StreamIds.max(this.missing, id) : id;
		}
	}

	private void countBehind(String properties) {
		logger.warn("This node was so far behind that the event log in Redis no longer has what it was to read "
				+ "next. Clients are told of a gap. More is kept with " + properties);
		this.life.countLoss();
	}

	private void deliver(MergedBatch batch, StreamState state) {
		if (this.historyEnd == null) {
			this.historyEnd = this.inHistory ? state.last() : this.position;
		}
		for (MergedBatch.Item item : batch.items()) {
			if (this.stopped) {
				return;
			}
			EventId id = item.id();
			if (id.isAfter(this.historyEnd)) {
				endHistory(this.historyEnd);
			}
			if (this.missing != null && !this.missing.isAfter(id)) {
				this.missing = null;
				this.pendingGap = (this.pendingGap != null) ? this.pendingGap : EventLog.Loss.EVICTED;
			}
			if (this.pendingGap != null) {
				tellGap(StreamIds.before(id), this.pendingGap);
			}
			this.position = id;
			if (item.isAnswer()) {
				this.answersAnchor = id;
			}
			else {
				this.anchor = id;
			}
			try {
				handOver(id, MessageFormat.read(item.fields()));
			}
			catch (MessageFormat.UnknownMessageException ex) {
				passOver(id, ex);
			}
			catch (RuntimeException | Error ex) {
				logger.error("Following the event log goes on after an unexpected exception", ex);
				leaveOut(id);
			}
		}
		if (batch.items().isEmpty() || !this.historyEnd.isAfter(this.position)) {
			endHistory(this.historyEnd);
		}
	}

	/**
	 * Go on with what is new, if that has not begun.
	 */
	private void endHistory(EventId end) {
		if (this.started.getCount() == 0) {
			return;
		}
		LogGeneration.Name current = this.followed;
		if (this.inHistory && this.pendingGap != null && current != null) {
			// there was not a single entry
			this.position = StreamIds.max(end, current.start());
			this.anchor = this.position.equals(end) ? end : null;
			tellGap(this.position, this.pendingGap);
		}
		this.inHistory = false;
		this.follower.onStart(StreamIds.max(this.position, end));
		this.started.countDown();
	}

	private void tellGap(EventId until, EventLog.Loss loss) {
		this.pendingGap = null;
		this.toldUntil = until;
		this.repetitions.clear();
		this.follower.onGap(until, loss);
	}

	private void handOver(EventId id, Message message) {
		if (message.token() != null && this.repetitions.isRepeated(message.token())) {
			return;
		}
		LogEntry entry = message.entry();
		if (entry != null && this.inHistory) {
			this.follower.onHistory(id, entry, Duration.ofMillis(Math.max(0, System.currentTimeMillis() - id.epoch())));
		}
		else if (entry != null) {
			this.follower.awaitRoom(entry);
			this.follower.onEntry(id, entry);
		}
		else if (message.kind() == Message.Kind.LOST && StreamIds.read(message.text()).isAfter(this.toldUntil)) {
			if (!this.inHistory) {
				this.life.countLoss();
			}
			tellGap(id, EventLog.Loss.EVICTED);
		}
	}

	private void leaveOut(EventId id) {
		this.life.countLoss();
		try {
			tellGap(id, EventLog.Loss.EVICTED);
		}
		catch (RuntimeException | Error ex) {
			// with the next entry, once
			logger.error("Followers of the event log could not be told of a gap", ex);
			this.pendingGap = EventLog.Loss.EVICTED;
		}
	}

	private void passOver(EventId id, MessageFormat.UnknownMessageException ex) {
		if (!this.warnedOfUnknown) {
			this.warnedOfUnknown = true;
			logger.warn("Entry " + StreamIds.write(id) + " of the event log " + ex.getMessage()
					+ ". It is passed over here, as all others like it will be: is a node of another version running?");
		}
	}

}
