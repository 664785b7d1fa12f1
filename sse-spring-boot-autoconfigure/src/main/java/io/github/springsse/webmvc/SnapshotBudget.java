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

package io.github.springsse.webmvc;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

/**
 * Limits the memory that the snapshots of all streams use at the same time, from before a
 * snapshot is created until its client has received it. Thread-safe.
 * <p>
 * The expected size of a snapshot is a moving average of the snapshots that the same
 * source created before; a snapshot that becomes larger reserves more while it is
 * created. As long as a source has not created any snapshot, a few are created at once,
 * and others wait a moment for the first: otherwise a crowd that reconnects after a
 * deployment would have all snapshots created at once. A snapshot reserves twice its size
 * while it is created, and its size afterwards.
 * <p>
 * <em>Invariant:</em> the bytes in flight are the sum of all open leases. They exceed the
 * bound only if a single lease has bytes: a snapshot of any size can be sent while there
 * is no other. No thread waits for bytes. Leases that are held only for later use are
 * closed before a snapshot is refused.
 */
final class SnapshotBudget {

	/**
	 * The number of snapshots that a source creates at once while their size is unknown.
	 */
	static final int UNKNOWN_AT_ONCE = 8;

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final long maxBytes;

	/** Releases memory that is held only for later use. Called without the lock. */
	private volatile BooleanSupplier reserve = () -> false;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition known = this.lock.newCondition();

	private final Map<Object, Source> sources = new ConcurrentHashMap<>();

	/** Guarded by the lock. */
	private long bytes;

	/** The number of leases that have bytes; guarded by the lock. */
	private int holders;

	/**
	 * Create a budget with nothing reserved.
	 * @param maxBytes the bound in bytes
	 */
	SnapshotBudget(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Set what to do when there is no room.
	 * @param reserve releases memory that is held only for later use, and returns whether
	 * there was any
	 */
	void setReserve(BooleanSupplier reserve) {
		this.reserve = reserve;
	}

	/**
	 * Reserve memory for the next snapshot of a source, before it is created. May block
	 * for a second if the source has not created any snapshot yet.
	 * @param key the source; there are few of them
	 * @return the lease, which the caller must close; {@code null} if there is no room
	 */
	@Nullable Lease acquire(Object key) {
		Source source = this.sources.computeIfAbsent(key, (ignored) -> new Source());
		this.lock.lock();
		try {
			if (!awaitTurn(source)) {
				return null;
			}
			Lease lease = begin(source);
			if (lease != null) {
				return lease;
			}
		}
		finally {
			this.lock.unlock();
		}
		return this.reserve.getAsBoolean() ? beginLocked(source) : null;
	}

	private @Nullable Lease beginLocked(Source source) {
		this.lock.lock();
		try {
			return begin(source);
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Lease begin(Source source) {
		Lease lease = new Lease(source);
		if (!lease.add(2 * Math.max(0, source.expected))) {
			return null;
		}
		source.running++;
		return lease;
	}

	private boolean awaitTurn(Source source) {
		long left = PATIENCE.toNanos();
		try {
			while (source.expected < 0 && source.running >= UNKNOWN_AT_ONCE) {
				if (left <= 0) {
					return false;
				}
				left = this.known.awaitNanos(left);
			}
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Return the memory in flight.
	 * @return the number of bytes
	 */
	long bytes() {
		this.lock.lock();
		try {
			return this.bytes;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * A source of similar snapshots. Guarded by the lock.
	 */
	private static final class Source {

		/** The average bytes of a snapshot, negative before the first. */
		private long expected = -1;

		/** The number of snapshots that are being created. */
		private int running;

		private void learn(long size) {
			this.expected = (this.expected < 0) ? size : this.expected + (size - this.expected) / 8;
		}

	}

	/**
	 * The memory of one snapshot.
	 */
	final class Lease implements AutoCloseable {

		private final Source source;

		/** Guarded by the lock of the budget, as are all fields below. */
		private long reserved;

		/** The part of the reserved bytes that is allocated. */
		private long allocated;

		private boolean made;

		private boolean closed;

		private Lease(Source source) {
			this.source = source;
		}

		/**
		 * Account for bytes that are about to be allocated while the snapshot is created.
		 * @param count the number of bytes
		 * @throws SnapshotRefusedException if there is no room for them
		 */
		void allocate(int count) {
			if (!tryAllocate(count) && !(SnapshotBudget.this.reserve.getAsBoolean() && tryAllocate(count))) {
				throw new SnapshotRefusedException();
			}
		}

		private boolean tryAllocate(int count) {
			SnapshotBudget.this.lock.lock();
			try {
				long more = this.allocated + count - this.reserved;
				if (more > 0 && !add(more)) {
					return false;
				}
				this.allocated += count;
				return true;
			}
			finally {
				SnapshotBudget.this.lock.unlock();
			}
		}

		/**
		 * Note that the snapshot is complete, and waits for its client.
		 * @param size the size of the snapshot in bytes
		 */
		void made(long size) {
			SnapshotBudget.this.lock.lock();
			try {
				this.source.learn(size);
				if (!this.closed) {
					SnapshotBudget.this.bytes += size - this.reserved;
					SnapshotBudget.this.holders += ((size > 0) ? 1 : 0) - ((this.reserved > 0) ? 1 : 0);
					this.reserved = size;
				}
				ended();
			}
			finally {
				SnapshotBudget.this.lock.unlock();
			}
		}

		private void ended() {
			if (!this.made) {
				this.made = true;
				this.source.running--;
				SnapshotBudget.this.known.signalAll();
			}
		}

		private boolean add(long more) {
			SnapshotBudget budget = SnapshotBudget.this;
			boolean alone = budget.holders == 0 || (budget.holders == 1 && this.reserved > 0);
			if (budget.bytes + more > budget.maxBytes && !alone) {
				return false;
			}
			budget.holders += (more > 0 && this.reserved == 0) ? 1 : 0;
			budget.bytes += more;
			this.reserved += more;
			return true;
		}

		/**
		 * Release all memory of the snapshot. May be called more than once.
		 */
		@Override
		public void close() {
			SnapshotBudget.this.lock.lock();
			try {
				if (!this.closed) {
					this.closed = true;
					SnapshotBudget.this.bytes -= this.reserved;
					SnapshotBudget.this.holders -= (this.reserved > 0) ? 1 : 0;
					this.reserved = 0;
					ended();
				}
			}
			finally {
				SnapshotBudget.this.lock.unlock();
			}
		}

	}

}
