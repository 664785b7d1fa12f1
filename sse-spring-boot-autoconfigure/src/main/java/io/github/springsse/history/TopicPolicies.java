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
 * Maps each topic to the policy of the most specific matching pattern. Two patterns are
 * compared at the first segment at which their kinds differ: a name is more specific than
 * {@code *}, and {@code *} is more specific than {@code **}. Immutable.
 */
public final class TopicPolicies {

	private final TopicPolicy defaults;

	/** Sorted, the most specific pattern first. */
	private final List<Map.Entry<TopicPattern, TopicPolicy>> policies;

	/**
	 * Create policies.
	 * @param defaults the policy of topics that match no pattern
	 * @param policies the policies by pattern
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
	 * Return a text that sorts as patterns do: a for a name, b for {@code *}, c for
	 * {@code **}.
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
