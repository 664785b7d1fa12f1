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
import java.time.Duration;
import java.util.List;

import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link Replies}.
 */
class RepliesTests {

	@Test
	void aConnectionThatWasClosedMeanwhileGivesNoReply() {
		assertThatExceptionOfType(NoReplyException.class).isThrownBy(() -> Replies.ask(() -> {
			throw new RedisException("Connection is closed");
		}, Duration.ofSeconds(1).toNanos())).withMessageContaining("Connection is closed");
	}

	@Test
	void anAnswerThatWasCutOffAndCameAgainWithinItselfIsNoReply() throws NoReplyException {
		byte[] text = "text".getBytes(StandardCharsets.UTF_8);
		assertThat(Replies.texts(List.of(text, text))).containsExactly("text", "text");
		assertThatExceptionOfType(NoReplyException.class).isThrownBy(() -> Replies.texts(List.of(text, List.of(text))));
	}

	@Test
	void recognisesWhatPassesAsScriptsOfEachVersionSayIt() {
		assertThat(Replies.isPassing("OOM command not allowed when used memory > 'maxmemory'.")).isTrue();
		assertThat(Replies.isPassing("@user_script: 5: -OOM command not allowed when used memory > 'maxmemory'."))
			.isTrue();
		assertThat(Replies.isPassing("WRONGTYPE Operation against a key holding the wrong kind of value")).isFalse();
	}

}
