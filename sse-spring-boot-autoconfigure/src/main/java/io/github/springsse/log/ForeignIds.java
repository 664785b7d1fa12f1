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
 * Logs a warning, once, if clients keep sending ids of another log, which probably
 * belongs to another node with its own in-memory log. Thread-safe, without locks.
 * <p>
 * After a restart of the application, clients also send ids of its previous log. Each
 * client does so once and then has an id of this log. Most do it within seconds. But a
 * computer may sleep for a night or a weekend, and in an application with few users, such
 * clients may be the only ones that reconnect on a day. The condition is therefore: on
 * two full days in a row, not counting the first day, there were many different foreign
 * ids, and more than half as many as ids of this log.
 */
final class ForeignIds {

	private static final Log logger = LogFactory.getLog(ForeignIds.class);

	private static final long DAY = TimeUnit.DAYS.toNanos(1);

	/** The number of ids on a day that is not suspicious yet. */
	private static final int FEW = 20;

	/** A power of two. */
	private static final int REMEMBERED = 1024;

	private final LongSupplier clock;

	private final long start;

	private volatile Day today = new Day(0, false);

	/**
	 * The hash codes of foreign ids. They prevent that an id counts repeatedly if a
	 * client keeps sending it, as a data-only client may.
	 */
	private final AtomicIntegerArray remembered = new AtomicIntegerArray(REMEMBERED);

	private final AtomicBoolean warned = new AtomicBoolean();

	/**
	 * Create a counter that starts now.
	 * @param clock the time, as of {@link System#nanoTime()}
	 */
	ForeignIds(LongSupplier clock) {
		this.clock = clock;
		this.start = clock.getAsLong();
	}

	/**
	 * Count a client that sent an id of this log.
	 */
	void countOwn() {
		today().own.increment();
	}

	/**
	 * Count a client that sent an id of another log.
	 * @param text the id
	 */
	void countForeign(String text) {
		int hash = text.hashCode();
		if (this.remembered.getAndSet(hash & REMEMBERED - 1, hash) != hash) {
			today().foreign.increment();
		}
	}

	/**
	 * Return the current day. NOTE: if several threads start a day at the same time, some
	 * of their ids are not counted.
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
		logger.warn("Within a day, clients sent this node " + day.foreign.sum() + " ids of another event log and "
				+ day.own.sum() + " ids of its own; the day before was similar. "
				+ "Probably another node runs beside this one, and each has its own event log in memory. "
				+ "Events published on one node then never reach the streams of the other, and clients that move between "
				+ "them lose events. Let all nodes share one log: add spring-boot-starter-data-redis and set sse.event-log "
				+ "to redis. If this is the only node, these clients were disconnected since before its start, and "
				+ "no action is needed");
	}

	/**
	 * The counts of one day. Days are numbered from the start.
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
