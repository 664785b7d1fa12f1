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

package io.github.springsse.log;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Warns, once, where clients keep coming back with ids that another log has given: that
 * of a node beside this one, probably. Thread-safe, without locks.
 * <p>
 * Clients also come back with ids of the log that this application had before it was
 * restarted. Each does so once, and has an id of this log from then on. Most do it within
 * seconds; but a computer may sleep for a night or a weekend, and where few use an
 * application, those that wake up may be all who come back in a day. So what counts is
 * that on two whole days in a row, after the first one, many different ids of others
 * came, and half as many as ids of this log.
 */
final class ForeignIds {

	private static final Log logger = LogFactory.getLog(ForeignIds.class);

	private static final long DAY = TimeUnit.DAYS.toNanos(1);

	/** So many on a day mean nothing. */
	private static final int FEW = 20;

	/** A power of two. */
	private static final int REMEMBERED = 1024;

	private final LongSupplier clock;

	private final long start;

	private volatile Day today = new Day(0, false);

	/**
	 * The hash codes of ids of others, so that one counts once that a client brings again
	 * and again, as one that gets data alone may.
	 */
	private final AtomicIntegerArray remembered = new AtomicIntegerArray(REMEMBERED);

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create a count that begins now.
	 * @param clock the time, as {@link System#nanoTime()} gives it
	 */
	ForeignIds(LongSupplier clock) {
		this.clock = clock;
		this.start = clock.getAsLong();
	}

	/**
	 * Note that a client has come back with an id of this log.
	 */
	void countOwn() {
		today().own.increment();
	}

	/**
	 * Note that a client has come back with an id of another log.
	 * @param text the id
	 */
	void countForeign(String text) {
		int hash = text.hashCode();
		if (this.remembered.getAndSet(hash & REMEMBERED - 1, hash) != hash) {
			today().foreign.increment();
		}
	}

	/**
	 * NOTE: where threads begin a day at the same time, some of their ids are not
	 * counted.
	 */
	private Day today() {
		long number = (this.clock.getAsLong() - this.start) / DAY;
		Day day = this.today;
		if (number <= day.number) {
			return day;
		}
		boolean suspicious = day.isSuspicious();
		Day next = new Day(number, suspicious && day.number == number - 1);
		this.today = next;
		if (suspicious && day.afterSuspicious && this.warned.compareAndSet(false, true)) {
			warn(day);
		}
		return next;
	}

	private static void warn(Day day) {
		logger.warn("Within a day, clients came back to this node with " + day.foreign.sum()
				+ " ids that another event " + "log has given, and " + day.own.sum()
				+ " times with one of its own, and the day before was alike. "
				+ "Probably another node runs beside this one, and each has an event log of its own, in memory: then "
				+ "what is published on one never reaches the streams of the other, and clients that move between "
				+ "them lose events. Let all nodes share one log: add spring-boot-starter-data-redis, and set sse.event-log "
				+ "to redis. If this is the only node, these clients were away since before it was started, and there "
				+ "is nothing to do");
	}

	/**
	 * The ids of a day, counted from the start.
	 */
	private static final class Day {

		private final long number;

		private final boolean afterSuspicious;

		private final LongAdder own = new LongAdder();

		private final LongAdder foreign = new LongAdder();

		Day(long number, boolean afterSuspicious) {
			this.number = number;
			this.afterSuspicious = afterSuspicious;
		}

		boolean isSuspicious() {
			long count = this.foreign.sum();
			return this.number > 0 && count > FEW && 2 * count > this.own.sum();
		}

	}

}
