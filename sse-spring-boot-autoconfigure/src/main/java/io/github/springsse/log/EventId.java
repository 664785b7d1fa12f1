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

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The id that an {@link EventLog} assigns to an event. It also serves as a cursor, which
 * means "everything up to here". Ids of one generation of a log are totally ordered and
 * only grow. Ids of different generations have no order in time; a log recognizes ids
 * that are not its own. {@link EventLog#format} converts an id to the text that clients
 * receive.
 *
 * @param epoch identifies the generation of the log, or a part of it
 * @param sequence the position within the epoch
 * @since 0.1.0
 */
public record EventId(long epoch, long sequence) implements Comparable<EventId> {

	/** Less than every id. */
	public static final EventId MIN = new EventId(Long.MIN_VALUE, Long.MIN_VALUE);

	/** Greater than every id. */
	public static final EventId MAX = new EventId(Long.MAX_VALUE, Long.MAX_VALUE);

	private static final Pattern TEXT = Pattern.compile("([0-9a-z]{1,13})-([0-9]{1,19})");

	/**
	 * Parse an id in the format of {@link #toString()}.
	 * @param text any text
	 * @return the id, {@code null} if the text is not an id
	 */
	public static @Nullable EventId parse(String text) {
		Matcher matcher = TEXT.matcher(text);
		if (!matcher.matches()) {
			return null;
		}
		try {
			return new EventId(Long.parseLong(matcher.group(1), Character.MAX_RADIX), Long.parseLong(matcher.group(2)));
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	/**
	 * Return whether this id is after another.
	 * @param other the other id
	 * @return whether it is greater
	 */
	public boolean isAfter(EventId other) {
		return compareTo(other) > 0;
	}

	@Override
	public int compareTo(EventId other) {
		int result = Long.compare(this.epoch, other.epoch);
		return (result != 0) ? result : Long.compare(this.sequence, other.sequence);
	}

	/**
	 * Return the id as {@code <epoch>-<sequence>}. If neither is negative, the text
	 * contains only {@code [a-z0-9-]}. It discloses the number of events, and possibly
	 * when the log was created.
	 */
	@Override
	public String toString() {
		return Long.toString(this.epoch, Character.MAX_RADIX) + '-' + this.sequence;
	}

}
