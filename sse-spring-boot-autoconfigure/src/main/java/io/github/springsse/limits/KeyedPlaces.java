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
 * moments, and only where a stream is opened or closed.
 * <p>
 * <em>Invariants,</em> at every moment at which no thread has the lock:
 * <ul>
 * <li>the count of a key is the number of places that were taken for it, and neither
 * released nor replaced;
 * <li>no count is more than the limit of its key;
 * <li>there is a key only where its count is 1 or more, so that nothing is kept of those
 * who have no stream;
 * <li>a place that is refused for one of its keys has taken nothing of the others, and
 * replaced nothing.
 * </ul>
 * <p>
 * Two clients that replace each other for ever are slowed down: one that is replaced soon
 * after the last one of its key is told to wait twice as long, up to five minutes.
 */
final class KeyedPlaces {

	private static final long SHORTEST_DELAY = TimeUnit.SECONDS.toNanos(1);

	static final long LONGEST_DELAY = TimeUnit.MINUTES.toNanos(5);

	private final Lock lock = new ReentrantLock();

	/** Guarded by the lock, as all that is in it. */
	private final Map<Key, Holders> holders = new HashMap<>();

	private final long firstDelay;

	private final LongSupplier clock;

	/**
	 * Create places of which none is taken.
	 * @param retry the time that clients are told to wait before they reconnect
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	KeyedPlaces(Duration retry, LongSupplier clock) {
		this.firstDelay = Math.max(SHORTEST_DELAY, Math.min(LONGEST_DELAY, retry.toNanos()));
		this.clock = clock;
	}

	/**
	 * Take a place, for all keys or for none.
	 * @param claims the keys, and how many places each may have
	 * @param occupant what has the place, if it can be replaced
	 * @param opening asked whether there may be another stream now, once it is known that
	 * there is room for it
	 * @return the place
	 * @throws StreamRefusedException if there is no room for it
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
	 * How long the client of a key that is replaced is to wait.
	 */
	private Duration delay(Holders full) {
		long now = this.clock.getAsLong();
		boolean soon = full.delay > 0 && now - full.replacedAt <= 2 * full.delay;
		full.delay = soon ? Math.min(LONGEST_DELAY, 2 * full.delay) : this.firstDelay;
		full.replacedAt = now;
		return Duration.ofNanos(full.delay / 2 + ThreadLocalRandom.current().nextLong(full.delay / 2 + 1));
	}

	/**
	 * Note that a key has another name, such as a session whose id was changed. Where the
	 * new one has places already, those of the old one do not count any more.
	 * @param before the key
	 * @param after the key of the same client from now on
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
	 * Return of how many keys there are places.
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
	 * Return how many places a key has.
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
	 * Whom places are counted for.
	 *
	 * @param kind what kind of limit it is
	 * @param value the user, the id of the session, or the address
	 */
	record Key(RefusalReason kind, String value) {

	}

	/**
	 * A key, and how many places it may have.
	 *
	 * @param key the key
	 * @param limit the number of places, 1 or more
	 */
	record Claim(Key key, int limit) {

		/**
		 * NOTE: the id of a session is a secret.
		 */
		private @Nullable String describe() {
			return (this.key.kind() != RefusalReason.SESSION) ? this.key.value() : null;
		}

	}

	/**
	 * What can be replaced.
	 */
	@FunctionalInterface
	interface Occupant {

		/**
		 * Give way to another one. Called without a lock.
		 * @param kind of what there are too many
		 * @param delay how long the client is to stay away
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

		/** Those that can be replaced; {@code null} if nothing is. */
		private @Nullable Set<Place> oldestFirst;

		/** What was said last to one that was replaced, or 0. */
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
	 * What a stream holds.
	 */
	final class Place {

		private final @Nullable Occupant occupant;

		private final Holders[] of;

		/** Whether it was released or replaced; guarded by the lock. */
		private boolean gone;

		private Place(@Nullable Occupant occupant, int keys) {
			this.occupant = occupant;
			this.of = new Holders[keys];
		}

		/**
		 * Give the place back. May be called more than once.
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
