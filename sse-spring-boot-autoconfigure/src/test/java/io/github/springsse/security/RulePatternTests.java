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
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.springsse.TopicPattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RulePattern}: compares it with regular expressions for all topics of a
 * small alphabet.
 */
class RulePatternTests {

	/** With a letter that no pattern has, and topics longer than any pattern. */
	private static final List<String> TOPICS = TopicSets.paths(List.of("a", "b", "ab", "abb", "c"), 4);

	private static final List<String> OF_RULES = TopicSets.patterns(List.of("a", "b", "*", "{v}", "a{v}", "{v}b"), 3);

	private static final List<String> OF_CLIENTS = TopicSets.patterns(List.of("a", "b", "ab", "*"), 3);

	@Test
	void agreesWithTheTopicsThatMatch() {
		Map<String, BitSet> rules = TopicSets.matching(OF_RULES, TOPICS);
		Map<String, BitSet> clients = TopicSets.matching(OF_CLIENTS, TOPICS);
		Map<String, RulePattern> parsed = new TreeMap<>();
		clients.keySet().forEach((client) -> parsed.put(client, RulePattern.of(TopicPattern.of(client))));
		List<String> wrong = new ArrayList<>();
		rules.forEach((rule, ruleTopics) -> {
			RulePattern pattern = RulePattern.ofRule(rule);
			clients.forEach((client, clientTopics) -> {
				RulePattern other = parsed.get(client);
				if (pattern.covers(other) != TopicSets.contains(ruleTopics, clientTopics)
						|| pattern.intersects(other) != ruleTopics.intersects(clientTopics)
						|| other.intersects(pattern) != pattern.intersects(other)) {
					wrong.add(rule + " " + client);
				}
			});
		});
		assertThat(rules).hasSizeGreaterThan(100);
		assertThat(wrong).isEmpty();
	}

	@Test
	void segmentsOfRulesAgreeWithTheTextsThatMatch() {
		List<String> parts = List.of("a", "b", "*", "{v}", "a{v}", "{v}b", "ab{v}", "{v}ab", "a{v}b");
		Map<String, BitSet> rules = TopicSets.matching(parts, TopicSets.words("abc", 6));
		rules.forEach((rule, ruleTopics) -> rules.forEach((other, otherTopics) -> {
			assertThat(RulePattern.ofRule(rule).covers(RulePattern.ofRule(other))).as(rule + " covers " + other)
				.isEqualTo(TopicSets.contains(ruleTopics, otherTopics));
			assertThat(RulePattern.ofRule(rule).intersects(RulePattern.ofRule(other))).as(rule + " intersects " + other)
				.isEqualTo(ruleTopics.intersects(otherTopics));
		}));
	}

	@ParameterizedTest
	@CsvSource(nullValues = "-", textBlock = """
			users/{user}/**,     users/ada,            ada
			users/{user}/**,     users/ada/**,         ada
			users/{user}/**,     users/ada/mail/*,     ada
			users/{user}/**,     users/*/mail,         -
			users/{user}/**,     users/**,             -
			users/{user}/**,     **,                   -
			{user}/**,           **,                   -
			{user},              *,                    -
			rooms/room-{user},   rooms/room-7,         7
			rooms/room-{user}-x, rooms/room-a-x-x,     a-x
			rooms/room-{user},   rooms/*,              -
			users/{user}/**,     users/a%2Fb/x,        a%2Fb
			""")
	void variablesHaveTheirValueWhereItIsKnown(String rule, String client, String value) {
		RulePattern pattern = RulePattern.ofRule(rule);
		RulePattern other = RulePattern.of(TopicPattern.of(client));
		assertThat(pattern.intersects(other)).isTrue();
		SseSubscription bound = pattern.bind(SseSubscription.of(TopicPattern.of(client), null), other);
		assertThat(bound.findVariable("user").orElse(null)).isEqualTo(value);
		assertThat(bound.getVariables()).hasSize((value != null) ? 1 : 0);
	}

}
