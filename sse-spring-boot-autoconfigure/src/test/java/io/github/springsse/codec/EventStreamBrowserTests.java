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

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests that the {@code EventSource} of a browser gets back what
 * {@link EventStreamEncoder} was given. Skipped where there is no Chromium.
 */
@Tag("long")
class EventStreamBrowserTests {

	private static final long SEED = Long.getLong("sse.test.seed", 20260102);

	private final RandomFrames frames = new RandomFrames(new Random(SEED));

	private Path chromium;

	@TempDir
	private Path directory;

	@BeforeEach
	void findChromium() {
		Optional<Path> chromium = EventSourcePage.findChromium();
		assumeTrue(chromium.isPresent(), "No chromium or google-chrome on the path");
		this.chromium = chromium.orElseThrow();
	}

	@Test
	void browserGetsWhatWasSentAndResumesFromTheCursor() throws IOException {
		List<Sent> first = framesWithoutRetry(300);
		first.add(new Sent.Event("large", null, "\uD83D\uDE00 \u20AC\r\n".repeat(400_000)));
		first.add(new Sent.Retry(Duration.ofMillis(1)));
		first.add(new Sent.Position("halfway \u20AC"));
		byte[] cut = new Sent.Event("cut", null, "never seen").encode();
		List<Sent> second = framesWithoutRetry(300);
		second.add(new Sent.Position("end"));
		List<Sent> sent = new ArrayList<>(first);
		sent.addAll(second);
		List<Received.Event> expected = Received.from(sent).events();
		try (EventSourcePage page = new EventSourcePage(types(expected),
				List.of(List.of(join(Sent.encode(first), Arrays.copyOf(cut, cut.length - 1)), Sent.encode(second))))) {
			List<Received.Event> received = page.open(this.chromium, this.directory).get(0);
			assertThat(received).as("seed %d", SEED).isEqualTo(expected);
			assertThat(page.lastEventIds(0)).containsExactly("", "halfway \u20AC", "end");
		}
	}

	@Test
	void browserAndParserAgreeOnStreamsOfAnotherHand() throws IOException {
		List<EventStreamVector> vectors = EventStreamVector.all();
		Set<String> types = types(vectors.stream().flatMap((vector) -> vector.expected().events().stream()).toList());
		try (EventSourcePage page = new EventSourcePage(types,
				vectors.stream().map((vector) -> List.of(vector.stream())).toList())) {
			List<List<Received.Event>> received = page.open(this.chromium, this.directory);
			for (int i = 0; i < vectors.size(); i++) {
				EventStreamVector vector = vectors.get(i);
				assertThat(received.get(i)).as(vector.title()).isEqualTo(vector.expected().events());
				assertThat(page.lastEventIds(i)).as(vector.title())
					.containsExactly("", vector.expected().lastEventId());
			}
		}
	}

	private List<Sent> framesWithoutRetry(int count) {
		List<Sent> frames = new ArrayList<>();
		while (frames.size() < count) {
			this.frames.next(10).stream().filter((frame) -> !(frame instanceof Sent.Retry)).forEach(frames::add);
		}
		return frames;
	}

	private static Set<String> types(List<Received.Event> events) {
		return events.stream().map(Received.Event::type).collect(Collectors.toSet());
	}

	private static byte[] join(byte[] first, byte[] second) {
		byte[] joined = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, joined, first.length, second.length);
		return joined;
	}

}
