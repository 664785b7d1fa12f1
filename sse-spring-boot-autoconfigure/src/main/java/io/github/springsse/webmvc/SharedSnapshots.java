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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

import io.github.springsse.log.EventId;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.log.LogFormatUtils;

/**
 * The snapshots that several requests share: for each key, one <em>run</em> of the
 * controller method at a time. The first request leads the run. Requests that join it
 * while the method runs are told its result. A result may be kept for later requests, up
 * to an age.
 * <p>
 * <em>Threads:</em> any thread may call any method. Actions of waiting requests run
 * without the lock, on the thread that ends the run, or on their own thread if the run
 * has ended.
 * <p>
 * <em>Invariant:</em> a run is joined only while it is running or kept, and there is at
 * most one such run for each key. A run that takes longer than {@link #PATIENCE} is no
 * longer joined, so that a method that hangs does not block its key. A run ends once:
 * with a result, or without one when the share of its leader is closed. Every share whose
 * action was set, and which is not closed, is told the end exactly once, also if it
 * joined too late to wait. The lease of the result is open until all shares of the run
 * are closed and the run is not kept.
 */
final class SharedSnapshots {

	private static final Log logger = LogFactory.getLog(SharedSnapshots.class);

	/** The maximum duration of a run that is joined. */
	static final Duration PATIENCE = Duration.ofMinutes(1);

	/** The maximum number of results that are kept. */
	static final int MAX_KEPT = 1000;

	private static final int MAX_KEY = 300;

	private final long maxKeptBytes;

	private final LongSupplier clock;

	private final Timer timer;

	private final ReentrantLock lock = new ReentrantLock();

	/** The runs to join, by key; guarded by the lock. */
	private final Map<Object, Run> runs = new HashMap<>();

	/** The runs whose results are kept, the oldest first; guarded by the lock. */
	private final Set<Run> kept = new LinkedHashSet<>();

	/** The size of all kept results; guarded by the lock. */
	private long keptBytes;

	/**
	 * Create an instance without runs.
	 * @param maxKeptBytes the maximum size of all results that are kept
	 * @param clock the clock, such as {@link System#nanoTime()}
	 * @param timer removes kept results in time
	 */
	SharedSnapshots(long maxKeptBytes, LongSupplier clock, Timer timer) {
		this.maxKeptBytes = maxKeptBytes;
		this.clock = clock;
		this.timer = timer;
	}

	/**
	 * Join the run for a key, or begin to lead a new one.
	 * @param key what the snapshot depends on
	 * @param cursor the cursor of a new run
	 * @param maxAge the age, counted from the beginning of a run, up to which its result
	 * is kept; zero to keep none
	 * @param usable whether the events after the cursor of a kept result are still known
	 * @return a share of the run, which the caller must close
	 */
	Share join(Object key, EventId cursor, Duration maxAge, Predicate<EventId> usable) {
		while (true) {
			Share share = enter(key, cursor, maxAge);
			SharedOpening result = share.result();
			if (result == null || usable.test(result.opening().cursor())) {
				return share;
			}
			share.close();
			locked(() -> forget(share.run));
		}
	}

	private Share enter(Object key, EventId cursor, Duration maxAge) {
		this.lock.lock();
		try {
			Run run = this.runs.get(key);
			long now = this.clock.getAsLong();
			if (run != null && now - run.startedAt < run.joinable().toNanos()) {
				return new Share(run, false);
			}
			if (run != null) {
				forget(run);
			}
			Run created = new Run(key, cursor, now, maxAge);
			this.runs.put(key, created);
			return new Share(created, true);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Release all kept results, since their memory is needed.
	 * @return whether there were any
	 */
	boolean releaseKept() {
		this.lock.lock();
		try {
			boolean any = !this.kept.isEmpty();
			List.copyOf(this.kept).forEach(this::forget);
			return any;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Return the number of runs that are joined.
	 */
	int size() {
		this.lock.lock();
		try {
			return this.runs.size();
		}
		finally {
			this.lock.unlock();
		}
	}

	private void locked(Runnable action) {
		this.lock.lock();
		try {
			action.run();
		}
		finally {
			this.lock.unlock();
		}
	}

	// Called under the lock

	private void forget(Run run) {
		this.runs.remove(run.key, run);
		if (this.kept.remove(run)) {
			this.keptBytes -= run.size;
			if (run.expiry != null) {
				run.expiry.run();
				run.expiry = null;
			}
			run.releaseIfUnused();
		}
	}

	/**
	 * Keep the result of a run, if it may be kept and is not too large.
	 */
	private void keep(Run run) {
		long left = run.maxAge.toNanos() - (this.clock.getAsLong() - run.startedAt);
		if (left <= 0 || run.size > this.maxKeptBytes || this.runs.get(run.key) != run) {
			this.runs.remove(run.key, run);
			return;
		}
		while (this.kept.size() >= MAX_KEPT || this.keptBytes + run.size > this.maxKeptBytes) {
			forget(this.kept.iterator().next());
		}
		this.kept.add(run);
		this.keptBytes += run.size;
		run.expiry = this.timer.start(Duration.ofNanos(left), () -> locked(() -> forget(run)));
	}

	/**
	 * Starts actions after a delay.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Run an action later, on another thread.
		 * @param delay the delay
		 * @param action the action, which does not block
		 * @return cancels the action
		 */
		Runnable start(Duration delay, Runnable action);

	}

	/**
	 * A run of a method. All fields that change are guarded by the lock.
	 */
	private final class Run {

		private final Object key;

		private final EventId cursor;

		private final long startedAt;

		private final Duration maxAge;

		private boolean ended;

		/** Set at the end, unless the run has failed. */
		private @Nullable SharedOpening result;

		private long size;

		/** The memory of the result. */
		private SnapshotBudget.@Nullable Lease lease;

		/** The number of shares that are not closed. */
		private int shares;

		/** The shares that wait for the end. */
		private final Set<Share> waiting = new LinkedHashSet<>();

		/** Cancels the removal of the result, if it is kept. */
		private @Nullable Runnable expiry;

		private Run(Object key, EventId cursor, long startedAt, Duration maxAge) {
			this.key = key;
			this.cursor = cursor;
			this.startedAt = startedAt;
			this.maxAge = maxAge;
		}

		/**
		 * Return the time after its beginning during which this run is joined.
		 */
		private Duration joinable() {
			return this.ended ? this.maxAge : PATIENCE;
		}

		/**
		 * End this run.
		 * @return the actions to run without the lock
		 */
		private List<Consumer<@Nullable SharedOpening>> end(@Nullable SharedOpening result) {
			this.ended = true;
			this.result = result;
			if (result != null) {
				this.size = result.opening().size();
				keep(this);
			}
			else {
				SharedSnapshots.this.runs.remove(this.key, this);
			}
			List<Consumer<@Nullable SharedOpening>> actions = new ArrayList<>(this.waiting.size());
			for (Share share : this.waiting) {
				actions.add(share.takeAction());
			}
			this.waiting.clear();
			return actions;
		}

		/**
		 * NOTE: values of requests may contain any characters.
		 */
		@Override
		public String toString() {
			return LogFormatUtils.formatValue(this.key, MAX_KEY, true);
		}

		private void releaseIfUnused() {
			if (this.ended && this.shares == 0 && !SharedSnapshots.this.kept.contains(this)) {
				this.result = null;
				if (this.lease != null) {
					this.lease.close();
				}
			}
		}

	}

	/**
	 * The share of one request in a run.
	 */
	final class Share implements AutoCloseable {

		private final Run run;

		private final boolean leads;

		/** Guarded by the lock, as are all fields below. */
		private @Nullable Consumer<@Nullable SharedOpening> action;

		private boolean closed;

		private Share(Run run, boolean leads) {
			this.run = run;
			this.leads = leads;
			run.shares++;
		}

		/**
		 * Whether the request has to run the method, and to report the result.
		 */
		boolean leads() {
			return this.leads;
		}

		/**
		 * Return the cursor of the run, after which nothing is missed.
		 */
		EventId cursor() {
			return this.run.cursor;
		}

		/**
		 * Return the result, {@code null} if there is none yet or the run has failed.
		 */
		@Nullable SharedOpening result() {
			SharedSnapshots.this.lock.lock();
			try {
				return this.closed ? null : this.run.result;
			}
			finally {
				SharedSnapshots.this.lock.unlock();
			}
		}

		/**
		 * Hold the memory of the result until nobody needs it. Called by the leader,
		 * before the end of the run.
		 */
		void hold(SnapshotBudget.Lease lease) {
			SharedSnapshots.this.lock.lock();
			try {
				this.run.lease = lease;
				if (this.closed) {
					this.run.releaseIfUnused();
				}
			}
			finally {
				SharedSnapshots.this.lock.unlock();
			}
		}

		/**
		 * End the run with a result. Called by the leader.
		 */
		void made(SharedOpening result) {
			List<Consumer<@Nullable SharedOpening>> actions = List.of();
			SharedSnapshots.this.lock.lock();
			try {
				if (!this.run.ended) {
					actions = this.run.end(result);
				}
			}
			finally {
				SharedSnapshots.this.lock.unlock();
			}
			tell(actions, result);
		}

		/**
		 * Run an action at the end of the run, with the result, or with {@code null} if
		 * there is none. The action does not run after this share is closed.
		 */
		void whenEnded(Consumer<@Nullable SharedOpening> action) {
			SharedOpening result;
			SharedSnapshots.this.lock.lock();
			try {
				if (this.closed) {
					return;
				}
				if (!this.run.ended) {
					this.action = action;
					this.run.waiting.add(this);
					return;
				}
				result = this.run.result;
			}
			finally {
				SharedSnapshots.this.lock.unlock();
			}
			action.accept(result);
		}

		private Consumer<@Nullable SharedOpening> takeAction() {
			Consumer<@Nullable SharedOpening> result = this.action;
			this.action = null;
			return (result != null) ? result : (ignored) -> {
			};
		}

		/**
		 * Give up this share: its stream has received the result, or will not. If the
		 * request leads the run and has reported no result, the run has failed. May be
		 * called more than once.
		 */
		@Override
		public void close() {
			List<Consumer<@Nullable SharedOpening>> actions = List.of();
			SharedSnapshots.this.lock.lock();
			try {
				if (this.closed) {
					return;
				}
				this.closed = true;
				this.action = null;
				this.run.waiting.remove(this);
				this.run.shares--;
				if (this.leads && !this.run.ended) {
					actions = this.run.end(null);
				}
				this.run.releaseIfUnused();
			}
			finally {
				SharedSnapshots.this.lock.unlock();
			}
			if (!actions.isEmpty()) {
				logger.warn("Streams that waited for the shared snapshot of " + this.run + ", which was not created: "
						+ actions.size() + ". Their clients are told to reconnect");
				tell(actions, null);
			}
		}

		/**
		 * NOTE: if one stream fails, the others must still be told.
		 */
		private void tell(List<Consumer<@Nullable SharedOpening>> actions, @Nullable SharedOpening result) {
			Set<String> logged = new HashSet<>();
			for (Consumer<@Nullable SharedOpening> action : actions) {
				try {
					action.accept(result);
				}
				catch (RuntimeException | Error ex) {
					if (logged.add(ex.getClass().getName())) {
						logger.error("A stream that waited for the shared snapshot of " + this.run
								+ " could not be continued", ex);
					}
				}
			}
		}

	}

}
