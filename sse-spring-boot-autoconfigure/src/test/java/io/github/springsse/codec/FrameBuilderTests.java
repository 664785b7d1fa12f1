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

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class FrameBuilderTests {

	private static final String[] PARTS = { "a", "bc", "\n", "\r", "\r\n", "\u00E9", "\u20AC", "\uD83D\uDE00", "\uD83D",
			"\uDE00", "\0", "x".repeat(300), "" };

	/**
	 * Tests that the frame is the same however the text is split into pieces.
	 */
	@Test
	void frameIsThatOfTheWholeText() {
		Random random = new Random(12);
		for (int round = 0; round < 3000; round++) {
			StringBuilder text = new StringBuilder();
			for (int i = random.nextInt(12); i > 0; i--) {
				text.append(PARTS[random.nextInt(PARTS.length)]);
			}
			Frame frame = EventStreamEncoder.event("1", "n\u00E4me", (writer) -> {
				int from = 0;
				while (from < text.length()) {
					int to = from + 1 + random.nextInt(text.length() - from);
					switch (random.nextInt(3)) {
						case 0 -> writer.write(text.toString(), from, to - from);
						case 1 -> writer.write(text.substring(from, to).toCharArray());
						default -> {
							for (int i = from; i < to; i++) {
								writer.write(text.charAt(i));
							}
						}
					}
					from = to;
				}
			}, (bytes) -> {
			});
			Frame whole = EventStreamEncoder.event("1", "n\u00E4me", text.toString());
			assertThat(frame.toByteArray()).as(text.toString()).isEqualTo(whole.toByteArray());
			assertThat(frame.array()).isEqualTo(whole.array());
		}
	}

	@Test
	void tellsOfTwiceTheSizeAtTheMost() {
		List<Integer> allocations = new ArrayList<>();
		Frame frame = EventStreamEncoder.event(null, null, (writer) -> {
			for (int i = 0; i < 1_000_000; i++) {
				writer.write("0123456789");
			}
		}, allocations::add);
		assertThat(frame.size()).isGreaterThan(10_000_000);
		assertThat(allocations.stream().mapToLong(Integer::longValue).sum()).isBetween(20_000_000L, 20_100_000L);
	}

	@Test
	void stopsWhereThereIsNoRoom() {
		FrameBuilder builder = new FrameBuilder((bytes) -> {
			throw new IllegalStateException("no room for " + bytes);
		});
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> builder.text("text"));
	}

}
