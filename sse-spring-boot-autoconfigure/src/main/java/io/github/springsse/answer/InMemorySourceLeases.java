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

package io.github.springsse.answer;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LeaseLostException;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a log that belongs to a single node. They disappear with the node, so no
 * other node has to end topics.
 * <p>
 * <em>Invariant:</em> a topic has at most one lease, and only its holder can append. The
 * lease is gone when others can read the end of the topic: a request for the lease waits
 * while the end is being appended.
 */
public final class InMemorySourceLeases implements SourceLeases {

	private final EventLog log;

	private final Map<Topic, InMemoryLease> leases = new ConcurrentHashMap<>();

	/**
	 * Create leases.
	 * @param log the log
	 */
	public InMemorySourceLeases(EventLog log) {
		this.log = log;
	}

	@Override
	public @Nullable Lease acquire(Topic topic, Claim claim) {
		InMemoryLease lease = new InMemoryLease(topic);
		InMemoryLease other = this.leases.putIfAbsent(topic, lease);
		while (other != null) {
			if (!other.awaitEnd()) {
				return null;
			}
			other = this.leases.putIfAbsent(topic, lease);
		}
		lease.since = this.log.head();
		return lease;
	}

	@Override
	public boolean isLeased(Topic topic) {
		return this.leases.containsKey(topic);
	}

	@Override
	public void setEnding(Ending ending) {
	}

	private final class InMemoryLease implements Lease {

		private final Topic topic;

		/** Held while the end is appended. */
		private final ReentrantLock lock = new ReentrantLock();

		private volatile boolean ending;

		/** Written before others can see this lease. */
		private EventId since = EventId.MIN;

		private InMemoryLease(Topic topic) {
			this.topic = topic;
		}

		/**
		 * Wait for the end of the topic if it is being appended.
		 * @return {@code false} if it is not being appended
		 */
		private boolean awaitEnd() {
			if (!this.ending || this.lock.isHeldByCurrentThread()) {
				return false;
			}
			this.lock.lock();
			try {
				return !this.ending;
			}
			finally {
				this.lock.unlock();
			}
		}

		@Override
		public EventId since() {
			return this.since;
		}

		@Override
		public @Nullable EventId append(LogEntry entry) {
			if (InMemorySourceLeases.this.leases.get(this.topic) != this) {
				throw new LeaseLostException(this.topic);
			}
			return (entry.kind() == LogEntry.Kind.END) ? appendEnd(entry) : InMemorySourceLeases.this.log.append(entry);
		}

		private @Nullable EventId appendEnd(LogEntry entry) {
			this.lock.lock();
			try {
				this.ending = true;
				EventId id = InMemorySourceLeases.this.log.append(entry);
				close();
				return id;
			}
			finally {
				this.ending = false;
				this.lock.unlock();
			}
		}

		@Override
		public boolean hasRoom() {
			return InMemorySourceLeases.this.log.hasRoom();
		}

		@Override
		public void close() {
			InMemorySourceLeases.this.leases.remove(this.topic, this);
		}

	}

}
