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
 * What a stream subscribes to: a {@link Topic}, or a pattern in which {@code *} stands
 * for exactly one segment and a final {@code **} for the rest, of any number of segments,
 * none included: {@code prices/**} matches {@code prices}, {@code prices/gold} and
 * {@code prices/metals/gold}. Immutable.
 *
 * @since 0.1.0
 */
public final class TopicPattern {

	/** Stands for one segment. */
	public static final String ONE = "*";

	/** Stands for the rest. */
	public static final String REST = "**";

	private final String pattern;

	private final List<String> segments;

	private final @Nullable Topic topic;

	private TopicPattern(String pattern) {
		this.pattern = pattern;
		this.segments = TopicSyntax.parsePattern(pattern);
		this.topic = (pattern.indexOf('*') == -1) ? new Topic(pattern, this.segments) : null;
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
	 * Return the segments, wildcards among them.
	 * @return the segments, one at least
	 */
	public List<String> segments() {
		return this.segments;
	}

	/**
	 * Tell whether a stream of this pattern gets the events of a topic.
	 * @param topic the topic
	 * @return whether it matches
	 */
	public boolean matches(Topic topic) {
		List<String> names = topic.segments();
		int size = this.segments.size();
		for (int i = 0; i < size; i++) {
			String segment = this.segments.get(i);
			if (segment.equals(REST)) {
				return true;
			}
			if (i == names.size() || !(segment.equals(ONE) || segment.equals(names.get(i)))) {
				return false;
			}
		}
		return names.size() == size;
	}

	/**
	 * Return the one topic that this pattern matches.
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
