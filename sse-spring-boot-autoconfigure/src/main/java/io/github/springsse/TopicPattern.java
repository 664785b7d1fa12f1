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

package io.github.springsse;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A subscription of a stream: a {@link Topic} or a pattern. In a pattern, {@code *}
 * matches exactly one segment, and a final {@code **} matches any number of segments,
 * including none. {@code prices/**} matches {@code prices}, {@code prices/gold} and
 * {@code prices/metals/gold}. Immutable.
 *
 * @since 0.1.0
 */
public final class TopicPattern {

	/** Matches one segment. */
	public static final String ONE = "*";

	/** Matches the remaining segments. */
	public static final String REST = "**";

	private final String pattern;

	private final @Nullable Topic topic;

	private TopicPattern(String pattern) {
		this.pattern = pattern;
		TopicSyntax.checkPattern(pattern);
		this.topic = (pattern.indexOf('*') == -1) ? new Topic(pattern) : null;
	}

	/**
	 * Return a pattern.
	 * @param pattern the pattern as text
	 * @return the pattern
	 * @throws InvalidTopicException if the text is not a pattern
	 */
	public static TopicPattern of(String pattern) {
		return new TopicPattern(pattern);
	}

	/**
	 * Return the segments, including wildcards. Creates a new list with each call.
	 * @return the segments, at least one
	 */
	public List<String> segments() {
		return TopicSyntax.split(this.pattern);
	}

	/**
	 * Return whether a stream with this pattern receives the events of a topic.
	 * @param topic the topic
	 * @return whether it matches
	 */
	public boolean matches(Topic topic) {
		if (this.topic != null) {
			return this.topic.equals(topic);
		}
		String name = topic.toString();
		int start = 0;
		int place = 0;
		while (place <= this.pattern.length()) {
			if (this.pattern.startsWith(REST, place)) {
				return true;
			}
			if (start > name.length()) {
				return false;
			}
			int end = topic.segmentEnd(start);
			int placeEnd = TopicSyntax.segmentEnd(this.pattern, place);
			boolean same = placeEnd - place == end - start
					&& this.pattern.regionMatches(place, name, start, end - start);
			if (!same && !this.pattern.startsWith(ONE, place)) {
				return false;
			}
			start = end + 1;
			place = placeEnd + 1;
		}
		return start > name.length();
	}

	/**
	 * Return the topic of a pattern without wildcards.
	 * @return the topic, or {@code null} if there is a wildcard
	 */
	public @Nullable Topic asTopic() {
		return this.topic;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof TopicPattern that && this.pattern.equals(that.pattern);
	}

	@Override
	public int hashCode() {
		return this.pattern.hashCode();
	}

	@Override
	public String toString() {
		return this.pattern;
	}

}
