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

package io.github.springsse.limits;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import org.jspecify.annotations.Nullable;

/**
 * Counts the streams of each user, session and address. Thread-safe; the lock is held for
 * moments, and only when a stream is opened or closed.
 * <p>
 * <em>Invariants,</em> whenever no thread holds the lock:
 * <ul>
 * <li>the count of a key is the number of its places that were taken and neither released
 * nor replaced;
 * <li>no count exceeds the limit of its key;
 * <li>a key exists only while its count is 1 or more, so clients without a stream use no
 * memory;
 * <li>a place that is refused because of one key has taken no place of the other keys and
 * replaced no stream.
 * </ul>
 * <p>
 * Two clients that keep replacing each other are slowed down: if a stream is replaced
 * soon after the previous one of its key, its client receives twice the reconnect delay,
 * up to five minutes.
 */
final class KeyedPlaces {

	private static final long SHORTEST_DELAY = TimeUnit.SECONDS.toNanos(1);

	static final long LONGEST_DELAY = TimeUnit.MINUTES.toNanos(5);

	private final Lock lock = new ReentrantLock();

	/** Guarded by the lock, including the contents. */
	private final Map<Key, Holders> holders = new HashMap<>();

	private final long firstDelay;

	private final LongSupplier clock;

	/**
	 * Create an instance without taken places.
	 * @param retry the basic reconnect delay of clients
	 * @param clock the time, as of {@link System#nanoTime()}
	 */
	KeyedPlaces(Duration retry, LongSupplier clock) {
		this.firstDelay = Math.max(SHORTEST_DELAY, Math.min(LONGEST_DELAY, retry.toNanos()));
		this.clock = clock;
	}

	/**
	 * Take a place for all keys or for none.
	 * @param claims the keys and their limits
	 * @param occupant the owner of the place if it can be replaced, otherwise
	 * {@code null}
	 * @param opening called when there is room for the stream; returns whether another
	 * stream may be opened now
	 * @return the place
	 * @throws StreamRefusedException if there is no room
	 */
	Place take(List<Claim> claims, @Nullable Occupant occupant, BooleanSupplier opening) {
		List<Replacement> replacements = new ArrayList<>(0);
		Place place = new Place(occupant, claims.size());
		this.lock.lock();
		try {
			for (Claim claim : claims) {
				checkRoom(claim, occupant != null);
			}
			if (!opening.getAsBoolean()) {
				throw new StreamRefusedException(RefusalReason.OPENINGS);
			}
			for (Claim claim : claims) {
				Holders full = isFull(claim) ? this.holders.get(claim.key()) : null;
				if (full != null && full.oldestFirst != null) {
					Place oldest = full.oldestFirst.iterator().next();
					remove(oldest);
					replacements.add(new Replacement(oldest, claim.key().kind(), delay(full)));
				}
			}
			for (int i = 0; i < claims.size(); i++) {
				Holders of = this.holders.computeIfAbsent(claims.get(i).key(), Holders::new);
				of.add(place);
				place.of[i] = of;
			}
			replacements.forEach((replacement) -> forgetEmpty(replacement.place));
		}
		finally {
			this.lock.unlock();
		}
		replacements.forEach(Replacement::tell);
		return place;
	}

	private void checkRoom(Claim claim, boolean replace) {
		if (isFull(claim)) {
			Holders full = this.holders.get(claim.key());
			if (!replace || claim.key().kind() == RefusalReason.ADDRESS || full == null || full.oldestFirst == null) {
				throw new StreamRefusedException(claim.key().kind(), claim.describe());
			}
		}
	}

	private boolean isFull(Claim claim) {
		Holders present = this.holders.get(claim.key());
		return present != null && present.count >= claim.limit();
	}

	/**
	 * Return the reconnect delay of a replaced client.
	 */
	private Duration delay(Holders full) {
		long now = this.clock.getAsLong();
		boolean soon = full.delay > 0 && now - full.replacedAt <= 2 * full.delay;
		full.delay = soon ? Math.min(LONGEST_DELAY, 2 * full.delay) : this.firstDelay;
		full.replacedAt = now;
		return Duration.ofNanos(full.delay / 2 + ThreadLocalRandom.current().nextLong(full.delay / 2 + 1));
	}

	/**
	 * Rename a key, for example if the id of a session changed. If the new key already
	 * has places, the places of the old key no longer count.
	 * @param before the key
	 * @param after the new key of the same client
	 */
	void rename(Key before, Key after) {
		this.lock.lock();
		try {
			Holders renamed = this.holders.remove(before);
			if (renamed != null && this.holders.putIfAbsent(after, renamed) == null) {
				renamed.key = after;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the number of keys with places.
	 * @return the number of keys
	 */
	int size() {
		this.lock.lock();
		try {
			return this.holders.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the number of places of a key.
	 * @param key the key
	 * @return the number of places
	 */
	int count(Key key) {
		this.lock.lock();
		try {
			Holders present = this.holders.get(key);
			return (present != null) ? present.count : 0;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void remove(Place place) {
		if (!place.gone) {
			place.gone = true;
			for (Holders of : place.of) {
				of.remove(place);
			}
		}
	}

	private void forgetEmpty(Place place) {
		for (Holders of : place.of) {
			if (of.count == 0) {
				this.holders.remove(of.key, of);
			}
		}
	}

	/**
	 * Identifies a client for counting.
	 *
	 * @param kind the kind of limit
	 * @param value the user, the session id, or the address
	 */
	record Key(RefusalReason kind, String value) {

	}

	/**
	 * A key and its limit.
	 *
	 * @param key the key
	 * @param limit the number of places, at least 1
	 */
	record Claim(Key key, int limit) {

		/**
		 * NOTE: a session id is a secret.
		 */
		private @Nullable String describe() {
			return (this.key.kind() != RefusalReason.SESSION) ? this.key.value() : null;
		}

	}

	/**
	 * The owner of a place that can be replaced.
	 */
	@FunctionalInterface
	interface Occupant {

		/**
		 * Make room for another stream. Called without a lock.
		 * @param kind the limit that was reached
		 * @param delay the reconnect delay of the client
		 */
		void replace(RefusalReason kind, Duration delay);

	}

	private record Replacement(Place place, RefusalReason kind, Duration delay) {

		void tell() {
			if (this.place.occupant != null) {
				this.place.occupant.replace(this.kind, this.delay);
			}
		}

	}

	/**
	 * The places of one key. Guarded by the lock.
	 */
	private static final class Holders {

		private Key key;

		private int count;

		/** The replaceable places, oldest first; {@code null} if there are none. */
		private @Nullable Set<Place> oldestFirst;

		/** The reconnect delay of the last replaced client, or 0. */
		private long delay;

		private long replacedAt;

		private Holders(Key key) {
			this.key = key;
		}

		private void add(Place place) {
			this.count++;
			if (place.occupant != null) {
				this.oldestFirst = (this.oldestFirst != null) ? this.oldestFirst : new LinkedHashSet<>(4);
				this.oldestFirst.add(place);
			}
		}

		private void remove(Place place) {
			this.count--;
			if (this.oldestFirst != null) {
				this.oldestFirst.remove(place);
			}
		}

	}

	/**
	 * The place of one stream.
	 */
	final class Place {

		private final @Nullable Occupant occupant;

		private final Holders[] of;

		/** Whether the place was released or replaced; guarded by the lock. */
		private boolean gone;

		private Place(@Nullable Occupant occupant, int keys) {
			this.occupant = occupant;
			this.of = new Holders[keys];
		}

		/**
		 * Release the place. May be called more than once.
		 */
		void release() {
			KeyedPlaces.this.lock.lock();
			try {
				if (!this.gone) {
					remove(this);
					forgetEmpty(this);
				}
			}
			finally {
				KeyedPlaces.this.lock.unlock();
			}
		}

	}

}
