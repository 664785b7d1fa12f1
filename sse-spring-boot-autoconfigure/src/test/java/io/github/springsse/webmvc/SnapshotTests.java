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

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.management.ThreadMXBean;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.autoconfigure.SseJacksonAutoConfiguration;
import io.github.springsse.codec.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

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
				assertCostsTwice(Collections.nCopies(100_000, Map.of("name", "x".repeat(200))), encoder);
			});
	}

	@Test
	void textIsWrittenWithinItsSize() {
		String text = "x".repeat(20_000_000);
		frame("warm-up", Object::toString);
		allocated();
		long before = allocated();
		Frame frame = frame(text, Object::toString);
		assertThat(allocated() - before).isBetween(20_000_000L, 20_500_000L);
		assertThat(frame.size()).isGreaterThan(20_000_000);
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "\n", "\u65E5", "\r\n", "\uD83D\uDCDA" })
	void bytesThatAreToldOfAreThoseOfTheFrame(String part) {
		AtomicInteger told = new AtomicInteger();
		Frame frame = Snapshot.of(part.repeat(1000)).frames(null, Object::toString, told::addAndGet).get(0);
		assertThat(told.get()).isBetween(frame.size(), frame.size() + 100);
	}

	private static void assertCostsTwice(Object data, SsePayloadEncoder encoder) {
		// the first one loads classes
		allocated();
		frame(List.of("warm-up"), encoder);
		long before = allocated();
		Frame frame = frame(data, encoder);
		assertThat(frame.size()).isGreaterThan(20_000_000);
		// the objects of the iteration are garbage at once
		assertThat(allocated() - before).isBetween(2L * frame.size(), 5L * frame.size() / 2);
	}

	private static Frame frame(Object data, SsePayloadEncoder encoder) {
		return Snapshot.of(data).frames(null, encoder, (bytes) -> {
		}).get(0);
	}

	private static long allocated() {
		return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
	}

}
