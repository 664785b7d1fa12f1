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
 * Reads the log for one follower. Its thread waits for entries of both streams on a
 * dedicated connection, and hands them over in batches, in the order of their ids.
 * <p>
 * Each read is sent together with a query of the {@link StreamState}, which Redis runs
 * after the read on the same server. A batch is handed over only if the log is still in
 * the same generation and still has the last entry that was handed over. Then the entries
 * of the batch are the next ones. This check is sufficient: the reader needs no other
 * notice of reconnects of the driver or of replaced servers.
 * <p>
 * <em>Threads:</em> only the thread of the reader uses the fields that are not volatile.
 */
final class LogReader implements Runnable {

	private static final Log logger = LogFactory.getLog(LogReader.class);

	private static final int BATCH = 256;

	/** If an answer comes within this time, the next read may be larger. */
	private static final long SOON = TimeUnit.MILLISECONDS.toNanos(500);

	private static final Duration MAX_BLOCK = Duration.ofSeconds(1);

	/** How late an answer may come. */
	private static final Duration PATIENCE = Duration.ofSeconds(2);

	/**
	 * The minimum time between two reads, so that entries of this time come in one batch.
	 * Entries that are less frequent do not wait.
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

	/** The last entry that was handed over or skipped. */
	private volatile EventId position;

	/**
	 * The last entry of the log that was handed over. It must still be in the stream or
	 * trimmed. {@code null} if there is nothing to check.
	 */
	private @Nullable EventId anchor;

	/** The same for the stream of answers. */
	private @Nullable EventId answersAnchor;

	/**
	 * Entries of one stream before this id may be missing, and this is not reported yet.
	 * It is reported when the reader reaches this id, because the other stream may have
	 * older entries.
	 */
	private @Nullable EventId missing;

	/** The loss to report before the next entry is handed over. */
	private EventLog.@Nullable Loss pendingGap;

	/** The last entry of the history; {@code null} while it is unknown. */
	private @Nullable EventId historyEnd;

	private boolean inHistory;

	/** The end of the last gap that was reported. */
	private EventId toldUntil = StreamIds.ZERO;

	private LogGeneration.@Nullable Name followed;

	private boolean warnedOfUnknown;

	private boolean warnedOfFailure;

	/** When the last read began. */
	private long readAt = System.nanoTime() - PACE;

	/**
	 * When the reader began to wait for an answer, by {@link System#nanoTime()}; zero if
	 * it does not wait.
	 */
	private volatile long waitingSince;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create a reader.
	 * @param cursor the entry after which to begin, or {@link EventId#MIN} to read the
	 * existing entries as history first
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
	 * Wait until the existing entries have been handed over.
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
	 * Return how long an answer is overdue.
	 * @return the time in nanoseconds, zero if no answer is overdue
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
					// NOTE: a follower may have interrupted this thread, which then
					// neither parks nor gets an answer
					Thread.interrupted();
					LockSupport.parkNanos(this, BACKOFF);
				}
			}
		}
	}

	private void failed(Throwable cause) {
		if (cause instanceof Error) {
			logger.error("Continuing to read the event log after an unexpected error", cause);
		}
		logger.debug("Continuing to read the event log with another connection", cause);
		if (cause instanceof Error || (cause instanceof NoReplyException noReply && noReply.isSilence())) {
			this.batchSize.shrink();
		}
		if (!this.warnedOfFailure && failingNanos() > 0 && this.link.failingNanos() == 0) {
			this.warnedOfFailure = true;
			logger.warn("The event log cannot be read although Redis can be reached", cause);
		}
	}

	/**
	 * Read one batch and hand it over.
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
	 * Check whether the log is in the generation that this reader follows. If not,
	 * discard the batch and read the next generation from its beginning.
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
					+ ": Redis was emptied or replaced by another server. Clients are notified of a gap");
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
	 * Check whether the last entry is still in the stream or was trimmed. If it is lost,
	 * append an entry that reports the loss to all nodes. If it was trimmed, report a gap
	 * to the follower of this node.
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
	 * Check the last entry of the stream of answers in the same way.
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
	 * Report a gap to the follower when the reader reaches an entry, or with the next
	 * entry if there is none.
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
		logger.warn("This node was so far behind that the event log in Redis no longer has the next entries. "
				+ "Clients are notified of a gap. To keep more entries, increase " + properties);
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
				logger.error("Continuing to follow the event log after an unexpected exception", ex);
				leaveOut(id);
			}
		}
		if (batch.items().isEmpty() || !this.historyEnd.isAfter(this.position)) {
			endHistory(this.historyEnd);
		}
	}

	/**
	 * End the history, unless it has ended already, and continue with new entries.
	 */
	private void endHistory(EventId end) {
		if (this.started.getCount() == 0) {
			return;
		}
		LogGeneration.Name current = this.followed;
		if (this.inHistory && this.pendingGap != null && current != null) {
			// there was no entry
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
			// try again once, with the next entry
			logger.error("A gap could not be reported to a follower of the event log", ex);
			this.pendingGap = EventLog.Loss.EVICTED;
		}
	}

	private void passOver(EventId id, MessageFormat.UnknownMessageException ex) {
		if (!this.warnedOfUnknown) {
			this.warnedOfUnknown = true;
			logger.warn("Entry " + StreamIds.write(id) + " of the event log " + ex.getMessage()
					+ ". This node skips it and all similar entries. Is a node of another version running?");
		}
	}

}
