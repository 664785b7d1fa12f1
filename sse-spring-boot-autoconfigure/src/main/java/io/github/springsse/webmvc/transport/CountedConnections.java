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
 * Streams whose connections count for those that the web server takes, where those of
 * other streams do not: they are to leave some for ordinary requests. Thread-safe. There
 * are never more than may be, and a place is given back once.
 */
public final class CountedConnections {

	private final int most;

	private final AtomicInteger count = new AtomicInteger();

	/**
	 * Create places.
	 * @param most number of streams that may have such a connection
	 */
	public CountedConnections(int most) {
		this.most = most;
	}

	/**
	 * Take a place until the stream is closed.
	 * @param exchange to become a stream
	 * @throws StreamRefusedException if there is none, and the response can still say so
	 */
	public void take(StreamExchange exchange) {
		if (this.count.incrementAndGet() > this.most && !exchange.isCommitted()) {
			this.count.decrementAndGet();
			throw new StreamRefusedException(RefusalReason.STREAMS,
					this.most + " streams have connections that count for those of the web server");
		}
		exchange.hold(this.count::decrementAndGet);
	}

}
