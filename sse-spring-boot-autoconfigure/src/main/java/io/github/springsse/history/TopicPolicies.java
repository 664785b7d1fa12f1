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

package io.github.springsse.history;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

import io.github.springsse.Topic;
import io.github.springsse.TopicPattern;

/**
 * The policy of each topic: that of the most specific pattern that matches it. Of two
 * patterns the more specific is the one that has a name where the other has {@code *}, or
 * {@code *} where the other has {@code **}, in the first segment in which they differ so.
 * Immutable.
 */
public final class TopicPolicies {

	private final TopicPolicy defaults;

	/** The most specific first. */
	private final List<Map.Entry<TopicPattern, TopicPolicy>> policies;

	/**
	 * Create policies.
	 * @param defaults for topics that no pattern matches
	 * @param policies by pattern
	 */
	public TopicPolicies(TopicPolicy defaults, Map<TopicPattern, TopicPolicy> policies) {
		this.defaults = defaults;
		this.policies = policies.entrySet()
			.stream()
			.sorted(Map.Entry.comparingByKey(Comparator.comparing(TopicPolicies::specificity)))
			.toList();
	}

	/**
	 * Return the policy of a topic.
	 * @param topic the topic
	 * @return the policy
	 */
	public TopicPolicy of(Topic topic) {
		for (Map.Entry<TopicPattern, TopicPolicy> entry : this.policies) {
			if (entry.getKey().matches(topic)) {
				return entry.getValue();
			}
		}
		return this.defaults;
	}

	/**
	 * A text that sorts as patterns do: a for a name, b for {@code *}, c for {@code **}.
	 */
	private static String specificity(TopicPattern pattern) {
		StringBuilder result = new StringBuilder();
		for (String segment : pattern.segments()) {
			char kind = switch (segment) {
				case TopicPattern.REST -> 'c';
				case TopicPattern.ONE -> 'b';
				default -> 'a';
			};
			result.append(kind);
		}
		return result.toString();
	}

}
