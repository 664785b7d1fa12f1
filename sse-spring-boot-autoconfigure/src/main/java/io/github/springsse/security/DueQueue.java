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

package io.github.springsse.security;

import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A queue of items that become due at a time. Each item has at most one time, and only
 * one thread gets it. Thread-safe.
 *
 * @param <T> the type of the items, which are compared by identity
 */
final class DueQueue<T> {

	private final Lock lock = new ReentrantLock();

	/** Guarded by the lock, like the next fields. */
	private final TreeSet<Entry<T>> entries = new TreeSet<>(
			Comparator.comparingLong((Entry<T> entry) -> entry.time()).thenComparingLong(Entry::sequence));

	private final Map<T, Entry<T>> byItem = new IdentityHashMap<>();

	private long sequence;

	/**
	 * Set the time of an item, and replace an earlier time of it.
	 */
	void set(T item, long time) {
		this.lock.lock();
		try {
			Entry<T> entry = new Entry<>(item, time, this.sequence++);
			Entry<T> before = this.byItem.put(item, entry);
			if (before != null) {
				this.entries.remove(before);
			}
			this.entries.add(entry);
		}
		finally {
			this.lock.unlock();
		}
	}

	void remove(T item) {
		this.lock.lock();
		try {
			Entry<T> entry = this.byItem.remove(item);
			if (entry != null) {
				this.entries.remove(entry);
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Remove and return an item that is due.
	 * @return the item, or {@code null} if there is none
	 */
	@Nullable T poll(long now) {
		this.lock.lock();
		try {
			if (!isDue(now)) {
				return null;
			}
			T item = this.entries.pollFirst().item();
			this.byItem.remove(item);
			return item;
		}
		finally {
			this.lock.unlock();
		}
	}

	boolean isDue(long now) {
		this.lock.lock();
		try {
			return !this.entries.isEmpty() && this.entries.first().time() <= now;
		}
		finally {
			this.lock.unlock();
		}
	}

	int size() {
		this.lock.lock();
		try {
			return this.entries.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	private record Entry<T>(T item, long time, long sequence) {

	}

}
