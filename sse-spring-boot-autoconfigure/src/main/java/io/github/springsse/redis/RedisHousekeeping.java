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
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import io.github.springsse.log.EventId;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XTrimArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The periodic tasks of a node, which a dedicated thread runs twice a second: check
 * whether Redis answers and still has the entries that it acknowledged, connect when
 * Redis is reachable again, write the presence of this node, trim old entries, and end
 * the topics of sources whose nodes have failed.
 */
final class RedisHousekeeping implements Runnable {

	private static final Log logger = LogFactory.getLog(RedisHousekeeping.class);

	private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(500);

	/** How long to wait for an answer on a connection that is closed at the moment. */
	private static final long BRIEFLY = TimeUnit.SECONDS.toNanos(1);

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final LogGeneration life;

	private final UnverifiedAppends acknowledged;

	private final UnverifiedAppends acknowledgedAnswers;

	private final AnswersTrimming answersTrimming;

	private final BooleanSupplier reading;

	private final List<Task> tasks = new CopyOnWriteArrayList<>();

	private long trimmedAt;

	private boolean warnedOfRefusal;

	private volatile EventId newest = StreamIds.ZERO;

	private volatile boolean stopped;

	private volatile @Nullable Thread thread;

	/**
	 * Create the housekeeping.
	 * @param acknowledged the entries that this node has appended to the log
	 * @param acknowledgedAnswers the entries that its sources have appended
	 * @param reading whether this node reads the log. Readers enter the next generation
	 * of the log; without readers, the housekeeping must do it
	 */
	RedisHousekeeping(RedisLink link, RedisLogSettings settings, LogGeneration life, UnverifiedAppends acknowledged,
			UnverifiedAppends acknowledgedAnswers, BooleanSupplier reading) {
		this.link = link;
		this.settings = settings;
		this.life = life;
		this.acknowledged = acknowledged;
		this.acknowledgedAnswers = acknowledgedAnswers;
		this.answersTrimming = new AnswersTrimming(settings);
		this.reading = reading;
		this.trimmedAt = System.nanoTime() - trimInterval().toNanos();
	}

	/**
	 * Add a task that runs after each check in which Redis answers.
	 */
	void addTask(Task task) {
		this.tasks.add(task);
	}

	void start() {
		this.stopped = false;
		Thread keeper = new Thread(this, "sse-redis-keeper");
		keeper.setDaemon(true);
		this.thread = keeper;
		keeper.start();
	}

	void stop() {
		this.stopped = true;
		Thread keeper = this.thread;
		if (keeper != null) {
			keeper.interrupt();
			try {
				keeper.join(TimeUnit.NANOSECONDS.toMillis(BRIEFLY));
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Return the newest entry at the last check.
	 */
	EventId newest() {
		return this.newest;
	}

	@Override
	public void run() {
		while (!this.stopped) {
			try {
				tick();
			}
			catch (RuntimeException ex) {
				logger.debug("Continuing the housekeeping of the event log in Redis", ex);
			}
			catch (Error ex) {
				logger.error("Continuing the housekeeping of the event log in Redis after an unexpected error", ex);
			}
			LockSupport.parkNanos(this, INTERVAL);
		}
	}

	private void tick() {
		try {
			RedisClusterAsyncCommands<byte[], byte[]> commands = this.link.commands();
			if (commands == null) {
				commands = this.link.connect(this::look);
			}
			else {
				look(commands);
				this.link.succeeded();
			}
			attempt(this::trim, commands);
			attempt(this.answersTrimming::trim, commands);
			for (Task other : this.tasks) {
				attempt(other, commands);
			}
		}
		catch (NoReplyException | RedisException ex) {
			if (!this.stopped) {
				failed(ex);
			}
		}
	}

	/**
	 * Run a task that is not required for appending entries. If Redis refuses it, for
	 * example because its ACL does not allow the command to this user, Redis still counts
	 * as reachable.
	 */
	private void attempt(Task task, RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		try {
			task.run(commands);
		}
		catch (RedisCommandExecutionException ex) {
			if (!this.warnedOfRefusal) {
				this.warnedOfRefusal = true;
				logger.warn("Redis refuses to trim old entries of the event log, to store presence, or to "
						+ "end sources whose nodes have failed: " + ex.getMessage());
			}
		}
	}

	private void failed(Exception cause) {
		this.link.failed(cause);
		if (this.link.isToBeReplaced(cause)) {
			this.link.leaveIfUseless();
			try {
				this.link.connect(this::look);
			}
			catch (NoReplyException | RedisException ex) {
				logger.debug("Another connection to Redis does not work either", ex);
			}
		}
	}

	private void look(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		List<EventId> ofLog = this.acknowledged.toCheck();
		List<EventId> ofAnswers = this.acknowledgedAnswers.toCheck();
		List<EventId> ids = Stream.concat(ofLog.stream(), ofAnswers.stream()).toList();
		long patience = RedisConnector.stateful(commands).isOpen() ? this.settings.patience() : BRIEFLY;
		StreamState state = StreamState.of(Replies.await(StreamState.ask(commands, this.settings, ids), patience));
		state.requireWritable();
		EventId known = this.newest;
		this.newest = state.last();
		if (this.life.name() == null) {
			enter(commands, state);
		}
		else if (this.life.isSame(state)) {
			EventId lost = Stream
				.concat(ofLog.stream().filter((id) -> !state.accountsFor(id)),
						ofAnswers.stream().filter((id) -> !state.accountsForAnswer(id)))
				.filter(this.life::isOfThisLife)
				.max(EventId::compareTo)
				.orElse(null);
			if (lost != null) {
				this.life.reportLost(commands, state, lost);
			}
			this.acknowledged.checked(ofLog, lost == null);
			this.acknowledgedAnswers.checked(ofAnswers, lost == null);
		}
		else {
			// do not check entries of another generation; readers report the change
			this.acknowledged.checked(ofLog, false);
			this.acknowledgedAnswers.checked(ofAnswers, false);
			if (!this.reading.getAsBoolean()) {
				enterNext(commands, state, ids.stream().reduce(known, StreamIds::max));
			}
		}
	}

	private void enterNext(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state, EventId known)
			throws NoReplyException {
		LogGeneration.Name before = this.life.name();
		this.life.enter(commands, state, known);
		if (!Objects.equals(before, this.life.name())) {
			this.life.countLoss();
		}
	}

	private void enter(RedisClusterAsyncCommands<byte[], byte[]> commands, StreamState state) throws NoReplyException {
		this.life.enter(commands, state, StreamIds.ZERO);
		if (this.life.name() == null) {
			// another node was first
			look(commands);
		}
		else {
			this.newest = StreamState
				.of(Replies.await(StreamState.ask(commands, this.settings, List.of()), this.settings.patience()))
				.last();
		}
	}

	/**
	 * Trim old entries, by the clock of Redis, from which the ids come too. The newest of
	 * the old entries stays, because a reader checks that the last entry that it has
	 * handed over is there: after a quiet time that entry is old, although the reader
	 * lacks nothing.
	 */
	private void trim(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException {
		if (System.nanoTime() - this.trimmedAt < trimInterval().toNanos()) {
			return;
		}
		this.trimmedAt = System.nanoTime();
		long oldest = LogGeneration.millis(Replies.await(commands.time(), this.settings.patience()))
				- this.settings.maxAge().toMillis();
		if (oldest <= 0) {
			return;
		}
		Range<String> old = Range.from(Range.Boundary.unbounded(),
				Range.Boundary.including(StreamIds.write(new EventId(oldest, 0))));
		List<StreamMessage<byte[], byte[]>> newestOld = Replies
			.await(commands.xrevrange(this.settings.log(), old, Limit.from(1)), this.settings.patience());
		if (!newestOld.isEmpty()) {
			Replies.await(
					commands.xtrim(this.settings.log(),
							new XTrimArgs().minId(newestOld.get(0).getId()).approximateTrimming()),
					this.settings.patience());
		}
	}

	private Duration trimInterval() {
		Duration interval = this.settings.maxAge().dividedBy(60);
		Duration longest = Duration.ofMinutes(1);
		Duration shortest = Duration.ofSeconds(1);
		return (interval.compareTo(longest) > 0) ? longest : (interval.compareTo(shortest) < 0) ? shortest : interval;
	}

	/**
	 * A task that uses Redis.
	 */
	@FunctionalInterface
	interface Task {

		void run(RedisClusterAsyncCommands<byte[], byte[]> commands) throws NoReplyException;

	}

}
