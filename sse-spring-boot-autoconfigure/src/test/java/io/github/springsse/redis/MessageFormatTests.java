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

package io.github.springsse.redis;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.springsse.SseEvent;
import io.github.springsse.Topic;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.HeapProcess;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MessageFormat}.
 */
class MessageFormatTests {

	@Test
	void sizeIsThatOnTheHeap() {
		assertThat(HeapProcess.run(Comparisons.class)).hasSize(3)
			.allSatisfy((name, ratio) -> assertThat(ratio).isBetween(0.8, 1.25));
	}

	public static final class Comparisons {

		private Comparisons() {
		}

		public static void main(String[] args) {
			for (int length : List.of(1, 100, 1000)) {
				HeapProcess.compare("events of " + length,
						() -> IntStream.range(0, 20_000).mapToObj((i) -> fields(i, length)).toList(),
						(entries) -> entries.stream().mapToLong(MessageFormat::size).sum());
			}
		}

		private static Map<byte[], byte[]> fields(int number, int length) {
			LogEntry entry = LogEntry.event(Topic.of("prices/metals"), SseEvent.of("price", "").withKey("gold"),
					"x".repeat(length));
			return MessageFormat.write(Message.of(entry, new Token(Long.MAX_VALUE, number)));
		}

	}

}
