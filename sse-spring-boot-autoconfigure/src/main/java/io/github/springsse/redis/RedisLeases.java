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

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.SseException;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceEndedInLogException;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The leases that this node holds in Redis, and a thread that renews all of them
 * together.
 * <p>
 * A lease is valid for some seconds after each renewal, by the clock of Redis. Only Redis
 * decides whether a lease is held: it compares the token in the script that appends. So a
 * node that was paused or disconnected cannot append after another node has ended its
 * topic ({@link OrphanedSources}). Until then it can append, even if its lease had
 * expired.
 * <p>
 * A topic has one lease until its end is appended. The script that appends the end with
 * the lease also releases it. A lease that is closed before the end, but after other
 * entries were appended, expires at once, and its topic is ended as if the node had
 * failed. A lease with which nothing was appended is released without further effect.
 * <p>
 * Thread-safe.
 */
final class RedisLeases implements SourceLeases {

	private static final Log logger = LogFactory.getLog(RedisLeases.class);

	/** The maximum number of leases that are renewed at once. */
	private static final int BATCH = 500;

	private final LogAppender appender;

	private final UnverifiedAppends acknowledged;

	private final RedisLink link;

	private final RedisLogSettings settings;

	private final LeaseTimes times;

	private final LeaseScripts scripts;

	private final OrphanedSources orphans;

	/** By their tokens. */
	private final Map<String, RedisLease> leases = new ConcurrentHashMap<>();

	/** Leases that may be in Redis although no source uses them, by their tokens. */
	private final Map<String, Leftover> leftovers = new ConcurrentHashMap<>();

	private final ReentrantLock lock = new ReentrantLock();

	/** Guarded by the lock. */
	private @Nullable Thread thread;

	/** Guarded by the lock. */
	private boolean stopped;

	RedisLeases(RedisLink link, RedisLogSettings settings, LogAppender appender, UnverifiedAppends acknowledged,
			LeaseTimes times) {
		this.link = link;
		this.settings = settings;
		this.appender = appender;
		this.acknowledged = acknowledged;
		this.times = times;
		this.scripts = new LeaseScripts(settings, times);
		this.orphans = new OrphanedSources(link, settings, times, this.scripts);
	}

	OrphanedSources orphans() {
		return this.orphans;
	}

	@Override
	public void setEnding(Ending ending) {
		this.orphans.setEnding(ending);
	}

	@Override
	public @Nullable Lease acquire(Topic topic, Claim claim) {
		String token = this.appender.nextToken().toString();
		startRenewing();
		try {
			LeaseScripts.Acquired acquired = this.appender
				.send((commands, nanos) -> this.scripts.acquire(commands, topic.toString(), token, claim, nanos));
			if (acquired.outcome() == LeaseScripts.Acquired.Outcome.ENDED) {
				throw new SourceEndedInLogException(topic, acquired.id());
			}
			if (acquired.outcome() == LeaseScripts.Acquired.Outcome.HELD) {
				return null;
			}
			RedisLease lease = new RedisLease(this, topic, token, acquired.id(), claim.lost());
			this.leases.put(token, lease);
			return lease;
		}
		catch (NoReplyException ex) {
			// NOTE: Redis may have received the command, or receive it later
			this.leftovers.put(token, new Leftover(topic, false, System.nanoTime()));
			throw unavailable(ex);
		}
	}

	@Override
	public boolean isLeased(Topic topic) {
		try {
			return this.appender.send((commands, nanos) -> this.scripts.isHeld(commands, topic.toString(), nanos));
		}
		catch (NoReplyException ex) {
			throw unavailable(ex);
		}
	}

	@Override
	public @Nullable EventId newest(Topic topic) {
		try {
			Optional<EventId> newest = this.appender
				.send((commands, nanos) -> this.scripts.newest(commands, topic.toString(), nanos));
			return newest.orElse(null);
		}
		catch (NoReplyException ex) {
			throw unavailable(ex);
		}
	}

	/**
	 * Append an entry with a lease.
	 * @return the id, empty if the lease is lost
	 */
	Optional<EventId> append(RedisLease lease, long number, LogEntry entry) {
		try {
			Optional<EventId> id = this.appender.send((commands, nanos) -> this.scripts.append(commands,
					lease.topic().toString(), lease.token(), number, entry, nanos));
			id.ifPresent((appended) -> this.acknowledged.add(appended, System.nanoTime()));
			this.link.succeeded();
			return id;
		}
		catch (NoReplyException ex) {
			throw unavailable(ex);
		}
	}

	/**
	 * Stop renewing a lease.
	 */
	void forget(RedisLease lease) {
		this.leases.remove(lease.token());
	}

	/**
	 * Release a lease. If Redis cannot be reached, the lease is released later, or it
	 * expires.
	 */
	void release(RedisLease lease, boolean begun) {
		try {
			this.appender.send((commands, nanos) -> {
				this.scripts.release(commands, lease.topic().toString(), lease.token(), begun, nanos);
				return true;
			});
		}
		catch (NoReplyException | SseException ex) {
			logger.debug("The lease of topic '" + lease.topic() + "' is released later", ex);
			this.leftovers.put(lease.token(), new Leftover(lease.topic(), begun, System.nanoTime()));
		}
	}

	private static EventLogUnavailableException unavailable(NoReplyException cause) {
		return new EventLogUnavailableException(
				"The event log in Redis could not be reached for a source. Check the health of Redis and the "
						+ "property sse.redis.append-timeout; events of sources are not buffered",
				cause);
	}

	private void startRenewing() {
		this.lock.lock();
		try {
			if (this.stopped) {
				throw LogAppender.stopped();
			}
			if (this.thread == null) {
				Thread renewer = new Thread(this::renew, "sse-redis-leases");
				renewer.setDaemon(true);
				renewer.start();
				this.thread = renewer;
			}
		}
		catch (OutOfMemoryError ex) {
			throw new EventLogUnavailableException("No thread can be started to renew leases in Redis", ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	private boolean isCurrent() {
		this.lock.lock();
		try {
			return !this.stopped && this.thread == Thread.currentThread();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void renew() {
		while (isCurrent()) {
			long pause = this.times.renewal().toNanos();
			try {
				renewAll();
			}
			catch (NoReplyException | RedisException ex) {
				logger.debug("Continuing to renew leases", ex);
				pause /= 6;
			}
			catch (RuntimeException | Error ex) {
				logger.error("Continuing to renew leases after an unexpected failure", ex);
				pause /= 6;
			}
			// NOTE: an interrupted thread would not park
			Thread.interrupted();
			LockSupport.parkNanos(this, pause);
		}
	}

	private void renewAll() throws NoReplyException {
		Map<String, String> batch = new LinkedHashMap<>();
		for (RedisLease lease : List.copyOf(this.leases.values())) {
			batch.put(lease.token(), lease.topic().toString());
			if (batch.size() == BATCH) {
				renew(batch);
				batch.clear();
			}
		}
		if (!batch.isEmpty()) {
			renew(batch);
		}
		releaseLeftovers();
	}

	private void renew(Map<String, String> batch) throws NoReplyException {
		Collection<String> lost = this.scripts.renew(commands(), batch, this.settings.patience());
		for (String token : lost) {
			RedisLease lease = this.leases.remove(token);
			if (lease != null && lease.lose()) {
				logger.warn("The lease of topic '" + lease.topic()
						+ "' was lost: this node was disconnected from Redis or paused for longer than "
						+ this.times.life().toMillis() + " ms, or Redis was emptied. Its source ends");
			}
		}
	}

	private void releaseLeftovers() throws NoReplyException {
		for (Map.Entry<String, Leftover> entry : List.copyOf(this.leftovers.entrySet())) {
			Leftover leftover = entry.getValue();
			this.scripts.release(commands(), leftover.topic().toString(), entry.getKey(), leftover.begun(),
					this.settings.patience());
			// NOTE: the command that was not answered may arrive late
			if (System.nanoTime() - leftover.since() > this.times.life().toNanos()) {
				this.leftovers.remove(entry.getKey());
			}
		}
	}

	private RedisClusterAsyncCommands<byte[], byte[]> commands() throws NoReplyException {
		return this.link.awaitCommands(this.settings.patience());
	}

	void start() {
		this.lock.lock();
		try {
			this.stopped = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Stop renewing, and let other nodes end the topics that still have sources.
	 */
	void stop() {
		Thread renewer;
		this.lock.lock();
		try {
			this.stopped = true;
			renewer = this.thread;
			this.thread = null;
		}
		finally {
			this.lock.unlock();
		}
		if (renewer != null) {
			LockSupport.unpark(renewer);
		}
		List<RedisLease> open = new ArrayList<>(this.leases.values());
		this.leases.clear();
		for (RedisLease lease : open) {
			lease.lose();
			try {
				RedisClusterAsyncCommands<byte[], byte[]> commands = this.link.commands();
				if (commands != null) {
					this.scripts.release(commands, lease.topic().toString(), lease.token(), true,
							this.settings.patience());
				}
			}
			catch (NoReplyException | RedisCommandExecutionException ex) {
				logger.debug("Other nodes consider this node dead in a few seconds", ex);
				return;
			}
		}
	}

	/**
	 * A lease that no source uses, and that may be in Redis.
	 *
	 * @param begun whether an entry was appended with it
	 * @param since the time of the failed command, by {@link System#nanoTime()}
	 */
	private record Leftover(Topic topic, boolean begun, long since) {

	}

}
