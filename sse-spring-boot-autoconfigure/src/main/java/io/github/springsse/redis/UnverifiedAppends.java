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
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * Entries that this node has appended and Redis has acknowledged, but that must still be
 * verified: a server that takes over may lack the last of them. If there are few entries,
 * all are verified. If there are many, only the last entry before each pause is verified,
 * because no server is replaced or restarted between two acknowledgements in quick
 * succession. Thread-safe.
 */
final class UnverifiedAppends {

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(50);

	private static final int FEW = 32;

	private static final int MAX = 64;

	private final ReentrantLock lock = new ReentrantLock();

	private final List<EventId> suspects = new ArrayList<>();

	private @Nullable EventId last;

	private long lastAt;

	void add(EventId id, long now) {
		this.lock.lock();
		try {
			if (this.last != null && (now - this.lastAt > PAUSE || this.suspects.size() < FEW)) {
				if (this.suspects.size() == MAX) {
					this.suspects.remove(1);
				}
				this.suspects.add(this.last);
			}
			if (this.last == null || id.isAfter(this.last)) {
				this.last = id;
			}
			this.lastAt = now;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the entries to verify.
	 */
	List<EventId> toCheck() {
		this.lock.lock();
		try {
			List<EventId> result = new ArrayList<>(this.suspects);
			if (this.last != null) {
				result.add(this.last);
			}
			return result;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Record that entries are present, or that their loss is known.
	 */
	void checked(Collection<EventId> ids, boolean present) {
		this.lock.lock();
		try {
			this.suspects.removeAll(ids);
			if (!present && this.last != null && ids.contains(this.last)) {
				this.last = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
