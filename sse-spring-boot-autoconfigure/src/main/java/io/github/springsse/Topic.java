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
 * A topic: a path of segments separated by {@code /}, such as
 * {@code branches/north/loans}. Segments are compared exactly, with letter case. A topic
 * has at most 32 segments and 512 characters. It contains no empty segment, {@code *},
 * <code>{</code>, <code>}</code>, control character, or unpaired surrogate. Immutable.
 *
 * @since 0.1.0
 */
public final class Topic {

	private final String name;

	/**
	 * Create a topic.
	 * @param name the name, already checked
	 */
	Topic(String name) {
		this.name = name;
	}

	/**
	 * Return the topic with a name.
	 * @param name the name
	 * @return the topic
	 * @throws InvalidTopicException if the name is not a well-formed topic
	 */
	public static Topic of(String name) {
		TopicSyntax.checkTopic(name);
		return new Topic(name);
	}

	/**
	 * Encode a text as one segment. {@code %}, <code>/</code>, {@code *}, braces and
	 * control characters are percent-encoded, as UTF-8 with upper-case digits. All other
	 * characters are unchanged. So any user name, even a URL, becomes one segment, and
	 * different names become different segments.
	 * @param text the text, not empty and without unpaired surrogates
	 * @return the segment
	 * @throws InvalidTopicException if the text cannot be a segment
	 */
	public static String encodeSegment(String text) {
		String segment = TopicSyntax.encode(text);
		TopicSyntax.checkValue(segment);
		return segment;
	}

	/**
	 * Return the segments. Creates a new list with each call; {@link #segmentEnd} finds
	 * segments without one.
	 * @return the segments, at least one
	 */
	public List<String> segments() {
		return TopicSyntax.split(this.name);
	}

	/**
	 * Return the end of a segment in the name.
	 * @param start the start of the segment: 0, or the end of the previous segment plus
	 * one
	 * @return the index of the next {@code /}, or the length of the name
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
