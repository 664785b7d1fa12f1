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

import io.github.springsse.EventId;
import io.github.springsse.OverflowPolicy;
import io.github.springsse.history.StoredEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Puts an event into the queue of a stream. If it does not fit, the policy of its topic
 * says what happens.
 */
final class Offering {

	private static final Log logger = LogFactory.getLog(Offering.class);

	private final DeliveryStatistics statistics;

	Offering(DeliveryStatistics statistics) {
		this.statistics = statistics;
	}

	/**
	 * Offer an event to a stream that is not behind.
	 * @param before the event before it, which is the last one that the stream may have
	 * where it falls behind
	 */
	Outcome offer(Delivering delivering, StoredEvent event, EventId before) {
		if (!delivering.ready && event.overflow() == OverflowPolicy.LATEST) {
			return fallBehind(delivering, before);
		}
		if (delivering.queue(event)) {
			return Outcome.QUEUED;
		}
		return switch (event.overflow()) {
			case RESUME, LATEST -> fallBehind(delivering, before);
			case DROP_OLDEST -> dropOldest(delivering, event, before);
			// one that has not begun would come back to the same end
			case DISCONNECT -> delivering.beginning ? fallBehind(delivering, before) : refuse();
		};
	}

	private Outcome dropOldest(Delivering delivering, StoredEvent event, EventId before) {
		DropOldest.Outcome outcome = DropOldest.makeRoom(delivering.queue, event, !delivering.stream.isDataOnly(),
				delivering.stream::format);
		this.statistics.dropped.add(outcome.events());
		this.statistics.gaps.add(outcome.gaps());
		if (outcome.gaps() > 0 && logger.isDebugEnabled()) {
			logger.debug("Told " + delivering.stream + " of a gap (overflow), since an event did not fit on '"
					+ event.topic() + "'");
		}
		return delivering.queue(event) ? Outcome.QUEUED : fallBehind(delivering, before);
	}

	private static Outcome fallBehind(Delivering delivering, EventId before) {
		delivering.fallBehind(before);
		return Outcome.BEHIND;
	}

	private Outcome refuse() {
		this.statistics.dropped.increment();
		return Outcome.TOO_MUCH;
	}

	/**
	 * What has become of an event.
	 */
	enum Outcome {

		/** It is in the queue. */
		QUEUED,

		/** It will be taken from the history, as all that follow. */
		BEHIND,

		/** It is lost to this stream, which must be closed. */
		TOO_MUCH

	}

}
