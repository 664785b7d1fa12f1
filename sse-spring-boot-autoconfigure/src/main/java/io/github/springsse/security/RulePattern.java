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

package io.github.springsse.security;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.springsse.TopicPattern;
import io.github.springsse.TopicTemplate;

import org.springframework.util.Assert;

/**
 * A pattern of a rule, which may have variables, or of a client, as a set of topics.
 * {@link #covers} and {@link #intersects} are exact, except that they also count topics
 * that exceed the maximum length of a topic. Immutable.
 */
final class RulePattern {

	private final String text;

	private final List<RuleSegment> segments;

	/** Whether a final {@code **} stands for any number of further segments. */
	private final boolean open;

	private RulePattern(String text, List<RuleSegment> segments, boolean open) {
		this.text = text;
		// NOTE: a topic has at least one segment
		this.segments = (open && segments.isEmpty()) ? List.of(RuleSegment.ANY) : List.copyOf(segments);
		this.open = open;
	}

	/**
	 * Return the pattern of a rule.
	 * @param text the pattern, with variables in braces
	 * @return the pattern
	 * @throws io.github.springsse.InvalidTopicException if it is malformed
	 * @throws IllegalArgumentException if its variables cannot have unique values
	 */
	static RulePattern ofRule(String text) {
		TopicTemplate.of(text);
		List<RuleSegment> segments = new ArrayList<>();
		Set<String> names = new HashSet<>();
		boolean open = false;
		for (String part : text.split("/")) {
			if (part.equals(TopicPattern.REST)) {
				open = true;
				continue;
			}
			RuleSegment segment = RuleSegment.of(part, text);
			String variable = segment.variable();
			Assert.isTrue(variable == null || names.add(variable),
					() -> "Invalid topic pattern '" + text + "': it has the variable '" + variable + "' twice");
			segments.add(segment);
		}
		return new RulePattern(text, segments, open);
	}

	/**
	 * Return the pattern of a client.
	 */
	static RulePattern of(TopicPattern pattern) {
		List<RuleSegment> segments = new ArrayList<>();
		boolean open = false;
		for (String part : pattern.segments()) {
			if (part.equals(TopicPattern.REST)) {
				open = true;
			}
			else {
				segments.add(part.equals(TopicPattern.ONE) ? RuleSegment.ANY : RuleSegment.literal(part));
			}
		}
		return new RulePattern(pattern.toString(), segments, open);
	}

	/**
	 * Whether this pattern matches every topic that another pattern matches.
	 */
	boolean covers(RulePattern other) {
		int size = this.segments.size();
		int otherSize = other.segments.size();
		if (otherSize < size || (!this.open && (other.open || otherSize > size))) {
			return false;
		}
		for (int i = 0; i < size; i++) {
			if (!this.segments.get(i).covers(other.segments.get(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Whether a topic exists that both this pattern and another pattern match.
	 */
	boolean intersects(RulePattern other) {
		int size = this.segments.size();
		int otherSize = other.segments.size();
		if ((size > otherSize && !other.open) || (size < otherSize && !this.open)) {
			return false;
		}
		for (int i = 0; i < Math.min(size, otherSize); i++) {
			if (!this.segments.get(i).intersects(other.segments.get(i))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Bind the variables to their values in a subscription.
	 * @param subscription the subscription
	 * @param other its pattern, which this pattern intersects
	 * @return the subscription with the variables of this rule
	 */
	SseSubscription bind(SseSubscription subscription, RulePattern other) {
		Map<String, String> variables = new HashMap<>();
		Set<String> unbound = new HashSet<>();
		for (int i = 0; i < this.segments.size(); i++) {
			RuleSegment segment = this.segments.get(i);
			String name = segment.variable();
			if (name != null) {
				String value = (i < other.segments.size()) ? segment.value(other.segments.get(i)) : null;
				if (value != null) {
					variables.put(name, value);
				}
				else {
					unbound.add(name);
				}
			}
		}
		return subscription.with(variables, unbound);
	}

	boolean hasVariable(String name) {
		return this.segments.stream().anyMatch((segment) -> name.equals(segment.variable()));
	}

	@Override
	public String toString() {
		return this.text;
	}

}
