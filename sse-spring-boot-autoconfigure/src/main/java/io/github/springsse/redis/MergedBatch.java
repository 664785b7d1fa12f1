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
 * The entries of one read of both streams, in the order of their ids, up to the id to
 * which both streams were read completely.
 * <p>
 * Ids increase across both streams in the order in which entries were appended, so a read
 * normally contains every entry up to its greatest id. If a stream has more entries than
 * one read may return, its remaining entries precede later entries of the other stream,
 * which are left for the next read. If a blocked read returns entries of one stream only,
 * the other stream has none before them, because no command appends to both.
 *
 * @param items the entries
 */
record MergedBatch(List<Item> items) {

	/**
	 * Merge the entries of a read.
	 * @param messages the entries of one stream in the order of their ids, and then the
	 * entries of the other
	 * @param answers the key of the stream of answers
	 * @param count the maximum number of entries of each stream in one read
	 * @throws NoReplyException if the entries of a stream are not in order, because the
	 * driver has added an answer to an incomplete one
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

	/**
	 * The last id to which a stream was read completely, {@code null} if it was read to
	 * its end.
	 */
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
	 * @param isAnswer whether it is an entry of a source
	 */
	record Item(EventId id, Map<byte[], byte[]> fields, boolean isAnswer) {

	}

}
