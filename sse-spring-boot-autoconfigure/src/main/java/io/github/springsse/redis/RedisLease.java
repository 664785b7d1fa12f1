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

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LeaseLostException;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import org.jspecify.annotations.Nullable;

/**
 * A lease that this node holds. Entries are sent to Redis one at a time, so they keep
 * their order even if one must be sent again. They are not buffered, because only Redis
 * knows whether the lease is still held. If it is unknown whether an entry was appended,
 * the caller can append the same entry again, and it is in the stream once. Thread-safe.
 */
final class RedisLease implements SourceLeases.Lease {

	private final RedisLeases leases;

	private final Topic topic;

	private final String token;

	private final EventId since;

	private final Runnable onLoss;

	private final ReentrantLock lock = new ReentrantLock();

	/** The number of the last entry; guarded by the lock. */
	private long number;

	/**
	 * An entry for which it is unknown whether it was appended; guarded by the lock.
	 */
	private @Nullable LogEntry unanswered;

	/**
	 * Whether the end of the topic was sent. Then Redis may have removed the lease
	 * although it is not lost.
	 */
	private volatile boolean ending;

	/** Whether the end of the topic was appended; guarded by the lock. */
	private boolean ended;

	/** Guarded by the lock. */
	private boolean closed;

	private volatile boolean lost;

	RedisLease(RedisLeases leases, Topic topic, String token, EventId since, Runnable onLoss) {
		this.leases = leases;
		this.topic = topic;
		this.token = token;
		this.since = since;
		this.onLoss = onLoss;
	}

	Topic topic() {
		return this.topic;
	}

	String token() {
		return this.token;
	}

	@Override
	public EventId since() {
		return this.since;
	}

	/**
	 * Refuse all further entries, because this lease no longer holds the topic.
	 * @return {@code false} if the reason is that this lease has ended the topic, or is
	 * about to
	 */
	boolean lose() {
		if (this.ending) {
			return false;
		}
		this.lost = true;
		this.onLoss.run();
		return true;
	}

	@Override
	public EventId append(LogEntry entry) {
		if (!entry.topic().equals(this.topic)) {
			throw new IllegalArgumentException(
					"A lease of topic '" + this.topic + "' cannot append to topic '" + entry.topic() + "'");
		}
		this.lock.lock();
		try {
			if (this.lost || this.closed || this.ended) {
				throw new LeaseLostException(this.topic);
			}
			if (entry != this.unanswered) {
				this.number++;
			}
			this.unanswered = entry;
			this.ending = entry.kind() == LogEntry.Kind.END;
			Optional<EventId> id = this.leases.append(this, this.number, entry);
			this.unanswered = null;
			if (id.isEmpty()) {
				this.lost = true;
				this.leases.forget(this);
				throw new LeaseLostException(this.topic);
			}
			if (entry.kind() == LogEntry.Kind.END) {
				this.ended = true;
				this.leases.forget(this);
			}
			return id.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		this.lock.lock();
		try {
			if (!this.closed) {
				this.closed = true;
				this.leases.forget(this);
				if (!this.ended && !this.lost) {
					this.leases.release(this, this.number > 0);
				}
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
