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

package io.github.springsse.delivery;

import java.io.IOException;
import java.io.Writer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import org.junit.jupiter.api.Test;

import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link EventSize}.
 */
class EventSizeTests {

	private final AtomicLong written = new AtomicLong();

	private final DirectFrames frames = new DirectFrames(new Endless(), new EventSize(100_000));

	@Test
	void dataIsRefusedWhileItIsWritten() {
		assertThatExceptionOfType(InvalidSseDataException.class).isThrownBy(() -> this.frames.encode(Map.of(), null))
			.withMessageContaining("increase sse.limits.event-size");
		assertThat(this.written.get()).isBetween(100_000L, 170_000L);
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> this.frames.encode(SseEvent.of("name", Map.of()), null));
	}

	@Test
	void textIsMeasuredBeforeItIsWritten() {
		assertThatNoException().isThrownBy(() -> this.frames.encode(SseEvent.of("x".repeat(99_900)), null));
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> this.frames.encode(SseEvent.of("x".repeat(100_000)), null));
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> this.frames.encode("\u65E5".repeat(34_000), null));
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> this.frames.encode(SseEmitter.event().comment("x".repeat(100_000)).build()));
	}

	private final class Endless implements SsePayloadEncoder {

		@Override
		public String encode(Object data) {
			throw new IllegalStateException("Not as one text");
		}

		@Override
		public void encode(Object data, Writer writer) throws IOException {
			while (true) {
				writer.write("0123456789");
				EventSizeTests.this.written.addAndGet(10);
			}
		}

	}

}
