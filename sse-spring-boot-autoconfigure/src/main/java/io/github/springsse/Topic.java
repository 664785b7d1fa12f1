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

	private final List<String> segments;

	/**
	 * Create a topic.
	 * @param name the name
	 * @param segments its segments
	 */
	Topic(String name, List<String> segments) {
		this.name = name;
		this.segments = segments;
	}

	/**
	 * Return the topic of a name.
	 * @param name the name
	 * @return the topic
	 * @throws InvalidTopicException if the name is not that of a topic
	 */
	public static Topic of(String name) {
		return new Topic(name, TopicSyntax.parseTopic(name));
	}

	/**
	 * Return the segments.
	 * @return the segments, one at least
	 */
	public List<String> segments() {
		return this.segments;
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
