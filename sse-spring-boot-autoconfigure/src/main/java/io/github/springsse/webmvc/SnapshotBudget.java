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

import org.jspecify.annotations.Nullable;

/**
 * The memory that snapshots may take at once, over all streams: from before a snapshot is
 * made until its client has taken it. Thread-safe.
 * <p>
 * How large a snapshot will be is taken from those that the same source made before, of
 * which the last count most; one that becomes larger takes more while it is made. Of a
 * source that has made none yet, a few are made at once, and others wait a moment for the
 * first: a crowd that comes back after a deploy would otherwise make all of them
 * together. While a snapshot is made it takes twice its size, and then once.
 * <p>
 * <em>Invariant:</em> the bytes in flight are those of all leases that are not closed.
 * They exceed the bound only where there is one lease: a snapshot of any size can be sent
 * when there is no other. Nobody waits for bytes.
 */
final class SnapshotBudget {

	/** How many of a source are made before it is known how large they are. */
	static final int UNKNOWN_AT_ONCE = 8;

	private static final Duration PATIENCE = Duration.ofSeconds(1);

	private final long maxBytes;

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition known = this.lock.newCondition();

	private final Map<Object, Source> sources = new ConcurrentHashMap<>();

	/** Guarded by the lock. */
	private long bytes;

	/** Leases that have bytes; guarded by the lock. */
	private int holders;

	/**
	 * Create a budget of which nothing is taken.
	 * @param maxBytes the bound in bytes
	 */
	SnapshotBudget(long maxBytes) {
		this.maxBytes = maxBytes;
	}

	/**
	 * Take what the next snapshot of a source will need, before it is made. May wait for
	 * a second if none was made yet.
	 * @param key the source, of which there are few
	 * @return the lease, to be closed; {@code null} if there is no room
	 */
	@Nullable Lease acquire(Object key) {
		Source source = this.sources.computeIfAbsent(key, (ignored) -> new Source());
		this.lock.lock();
		try {
			if (!awaitTurn(source)) {
				return null;
			}
			Lease lease = new Lease(source);
			if (!lease.add(2 * Math.max(0, source.expected))) {
				return null;
			}
			source.running++;
			return lease;
		}
		finally {
			this.lock.unlock();
		}
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
	 * Return how much is in flight.
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
	 * What makes snapshots that are alike. Guarded by the lock.
	 */
	private static final class Source {

		/** Bytes of a snapshot: a mean, negative while none was made. */
		private long expected = -1;

		/** Snapshots that are being made. */
		private int running;

		private void learn(long size) {
			this.expected = (this.expected < 0) ? size : this.expected + (size - this.expected) / 8;
		}

	}

	/**
	 * What one snapshot takes.
	 */
	final class Lease implements AutoCloseable {

		private final Source source;

		/** Guarded by the lock of the budget, as all that follow. */
		private long reserved;

		/** Bytes allocated so far, of what is reserved. */
		private long allocated;

		private boolean made;

		private boolean closed;

		private Lease(Source source) {
			this.source = source;
		}

		/**
		 * Note that bytes are about to be allocated while the snapshot is made.
		 * @param count the number of bytes
		 * @throws SnapshotRefusedException if there is no room for them
		 */
		void allocate(int count) {
			SnapshotBudget.this.lock.lock();
			try {
				long more = this.allocated + count - this.reserved;
				if (more > 0 && !add(more)) {
					throw new SnapshotRefusedException();
				}
				this.allocated += count;
			}
			finally {
				SnapshotBudget.this.lock.unlock();
			}
		}

		/**
		 * Note that the snapshot is made, and waits for its client.
		 * @param size its bytes
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
		 * Give everything back. May be called more than once.
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
