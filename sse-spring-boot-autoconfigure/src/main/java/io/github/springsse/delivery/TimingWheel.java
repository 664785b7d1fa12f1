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

package io.github.springsse.delivery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * A hashed timing wheel: a table of timers by the tick at which they are due, so that
 * setting, moving and cancelling a timer take constant time. A timer fires in the first
 * call of {@link #advance} at or after the tick that follows its due time, never earlier.
 * Owned by one thread.
 *
 * @param <T> the type of the values of timers
 */
final class TimingWheel<T> {

	private static final int SLOTS = 512;

	private final Timer<?>[] slots = new Timer<?>[SLOTS];

	private final long tickNanos;

	private final List<Timer<T>> due = new ArrayList<>();

	private long tick;

	private int size;

	TimingWheel(long tickNanos, long now) {
		this.tickNanos = tickNanos;
		this.tick = Math.floorDiv(now, tickNanos);
	}

	/**
	 * Set a timer, or move it if it is set.
	 */
	void set(Timer<T> timer, long due) {
		cancel(timer);
		timer.due = due;
		timer.slot = slotOf(Math.max(Math.floorDiv(due, this.tickNanos) + 1, this.tick + 1));
		Timer<T> first = first(timer.slot);
		timer.next = first;
		if (first != null) {
			first.previous = timer;
		}
		this.slots[timer.slot] = timer;
		this.size++;
	}

	void cancel(Timer<T> timer) {
		if (timer.slot == Timer.UNSET) {
			return;
		}
		Timer<T> next = timer.next;
		Timer<T> previous = timer.previous;
		if (next != null) {
			next.previous = previous;
		}
		if (previous != null) {
			previous.next = next;
		}
		else {
			this.slots[timer.slot] = next;
		}
		timer.next = null;
		timer.previous = null;
		timer.slot = Timer.UNSET;
		this.size--;
	}

	/**
	 * Fire the timers that are due. A timer that fires is no longer set, and may be set
	 * again.
	 */
	void advance(long now, Consumer<T> action) {
		long current = Math.floorDiv(now, this.tickNanos);
		long from = Math.max(this.tick + 1, current - SLOTS + 1);
		this.tick = Math.max(this.tick, current);
		for (long t = from; t <= current; t++) {
			for (Timer<T> timer = first(slotOf(t)); timer != null; timer = timer.next) {
				if (timer.due - now <= 0) {
					this.due.add(timer);
				}
			}
		}
		// NOTE: the action may set and cancel timers, so the slots must not be traversed
		// meanwhile
		this.due.forEach(this::cancel);
		this.due.forEach((timer) -> action.accept(timer.value));
		this.due.clear();
	}

	/**
	 * Return the time until a timer may be due.
	 * @return nanoseconds to the next tick, or {@code Long.MAX_VALUE} if no timer is set
	 */
	long untilNextTick(long now) {
		return (this.size > 0) ? Math.max(1, (this.tick + 1) * this.tickNanos - now) : Long.MAX_VALUE;
	}

	int size() {
		return this.size;
	}

	private static int slotOf(long tick) {
		return (int) Math.floorMod(tick, (long) SLOTS);
	}

	@SuppressWarnings("unchecked")
	private @Nullable Timer<T> first(int slot) {
		return (Timer<T>) this.slots[slot];
	}

	/**
	 * A timer that can be set on a wheel.
	 *
	 * @param <T> the type of the value
	 */
	static final class Timer<T> {

		private static final int UNSET = -1;

		private final T value;

		private @Nullable Timer<T> next;

		private @Nullable Timer<T> previous;

		private int slot = UNSET;

		private long due;

		Timer(T value) {
			this.value = value;
		}

	}

}
