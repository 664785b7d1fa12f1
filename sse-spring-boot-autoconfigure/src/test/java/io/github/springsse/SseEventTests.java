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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link SseEvent}.
 */
class SseEventTests {

	@Test
	void hasDataAlone() {
		SseEvent event = SseEvent.of(List.of(1));
		assertThat(event.getName()).isNull();
		assertThat(event.getKey()).isNull();
		assertThat(event.getData()).isEqualTo(List.of(1));
	}

	@Test
	void hasNameAndData() {
		SseEvent event = SseEvent.of("borrowed", "text");
		assertThat(event.getName()).isEqualTo("borrowed");
		assertThat(event.getData()).isEqualTo("text");
	}

	@Test
	void withKeyLeavesTheOriginalAsItIs() {
		SseEvent original = SseEvent.of("price", 1);
		SseEvent event = original.withKey("gold");
		assertThat(event.getKey()).isEqualTo("gold");
		assertThat(event.getName()).isEqualTo("price");
		assertThat(event.getData()).isEqualTo(1);
		assertThat(original.getKey()).isNull();
	}

	@Test
	void keepsHints() {
		SsePayloadHints hints = new SsePayloadHints(List.class, Object.class);
		assertThat(SseEvent.of("data").getHints()).isEqualTo(SsePayloadHints.NONE);
		assertThat(SseEvent.of("name", "data").withHints(hints).withKey("key").exceptStream("id"))
			.satisfies((event) -> {
				assertThat(event.getHints()).isEqualTo(hints);
				assertThat(event.withHints(SsePayloadHints.NONE).getKey()).isEqualTo("key");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\rb", "a\0b", "\n", "a\r\ndata: forged" })
	void refusesNamesThatWouldForgeFields(String name) {
		int position = name.startsWith("a") ? 1 : 0;
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of(name, "data"))
			.withMessage("'name' must not have CR, LF or NUL: U+%04X at position %d", (int) name.charAt(position),
					position);
	}

	@Test
	void boundsNameAndKey() {
		String longest = "n".repeat(512);
		assertThat(SseEvent.of(longest, "data").withKey(longest).getKey()).isEqualTo(longest);
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of(longest + "n", "data"))
			.withMessage(
					"'name' must not have more than 512 characters, and has 513: move the variable parts into the data");
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of("data").withKey("k".repeat(1_000_000)))
			.withMessage("'key' must not have more than 512 characters, and has 1000000: "
					+ "use the id of the subject of the event, or a hash of it");
	}

	@Test
	void idThatIsLongerThanThatOfAnyStreamLeavesOutNone() {
		assertThat(SseEvent.of("data").exceptStream("s".repeat(512)).getExceptStream()).hasSize(512);
		assertThat(SseEvent.of("data").exceptStream("s".repeat(513)).getExceptStream()).isNull();
	}

	@Test
	void takesAnyOtherName() {
		assertThat(SseEvent.of(" a: \u2028\uD83D\uDCDA", "data").getName()).isEqualTo(" a: \u2028\uD83D\uDCDA");
	}

	@Test
	@SuppressWarnings("NullAway")
	void refusesWhatIsMissing() {
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of("", "data"))
			.withMessage("'name' must not be empty");
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of(null)).withMessage("'data' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of("name", null))
			.withMessage("'data' must not be null");
		assertThatIllegalArgumentException().isThrownBy(() -> SseEvent.of("data").withKey(null))
			.withMessage("'key' must not be null");
	}

	@Test
	void showsItselfInLogs() {
		assertThat(SseEvent.of("a", 1).withKey("k")).hasToString("SseEvent[name=a, key=k, data=1]");
	}

}
