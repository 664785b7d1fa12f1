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

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TopicPattern}.
 */
class TopicPatternTests {

	@ParameterizedTest
	@CsvSource({ "prices/**,prices", "prices/**,prices/gold", "prices/**,prices/metals/gold", "**,a", "**,a/b/c", "*,a",
			"*/b,a/b", "a/*,a/b", "a/*/c,a/b/c", "*/*,a/b", "*/**,a", "*/**,a/b/c", "a,a", "a/b,a/b" })
	void matches(String pattern, String topic) {
		assertThat(TopicPattern.of(pattern).matches(Topic.of(topic))).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "prices/**,price", "prices/**,pricess/gold", "prices/**,a/prices", "*,a/b", "a/*,a", "a/*,a/b/c",
			"a/*,b/c", "*/*,a", "a,A", "a,b", "a/b,a", "a,a/b", "a/*/**,a" })
	void doesNotMatch(String pattern, String topic) {
		assertThat(TopicPattern.of(pattern).matches(Topic.of(topic))).isFalse();
	}

	@Test
	void matchesWhatTheSameRegularExpressionMatches() {
		Random random = new Random(20261120);
		int matches = 0;
		for (int i = 0; i < 20_000; i++) {
			String pattern = randomPattern(random);
			String topic = randomSegments(random, 1 + random.nextInt(5), List.of("a", "b", "ab", "."));
			boolean expected = regularExpression(pattern).matcher(topic).matches();
			assertThat(TopicPattern.of(pattern).matches(Topic.of(topic))).as("%s on %s", pattern, topic)
				.isEqualTo(expected);
			matches += expected ? 1 : 0;
		}
		assertThat(matches).isBetween(1_000, 19_000);
	}

	private static String randomPattern(Random random) {
		String pattern = randomSegments(random, random.nextInt(5), List.of("a", "b", "ab", ".", "*", "*"));
		if (pattern.isEmpty()) {
			return "**";
		}
		return (random.nextInt(3) == 0) ? pattern + "/**" : pattern;
	}

	private static String randomSegments(Random random, int count, List<String> choices) {
		List<String> segments = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			segments.add(choices.get(random.nextInt(choices.size())));
		}
		return String.join("/", segments);
	}

	private static Pattern regularExpression(String pattern) {
		return Pattern.compile(pattern.replace(".", "\\.")
			.replace("/**", "(/ALL)?")
			.replace("**", "ALL")
			.replace("*", "[^/]+")
			.replace("ALL", ".*"));
	}

	@Test
	void equalsByTextWithLetterCase() {
		assertThat(TopicPattern.of("a/*")).isEqualTo(TopicPattern.of("a/*"))
			.hasSameHashCodeAs(TopicPattern.of("a/*"))
			.hasToString("a/*")
			.isNotEqualTo(TopicPattern.of("A/*"));
		assertThat(TopicPattern.of("a/*/**").segments()).containsExactly("a", TopicPattern.ONE, TopicPattern.REST)
			.isUnmodifiable();
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsNoPattern(String pattern, String fault, int position) {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicPattern.of(pattern))
			.satisfies((ex) -> {
				assertThat(ex).hasMessageStartingWith("Invalid topic pattern '")
					.hasMessageEndingWith(": " + fault + " at position " + position);
				assertThat(ex.getTopic()).isEqualTo(pattern);
				assertThat(ex.getPosition()).isEqualTo(position);
			});
	}

	static Stream<Arguments> refusesWhatIsNoPattern() {
		return Stream.of(Arguments.of("", "it is empty", 0), Arguments.of("*//**", "empty segment", 2),
				Arguments.of("a*", "'*' that is not a whole segment", 1),
				Arguments.of("x/*a", "'*' that is not a whole segment", 2),
				Arguments.of("***", "'*' that is not a whole segment", 0),
				Arguments.of("a**", "'*' that is not a whole segment", 1),
				Arguments.of("a/**/b", "'**' that is not the last segment", 2),
				Arguments.of("**/**", "'**' that is not the last segment", 0),
				Arguments.of("**/", "'**' that is not the last segment", 0),
				Arguments.of("*/{b}", "'{' (a variable without a value?)", 2),
				Arguments.of("*/\n", "control character U+000A", 2), Arguments.of("*/\uD83D", "unpaired surrogate", 2),
				Arguments.of("x".repeat(513), "more than 512 characters", 512),
				Arguments.of(String.join("/", Collections.nCopies(33, "*")), "more than 32 segments", 64));
	}

}
