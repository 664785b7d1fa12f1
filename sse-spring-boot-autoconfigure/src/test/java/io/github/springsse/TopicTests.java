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

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link Topic}.
 */
class TopicTests {

	@Test
	void segmentsAreWhatSlashesDivide() {
		assertThat(Topic.of("branches/north/loans").segments()).containsExactly("branches", "north", "loans");
		assertThat(Topic.of("one").segments()).containsExactly("one");
	}

	@Test
	void segmentsCannotBeChanged() {
		assertThat(Topic.of("a/b").segments()).isUnmodifiable();
	}

	@Test
	void equalsByNameWithLetterCase() {
		assertThat(Topic.of("a/b")).isEqualTo(Topic.of("a/b"))
			.hasSameHashCodeAs(Topic.of("a/b"))
			.hasToString("a/b")
			.isNotEqualTo(Topic.of("a/B"))
			.isNotEqualTo(TopicPattern.of("a/b"));
	}

	@ParameterizedTest
	@ValueSource(
			strings = { " ", ".", "..", "a b", "~$%&?#:;\\\"'", "b\u00FCcher/\u65E5\u672C", "\uD83D\uDCDA/new", "-/_" })
	void anythingElseMayBeInASegment(String name) {
		assertThat(Topic.of(name)).hasToString(name);
	}

	@ParameterizedTest
	@CsvSource({ "ann,ann", "https://id.example/ann,https:%2F%2Fid.example%2Fann", "*,%2A", "**,%2A%2A", "a/b,a%2Fb",
			"a%2Fb,a%252Fb", "{user},%7Buser%7D", "YW5u+/==,YW5u+%2F==",
			"b\u00FCcher \uD83D\uDCDA,b\u00FCcher \uD83D\uDCDA", "'\r\n\0\u0085',%0D%0A%00%C2%85" })
	void encodesAnyTextAsOneSegment(String text, String segment) {
		assertThat(Topic.encodeSegment(text)).isEqualTo(segment);
		assertThat(Topic.of(segment).segments()).hasSize(1);
		assertThat(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8)).isEqualTo(text);
	}

	@Test
	void encodesNothingThatCannotBeASegment() {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.encodeSegment(""));
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.encodeSegment("\uD83D"));
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.encodeSegment("*".repeat(200)));
	}

	@Test
	void takesUpTo512CharactersAnd32Segments() {
		assertThat(Topic.of("x".repeat(512)).segments()).hasSize(1);
		assertThat(Topic.of(String.join("/", Collections.nCopies(32, "x"))).segments()).hasSize(32);
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsNoTopic(String name, String fault, int position) {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.of(name)).satisfies((ex) -> {
			assertThat(ex).hasMessageStartingWith("Invalid topic '")
				.hasMessageEndingWith(": " + fault + " at position " + position);
			assertThat(ex.getTopic()).isEqualTo(name);
			assertThat(ex.getPosition()).isEqualTo(position);
		});
	}

	static Stream<Arguments> refusesWhatIsNoTopic() {
		return Stream.of(Arguments.of("", "it is empty", 0), Arguments.of("/", "empty segment", 0),
				Arguments.of("/a", "empty segment", 0), Arguments.of("a/", "empty segment", 2),
				Arguments.of("a//b", "empty segment", 2),
				Arguments.of("a/*", "wildcard, but a single topic is required", 2),
				Arguments.of("a/b*", "wildcard, but a single topic is required", 3),
				Arguments.of("**", "wildcard, but a single topic is required", 0),
				Arguments.of("a/{b}", "'{' (a variable without a value?)", 2),
				Arguments.of("a}", "'}' (a variable without a value?)", 1),
				Arguments.of("a\nb", "control character U+000A", 1), Arguments.of("a\r", "control character U+000D", 1),
				Arguments.of("\0", "control character U+0000", 0), Arguments.of("\t", "control character U+0009", 0),
				Arguments.of("a\u007F", "control character U+007F", 1),
				Arguments.of("a\u0085", "control character U+0085", 1),
				Arguments.of("a/\uD83D", "unpaired surrogate", 2), Arguments.of("\uDCDA", "unpaired surrogate", 0),
				Arguments.of("\uDCDA\uD83D", "unpaired surrogate", 0),
				Arguments.of("a\uD83D/\uDCDA", "unpaired surrogate", 1),
				Arguments.of("x".repeat(513), "more than 512 characters", 512),
				Arguments.of(String.join("/", Collections.nCopies(33, "x")), "more than 32 segments", 64));
	}

	@Test
	void errorsShowWhatWasRefusedWithoutWhatWouldSpoilALog() {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.of("a\n\u001B[2Jb"))
			.withMessage("Invalid topic 'a\uFFFD\uFFFD[2Jb': control character U+000A at position 1");
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> Topic.of("y".repeat(600)))
			.withMessage("Invalid topic '" + "y".repeat(100) + "...': more than 512 characters at position 512");
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesNull() {
		assertThatIllegalArgumentException().isThrownBy(() -> Topic.of(null)).withMessage("'topic' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> TopicPattern.of(null))
			.withMessage("'topic pattern' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> TopicTemplate.of(null))
			.withMessage("'template' must not be null");
	}

}
