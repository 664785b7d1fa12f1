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

package io.github.springsse.codec;

import java.util.Set;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventStreamParser}, the reference for the encoder.
 */
class EventStreamParserTests {

	private static final Set<String> LAUNCHDARKLY_DIFFERS = Set.of("byte order mark", "empty event field");

	@ParameterizedTest
	@MethodSource("io.github.springsse.codec.EventStreamVector#all")
	void parsesWholeStream(EventStreamVector vector) {
		assertThat(EventStreamParser.parse(vector.stream())).isEqualTo(vector.expected());
	}

	@ParameterizedTest
	@MethodSource("io.github.springsse.codec.EventStreamVector#all")
	void parsesByteByByte(EventStreamVector vector) {
		EventStreamParser parser = new EventStreamParser();
		for (int i = 0; i < vector.stream().length; i++) {
			parser.feed(vector.stream(), i, i + 1);
		}
		assertThat(parser.received()).isEqualTo(vector.expected());
	}

	@ParameterizedTest
	@MethodSource("io.github.springsse.codec.EventStreamVector#all")
	void parsesStreamCutAnywhere(EventStreamVector vector) {
		for (int cut = 0; cut <= vector.stream().length; cut++) {
			EventStreamParser parser = new EventStreamParser();
			parser.feed(vector.stream(), 0, cut);
			parser.feed(vector.stream(), cut, vector.stream().length);
			assertThat(parser.received()).as("cut at %d", cut).isEqualTo(vector.expected());
		}
	}

	@ParameterizedTest
	@MethodSource("io.github.springsse.codec.EventStreamVector#all")
	void agreesWithLaunchDarklyWhereThatFollowsTheText(EventStreamVector vector) {
		for (int size : new int[] { 1, 2, 3, 1000 }) {
			LaunchDarklyDecoder.Decoded decoded = LaunchDarklyDecoder.decode(vector.stream(),
					(max) -> Math.min(size, max));
			if (LAUNCHDARKLY_DIFFERS.contains(vector.title())) {
				assertThat(decoded.events()).isNotEqualTo(vector.expected().events());
			}
			else {
				assertThat(decoded.events()).isEqualTo(vector.expected().events());
			}
			if (vector.expected().retry() != null) {
				assertThat(decoded.retry()).isEqualTo(vector.expected().retry());
			}
		}
	}

}
