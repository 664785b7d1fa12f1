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

package io.github.springsse.redis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.github.springsse.log.EventId;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.StreamMessage;
import org.jspecify.annotations.Nullable;

/**
 * What one read of both streams has given, in the order of the ids, as far as that is
 * complete.
 * <p>
 * Ids grow over both streams in the order in which entries were appended, so everything
 * up to the greatest id of a read was there when it was taken: unless a stream had more
 * than a read may give, of which the rest is to come before what the other stream has
 * after it. That is left for the next read. Where Redis answers a read that has waited
 * with the entries of one stream alone, the other has none before them: no step appends
 * to both.
 *
 * @param items the entries
 */
record MergedBatch(List<Item> items) {

	/**
	 * Put together what was read.
	 * @param messages the entries of either stream, in the order of their ids, and of the
	 * other after them
	 * @param answers the key of the stream of answers
	 * @param count how many entries of each stream a read may give
	 * @throws NoReplyException if entries of a stream are not in order: the driver has
	 * added an answer to one that was cut off
	 */
	static MergedBatch of(List<StreamMessage<byte[], byte[]>> messages, byte[] answers, int count)
			throws NoReplyException {
		List<Item> log = new ArrayList<>();
		List<Item> sources = new ArrayList<>();
		for (StreamMessage<byte[], byte[]> message : messages) {
			boolean answer = Arrays.equals(message.getStream(), answers);
			Item item = new Item(StreamIds.read(message.getId()), message.getBody(), answer);
			List<Item> items = answer ? sources : log;
			if (!items.isEmpty() && !item.id().isAfter(items.get(items.size() - 1).id())) {
				throw Replies.cutOff();
			}
			items.add(item);
		}
		if (sources.isEmpty()) {
			return new MergedBatch(log);
		}
		if (log.isEmpty()) {
			return new MergedBatch(sources);
		}
		EventId limit = earlier(limit(log, count), limit(sources, count));
		List<Item> merged = new ArrayList<>(log.size() + sources.size());
		merged.addAll(log);
		merged.addAll(sources);
		merged.removeIf((item) -> limit != null && item.id().isAfter(limit));
		merged.sort(Comparator.comparing(Item::id));
		return new MergedBatch(merged);
	}

	/** Up to where nothing more can come, {@code null} if that is for all. */
	private static @Nullable EventId limit(List<Item> items, int count) {
		return (items.size() < count) ? null : items.get(items.size() - 1).id();
	}

	private static @Nullable EventId earlier(@Nullable EventId one, @Nullable EventId other) {
		return (one == null || (other != null && one.isAfter(other))) ? other : one;
	}

	/**
	 * An entry.
	 *
	 * @param id its id
	 * @param fields its fields
	 * @param isAnswer whether it is one of a source
	 */
	record Item(EventId id, Map<byte[], byte[]> fields, boolean isAnswer) {

	}

}
