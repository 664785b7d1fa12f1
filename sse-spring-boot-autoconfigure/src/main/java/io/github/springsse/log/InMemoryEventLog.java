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

package io.github.springsse.log;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The log of a single node: a sequence number. It keeps no entries. Followers keep the
 * entries that new streams need.
 * <p>
 * Clients receive encrypted ids, with a key that belongs to this generation of the log.
 * The ids disclose neither the start time of the application nor the number of published
 * events, and ids of another generation are recognized.
 * <p>
 * <em>Invariant:</em> the sequence is incremented and the followers are called under one
 * lock, so each follower receives every id once, in order. No thread waits under that
 * lock: followers are fast by contract, and appending threads wait for them before they
 * take the lock. Requests read the log without the lock, so they never wait for
 * publishers.
 */
public final class InMemoryEventLog implements EventLog {

	private final IdCipher cipher = new IdCipher();

	private final ForeignIds foreignIds;

	private final ReentrantLock lock = new ReentrantLock();

	private final List<InMemorySubscription> subscriptions = new CopyOnWriteArrayList<>();

	private final long epoch;

	/** The sequence of the latest assigned id; written under the lock. */
	private volatile long sequence;

	/**
	 * The sequence of the latest entry that all followers have received; written under
	 * the lock.
	 */
	private volatile long handedOver;

	/**
	 * Create a log.
	 * @param epoch identifies this generation of the log to operators; not negative
	 */
	public InMemoryEventLog(long epoch) {
		this(epoch, System::nanoTime);
	}

	InMemoryEventLog(long epoch, LongSupplier clock) {
		this.epoch = epoch;
		this.foreignIds = new ForeignIds(clock);
	}

	@Override
	public EventId append(LogEntry entry) {
		// NOTE: before taking the lock, which the threads that make room need when they
		// publish
		for (InMemorySubscription subscription : this.subscriptions) {
			subscription.follower.awaitRoom(entry);
		}
		this.lock.lock();
		try {
			// NOTE: set first, since a client may send this id before all followers have
			// the entry
			long next = this.sequence + 1;
			this.sequence = next;
			EventId id = new EventId(this.epoch, next);
			for (InMemorySubscription subscription : this.subscriptions) {
				subscription.follower.onEntry(id, entry);
			}
			return id;
		}
		finally {
			this.handedOver = this.sequence;
			this.lock.unlock();
		}
	}

	/**
	 * NOTE: if a follower appended during a call, other followers would receive the two
	 * entries in another order.
	 */
	@Override
	public boolean hasRoom() {
		if (this.lock.isHeldByCurrentThread()) {
			return false;
		}
		for (InMemorySubscription subscription : this.subscriptions) {
			if (!subscription.follower.hasRoom()) {
				return false;
			}
		}
		return true;
	}

	@Override
	public EventId head() {
		return new EventId(this.epoch, this.handedOver);
	}

	@Override
	public String format(EventId id) {
		Assert.isTrue(id.epoch() == this.epoch && id.sequence() >= 0, () -> "Not an id of this log: " + id);
		return this.cipher.encrypt(id);
	}

	@Override
	public @Nullable EventId parse(String text) {
		EventId id = this.cipher.decrypt(text);
		if (id != null && id.epoch() == this.epoch && id.sequence() >= 0 && id.sequence() <= this.sequence) {
			this.foreignIds.countOwn();
			return id;
		}
		// NOTE: the other log may be in Redis, and this node may lack its configuration
		if (id != null || EventId.parse(text) != null) {
			this.foreignIds.countForeign(text);
		}
		return null;
	}

	@Override
	public Subscription follow(EventId cursor, Follower follower) {
		InMemorySubscription subscription = new InMemorySubscription(follower);
		this.lock.lock();
		try {
			this.subscriptions.add(subscription);
			follower.onStart(new EventId(this.epoch, this.sequence));
		}
		finally {
			this.lock.unlock();
		}
		return subscription;
	}

	/**
	 * A subscription of a follower; one follower may have several.
	 */
	private final class InMemorySubscription implements Subscription {

		private final Follower follower;

		private InMemorySubscription(Follower follower) {
			this.follower = follower;
		}

		@Override
		public void close() {
			InMemoryEventLog.this.lock.lock();
			try {
				InMemoryEventLog.this.subscriptions.remove(this);
			}
			finally {
				InMemoryEventLog.this.lock.unlock();
			}
		}

	}

}
