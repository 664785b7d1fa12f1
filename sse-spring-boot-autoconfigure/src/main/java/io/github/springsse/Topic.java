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

/**
 * A topic: a path of segments divided by {@code /}, such as {@code branches/north/loans}.
 * Segments are compared as they are, letter case included. A topic has at most 32
 * segments and 512 characters, and no empty segment, {@code *}, <code>{</code>,
 * <code>}</code>, control character, or half of a surrogate pair. Immutable.
 *
 * @since 0.1.0
 */
public final class Topic {

	private final String name;

	/**
	 * Create a topic.
	 * @param name the name, which was checked
	 */
	Topic(String name) {
		this.name = name;
	}

	/**
	 * Return the topic of a name.
	 * @param name the name
	 * @return the topic
	 * @throws InvalidTopicException if the name is not that of a topic
	 */
	public static Topic of(String name) {
		TopicSyntax.checkTopic(name);
		return new Topic(name);
	}

	/**
	 * Return a text as one segment: {@code %}, <code>/</code>, {@code *}, braces and
	 * control characters are percent-encoded, as UTF-8 with upper-case digits, and all
	 * else stays as it is. So the names of users, which may be URLs or anything else, are
	 * segments, and each is another one.
	 * @param text the text, not empty and without half of a surrogate pair
	 * @return the segment
	 * @throws InvalidTopicException if the text cannot be a segment
	 */
	public static String encodeSegment(String text) {
		String segment = TopicSyntax.encode(text);
		TopicSyntax.checkValue(segment);
		return segment;
	}

	/**
	 * Return the segments. The list is made anew each time; {@link #segmentEnd} finds
	 * segments without one.
	 * @return the segments, one at least
	 */
	public List<String> segments() {
		return TopicSyntax.split(this.name);
	}

	/**
	 * Return where a segment ends in the name.
	 * @param start where it starts: 0, or one more than the end of the segment before it
	 * @return the index of the {@code /} after it, or the length of the name
	 */
	public int segmentEnd(int start) {
		return TopicSyntax.segmentEnd(this.name, start);
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof Topic that && this.name.equals(that.name);
	}

	@Override
	public int hashCode() {
		return this.name.hashCode();
	}

	@Override
	public String toString() {
		return this.name;
	}

}
