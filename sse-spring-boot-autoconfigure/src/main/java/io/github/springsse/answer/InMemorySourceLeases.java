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

import io.github.springsse.EventId;
import io.github.springsse.EventLog;
import io.github.springsse.LeaseLostException;
import io.github.springsse.LogEntry;
import io.github.springsse.SourceLeases;
import io.github.springsse.Topic;
import org.jspecify.annotations.Nullable;

/**
 * The leases of a log that one node has for itself. They are lost with the node, so that
 * nothing has to be ended in place of a source.
 * <p>
 * <em>Invariant:</em> a topic has one lease at a time, which alone can append.
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
		InMemoryLease lease = new InMemoryLease(topic, this.log.head());
		return (this.leases.putIfAbsent(topic, lease) == null) ? lease : null;
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

		private final EventId since;

		private InMemoryLease(Topic topic, EventId since) {
			this.topic = topic;
			this.since = since;
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
			return InMemorySourceLeases.this.log.append(entry);
		}

		@Override
		public void close() {
			InMemorySourceLeases.this.leases.remove(this.topic, this);
		}

	}

}
