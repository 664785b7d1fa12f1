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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.StreamMessage;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link MergedBatch}.
 */
class MergedBatchTests {

	private static final byte[] ANSWERS = "answers".getBytes(StandardCharsets.US_ASCII);

	@Test
	void entriesOfBothStreamsAreInTheOrderOfTheirIds() throws NoReplyException {
		assertThat(merge(List.of("1-0", "2-1", "5-0"), List.of("1-1", "2-0", "10-0"), 100)).containsExactly("log 1-0",
				"answers 1-1", "answers 2-0", "log 2-1", "log 5-0", "answers 10-0");
	}

	@Test
	void whatOneStreamAloneHasIsTakenWhole() throws NoReplyException {
		assertThat(merge(List.of("1-0", "2-0"), List.of(), 2)).containsExactly("log 1-0", "log 2-0");
		assertThat(merge(List.of(), List.of("1-0", "2-0"), 2)).containsExactly("answers 1-0", "answers 2-0");
		assertThat(merge(List.of(), List.of(), 2)).isEmpty();
	}

	@Test
	void nothingIsHandedOverBeforeTheRestOfAStreamThatHasMore() throws NoReplyException {
		assertThat(merge(List.of("1-0", "3-0"), List.of("2-0", "4-0", "5-0"), 4)).hasSize(5);
		assertThat(merge(List.of("1-0", "3-0"), List.of("2-0"), 2)).containsExactly("log 1-0", "answers 2-0",
				"log 3-0");
		assertThat(merge(List.of("1-0", "3-0"), List.of("4-0"), 2)).containsExactly("log 1-0", "log 3-0");
		assertThat(merge(List.of("6-0"), List.of("2-0", "4-0"), 2)).containsExactly("answers 2-0", "answers 4-0");
		assertThat(merge(List.of("1-0", "5-0"), List.of("2-0", "4-0"), 2)).containsExactly("log 1-0", "answers 2-0",
				"answers 4-0");
		assertThat(merge(List.of("3-0"), List.of("2-0"), 1)).containsExactly("answers 2-0");
	}

	@Test
	void anAnswerThatWasAddedToOneThatWasCutOffIsNone() {
		assertThatExceptionOfType(NoReplyException.class)
			.isThrownBy(() -> merge(List.of("1-0", "1-0", "2-0"), List.of(), 100));
		assertThatExceptionOfType(NoReplyException.class)
			.isThrownBy(() -> merge(List.of("3-0"), List.of("1-0", "2-0", "1-0"), 100));
	}

	private static List<String> merge(List<String> log, List<String> answers, int count) throws NoReplyException {
		List<StreamMessage<byte[], byte[]>> messages = new ArrayList<>();
		log.forEach((id) -> messages.add(new StreamMessage<>("log".getBytes(StandardCharsets.US_ASCII), id, Map.of())));
		answers.forEach((id) -> messages.add(new StreamMessage<>(ANSWERS.clone(), id, Map.of())));
		return MergedBatch.of(messages, ANSWERS, count)
			.items()
			.stream()
			.map((item) -> (item.isAnswer() ? "answers " : "log ") + StreamIds.write(item.id()))
			.toList();
	}

}
