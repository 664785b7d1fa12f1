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

import java.util.Collections;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link TopicTemplate}.
 */
class TopicTemplateTests {

	@Test
	void putsValuesInThePlacesOfVariables() {
		TopicTemplate template = TopicTemplate.of("branches/{branch}/loans-{kind}/{branch}");
		assertThat(template.expand(Map.of("branch", "north", "kind", "new")::get))
			.isEqualTo("branches/north/loans-new/north");
		assertThat(template).hasToString("branches/{branch}/loans-{kind}/{branch}");
	}

	@Test
	void variablesAreInTheOrderOfTheirFirstAppearance() {
		assertThat(TopicTemplate.of("{z}/{a}{m}/{z}").variables()).containsExactly("z", "a", "m");
		assertThat(TopicTemplate.of("a/b").variables()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "{a}", "{loan.branch}", "{branch-id}", "{_a$1}", "{\u00FC}", "{#principal.tenant}" })
	void takesNamesOfVariables(String template) {
		assertThat(TopicTemplate.of(template).expand((variable) -> "x")).isEqualTo("x");
	}

	@ParameterizedTest
	@ValueSource(strings = { "a/*", "**", "{a}/**", "a/b" })
	void mayBeAPattern(String template) {
		assertThat(TopicTemplate.of(template)).hasToString(template);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x y", "..", "$1", "\\", "%2F", "b\u00FCcher", "\uD83D\uDCDA" })
	void takesValuesAsTheyAre(String value) {
		assertThat(TopicTemplate.of("a/{b}").expand(Map.of("b", value)::get)).isEqualTo("a/" + value);
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatIsNoTemplate(String template, String fault, int position) {
		assertThatExceptionOfType(InvalidTopicException.class).isThrownBy(() -> TopicTemplate.of(template))
			.satisfies((ex) -> {
				assertThat(ex).hasMessageStartingWith("Invalid topic template '")
					.hasMessageEndingWith(": " + fault + " at position " + position);
				assertThat(ex.getTopic()).isEqualTo(template);
				assertThat(ex.getPosition()).isEqualTo(position);
			});
	}

	static Stream<Arguments> refusesWhatIsNoTemplate() {
		String name = "the name of a variable may contain only letters, digits, '_', '$', '-' and '.'";
		return Stream.of(Arguments.of("", "it is empty", 0), Arguments.of("a/{b", "'{' without '}'", 2),
				Arguments.of("a/b}", "'}' without '{'", 3), Arguments.of("{a}}", "'}' without '{'", 3),
				Arguments.of("a/{}", "variable without a name", 2), Arguments.of("{{a}}", name, 1),
				Arguments.of("a/{b:[0-9]+}", name, 4), Arguments.of("{a/b}", name, 2), Arguments.of("{*a}", name, 1),
				Arguments.of("{a#b}", name, 2), Arguments.of("{##a}", name, 2),
				Arguments.of("a/{#}", "variable without a name", 2), Arguments.of("{a b}", name, 2),
				Arguments.of("{branch}//loans", "empty segment", 9),
				Arguments.of("{branch}/loans/", "empty segment", 15), Arguments.of("/{a}", "empty segment", 0),
				Arguments.of("{branch}*", "'*' that is not a whole segment", 8),
				Arguments.of("{branch}/**/{a}", "'**' that is not the last segment", 9),
				Arguments.of("{branch}/\n", "control character U+000A", 9),
				Arguments.of("{a}\uD83D", "unpaired surrogate", 3),
				Arguments.of("{" + "x".repeat(511) + "}", "more than 512 characters", 512),
				Arguments.of(String.join("/", Collections.nCopies(33, "{a}")), "more than 32 segments", 128));
	}

	@ParameterizedTest
	@MethodSource
	void refusesValuesThatWouldChangeWhatIsMeant(String value, String fault) {
		TopicTemplate template = TopicTemplate.of("a/{b}/c");
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> template.expand((variable) -> value))
			.satisfies((ex) -> assertThat(ex.getVariable()).isEqualTo("b"))
			.withMessage("Variable 'b' of topic 'a/{b}/c': " + fault);
	}

	static Stream<Arguments> refusesValuesThatWouldChangeWhatIsMeant() {
		return Stream.of(Arguments.of(null, "it has no value"),
				Arguments.of("", "Invalid value '': it is empty at position 0"),
				Arguments.of("north/secret",
						"Invalid value 'north/secret': '/', which would add a segment at position 5"),
				Arguments.of("/", "Invalid value '/': '/', which would add a segment at position 0"),
				Arguments.of("*", "Invalid value '*': wildcard, but a single topic is required at position 0"),
				Arguments.of("**", "Invalid value '**': wildcard, but a single topic is required at position 0"),
				Arguments.of("a*", "Invalid value 'a*': wildcard, but a single topic is required at position 1"),
				Arguments.of("{c}", "Invalid value '{c}': '{' (a variable without a value?) at position 0"),
				Arguments.of("a\nb", "Invalid value 'a\uFFFDb': control character U+000A at position 1"),
				Arguments.of("\uD83D", "Invalid value '\uFFFD': unpaired surrogate at position 0"),
				Arguments.of("x".repeat(513),
						"Invalid value '" + "x".repeat(100) + "...': more than 512 characters at position 512"));
	}

	@Test
	void valuesCannotMakeAPairOfTwoHalves() {
		assertThatExceptionOfType(InvalidTopicVariableException.class)
			.isThrownBy(() -> TopicTemplate.of("{a}{b}").expand(Map.of("a", "\uD83D", "b", "\uDCDA")::get));
	}

	@Test
	void doesNotLookForVariablesInValues() {
		assertThat(TopicTemplate.of("{a}/{b}").expand(Map.of("a", "$b", "b", "c")::get)).isEqualTo("$b/c");
	}

}
