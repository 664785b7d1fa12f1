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

package io.github.springsse.webmvc.transport;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;

/**
 * Limits the streams whose connections count towards the maximum number of connections of
 * the web server, so that some connections are left for ordinary requests. The
 * connections of other streams do not count. Thread-safe. The limit is never exceeded,
 * and each place is released exactly once.
 */
public final class CountedConnections {

	private final int most;

	private final AtomicInteger count = new AtomicInteger();

	/**
	 * Create a limit.
	 * @param most the maximum number of streams with such a connection
	 */
	public CountedConnections(int most) {
		this.most = most;
	}

	/**
	 * Take a place until the stream is closed.
	 * @param exchange the request and response of the stream
	 * @throws StreamRefusedException if no place is free, and the response is not
	 * committed
	 */
	public void take(StreamExchange exchange) {
		if (this.count.incrementAndGet() > this.most && !exchange.isCommitted()) {
			this.count.decrementAndGet();
			throw new StreamRefusedException(RefusalReason.STREAMS,
					this.most + " streams have connections that count towards the limit of the web server");
		}
		exchange.hold(this.count::decrementAndGet);
	}

}
