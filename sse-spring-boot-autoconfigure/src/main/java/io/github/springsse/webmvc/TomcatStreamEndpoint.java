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

import java.util.concurrent.atomic.AtomicInteger;

import org.apache.tomcat.util.net.NioEndpoint;

/**
 * Tomcat's endpoint, for which a connection that was handed over is none of those that
 * {@code maxConnections} limits. Thread-safe.
 * <p>
 * Tomcat counts a connection up before it accepts it, and down when it is closed, by
 * whomever. A connection that is handed over is counted down at that time, which also
 * wakes up Tomcat's thread if it waits for room. So it would be counted down twice: for
 * each there is one call of {@link #ended}, and each of these calls makes up for one
 * count, by leaving out a later one down, or by one more up. The sum is right when a
 * connection is closed and its end was told, in whatever order.
 */
final class TomcatStreamEndpoint extends NioEndpoint {

	/** How many counts down are one too many, or will be. */
	private final AtomicInteger surplus = new AtomicInteger();

	/**
	 * Have a connection not count any more.
	 */
	void handedOver() {
		super.countDownConnection();
	}

	/**
	 * Note that a connection which was handed over is about to be closed, or was. To be
	 * called once for each.
	 */
	void ended() {
		this.surplus.incrementAndGet();
	}

	@Override
	protected long countDownConnection() {
		return takeSurplus() ? getConnectionCount() : super.countDownConnection();
	}

	/**
	 * NOTE: the count of the caller comes first, so that the number is not below zero, of
	 * which Tomcat warns, between what is taken and its count.
	 */
	@Override
	protected void countUpOrAwaitConnection() throws InterruptedException {
		super.countUpOrAwaitConnection();
		while (takeSurplus()) {
			super.countUpOrAwaitConnection();
		}
	}

	private boolean takeSurplus() {
		int current;
		do {
			current = this.surplus.get();
		}
		while (current > 0 && !this.surplus.compareAndSet(current, current - 1));
		return current > 0;
	}

}
