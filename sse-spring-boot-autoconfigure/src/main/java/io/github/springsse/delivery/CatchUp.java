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

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.springsse.EventId;
import io.github.springsse.history.Gap;
import io.github.springsse.history.Missed;
import io.github.springsse.history.StoredEvent;
import io.github.springsse.history.TopicHistories;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Fills the queue of a stream that is behind with what it has missed. Owned by one
 * thread.
 */
final class CatchUp {

	/**
	 * What came of it.
	 */
	enum Outcome {

		/** There is nothing more that was missed. */
		COMPLETE,

		/** There is more, for which there was no room. */
		PARTIAL,

		/** Events are gone, and the client is to begin again with a snapshot. */
		SNAPSHOT_NEEDED

	}

	private static final Log logger = LogFactory.getLog(CatchUp.class);

	private final TopicHistories histories;

	private final DeliveryStatistics statistics;

	/** How many events to take at once. */
	private final int maxEvents;

	private int looks;

	CatchUp(TopicHistories histories, DeliveryStatistics statistics, int maxEvents) {
		this.histories = histories;
		this.statistics = statistics;
		this.maxEvents = maxEvents;
	}

	/**
	 * Take what a stream has missed from the history, as much as its queue may hold.
	 * @param delivering the stream
	 * @param position the last event that it may have missed
	 * @return whether that is all
	 */
	Outcome fill(Delivering delivering, EventId position) {
		this.looks = 0;
		// NOTE: a client may have seen more than this shard, by a stream of another one
		if (position.isAfter(delivering.cursor)) {
			Missed missed = this.histories.between(delivering.cursor, position, delivering.stream.getPatterns(),
					this.maxEvents);
			this.looks = missed.looks();
			Gap news = (missed.gap() != null) ? missed.gap().beyond(delivering.gapsTold) : null;
			if (news != null && delivering.stream.isSnapshotPossible()) {
				return Outcome.SNAPSHOT_NEEDED;
			}
			if (news != null && !tell(delivering, news, missed)) {
				return Outcome.PARTIAL;
			}
			if (queue(delivering, missed.events())) {
				delivering.cursor = missed.cursor();
			}
		}
		if (position.isAfter(delivering.cursor) || !delivering.queuePositionAfterGaps()) {
			return Outcome.PARTIAL;
		}
		delivering.gapsTold = Map.of();
		return Outcome.COMPLETE;
	}

	/**
	 * How many events were looked at the last time.
	 */
	int looks() {
		return this.looks;
	}

	/**
	 * Put what was missed into the queue, as far as it goes.
	 * @return whether that is all
	 */
	private static boolean queue(Delivering delivering, List<StoredEvent> events) {
		for (StoredEvent event : events) {
			if (!delivering.queue(event)) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Tell of a gap. Where nothing follows it has the id by which the client does not
	 * come back for it; else that comes with what follows.
	 * @return {@code false} if there is no room to tell it, so that nothing may come
	 * after it yet
	 */
	private boolean tell(Delivering delivering, Gap news, Missed missed) {
		if (delivering.stream.isDataOnly()) {
			return true;
		}
		EventId id = missed.events().isEmpty() ? missed.cursor() : null;
		DeliveredStream stream = delivering.stream;
		String text = (id != null) ? stream.format(id) : null;
		if (!delivering.queue.offerAlone(new GapFrame(text, news, stream::format))) {
			return false;
		}
		delivering.lastId = (id != null) ? id : delivering.lastId;
		Map<String, EventId> told = new HashMap<>(delivering.gapsTold);
		told.putAll(news.lost());
		delivering.gapsTold = told;
		this.statistics.gaps.increment();
		if (logger.isDebugEnabled()) {
			logger.debug("Told " + stream + " of a gap (" + news.reason().name().toLowerCase(Locale.ROOT) + ") in "
					+ news.lost().keySet());
		}
		return true;
	}

}
