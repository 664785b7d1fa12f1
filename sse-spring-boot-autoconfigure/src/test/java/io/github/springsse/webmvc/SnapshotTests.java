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

package io.github.springsse.webmvc;

import java.io.IOException;
import java.io.Writer;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Type;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePayloadHints;
import io.github.springsse.autoconfigure.SseJacksonAutoConfiguration;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.ResolvableType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What it costs to write a snapshot.
 */
class SnapshotTests {

	@Test
	void objectsAreWrittenWithinTwiceTheirSize() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SseJacksonAutoConfiguration.class))
			.withBean(JsonMapper.class, () -> JsonMapper.builder().build())
			.run((context) -> {
				SsePayloadEncoder encoder = context.getBean(SsePayloadEncoder.class);
				List<?> data = Collections.nCopies(100_000, Map.of("name", "x".repeat(200)));
				assertCostsTwice(data, SsePayloadHints.NONE, encoder);
				Type type = ResolvableType.forClassWithGenerics(List.class, Map.class).getType();
				assertCostsTwice(data, new SsePayloadHints(type, Object.class), encoder);
			});
	}

	@Test
	void textIsWrittenWithinItsSize() {
		String text = "x".repeat(20_000_000);
		frame("warm-up", SsePayloadHints.NONE, Object::toString);
		allocated();
		long before = allocated();
		Frame frame = frame(text, SsePayloadHints.NONE, Object::toString);
		assertThat(allocated() - before).isBetween(20_000_000L, 20_500_000L);
		assertThat(frame.size()).isGreaterThan(20_000_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "\n", "\u65E5", "\r\n", "\uD83D\uDCDA" })
	void bytesThatAreToldOfAreThoseOfTheFrame(String part) {
		AtomicInteger told = new AtomicInteger();
		Frame frame = Snapshot.of(new Returned(part.repeat(1000), SsePayloadHints.NONE))
			.frames(null, Object::toString, new SnapshotSize(Long.MAX_VALUE, told::addAndGet, "a method"))
			.get(0);
		assertThat(told.get()).isBetween(frame.size(), frame.size() + 100);
	}

	@Test
	void isRefusedWhileItIsWritten() {
		AtomicInteger written = new AtomicInteger();
		SsePayloadEncoder endless = new SsePayloadEncoder() {

			@Override
			public String encode(Object data) {
				throw new IllegalStateException("Not as one text");
			}

			@Override
			public void encode(Object data, Writer writer) throws IOException {
				while (true) {
					writer.write("0123456789");
					written.addAndGet(10);
				}
			}

		};
		SnapshotSize size = new SnapshotSize(1_000_000, FrameMemory.UNBOUNDED, "a method");
		Snapshot snapshot = Snapshot.of(new Returned(Map.of(), SsePayloadHints.NONE));
		assertThatExceptionOfType(SnapshotTooLargeException.class)
			.isThrownBy(() -> snapshot.frames(null, endless, size))
			.withMessageContaining("a method");
		assertThat(written.get()).isBetween(1_000_000, 1_100_000);
	}

	@Test
	void eventsOfASnapshotCountTogether() {
		SnapshotSize size = new SnapshotSize(1000, FrameMemory.UNBOUNDED, "a method");
		Snapshot snapshot = Snapshot.of(new Returned(
				List.of(SseEvent.of("x".repeat(600)), SseEvent.of("x".repeat(600))), SsePayloadHints.NONE));
		assertThatExceptionOfType(SnapshotTooLargeException.class)
			.isThrownBy(() -> snapshot.frames(null, Object::toString, size));
	}

	private static void assertCostsTwice(Object data, SsePayloadHints hints, SsePayloadEncoder encoder) {
		// the first one loads classes
		allocated();
		frame(List.of(Map.of()), hints, encoder);
		long before = allocated();
		Frame frame = frame(data, hints, encoder);
		assertThat(frame.size()).isGreaterThan(20_000_000);
		// the objects of the iteration are garbage at once
		assertThat(allocated() - before).isBetween(2L * frame.size(), 5L * frame.size() / 2);
	}

	private static Frame frame(Object data, SsePayloadHints hints, SsePayloadEncoder encoder) {
		return Snapshot.of(new Returned(data, hints))
			.frames(null, encoder, new SnapshotSize(Long.MAX_VALUE, FrameMemory.UNBOUNDED, "a method"))
			.get(0);
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

}
