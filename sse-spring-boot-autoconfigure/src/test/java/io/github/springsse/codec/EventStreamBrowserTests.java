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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.springsse.testsupport.BrowserEngine;
import io.github.springsse.testsupport.BrowserFrames;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the {@code EventSource} of browsers restores the input of
 * {@link EventStreamEncoder}. Browsers that are not installed are skipped.
 */
@Tag("long")
class EventStreamBrowserTests {

	private static final long SEED = Long.getLong("sse.test.seed", 20260102);

	/**
	 * Streams that engines do not parse as the WHATWG specification requires. An id
	 * without data is lost in Firefox, and arrives with the next data in WebKit; an event
	 * with a NUL in its id is lost in Firefox. The encoder writes none of these.
	 */
	private static final Map<BrowserEngine, Set<String>> EXCEPTIONS = Map.of( //
			BrowserEngine.CHROMIUM, Set.of(), //
			BrowserEngine.FIREFOX, Set.of("no data", "id without data", "NUL in id"), //
			BrowserEngine.WEBKIT, Set.of("id without data"));

	/** Has a browser reconnect at once, and not after seconds, as it does by default. */
	private static final byte[] NO_DELAY = new Sent.Retry(Duration.ofMillis(1)).encode();

	@RegisterExtension
	private static final BrowserFrames browsers = new BrowserFrames();

	private final RandomFrames frames = new RandomFrames(new Random(SEED));

	@ParameterizedTest
	@EnumSource
	void browserGetsWhatWasSentAndResumesFromTheCursor(BrowserEngine engine) throws IOException {
		List<Sent> first = frames(engine, 300);
		first.add(new Sent.Event("large", null, "\uD83D\uDE00 \u20AC\r\n".repeat(400_000)));
		first.add(new Sent.Retry(Duration.ofMillis(1)));
		first.add(new Sent.Position("halfway \u20AC"));
		byte[] cut = new Sent.Event("cut", null, "never seen").encode();
		List<Sent> second = frames(engine, 300);
		second.add(new Sent.Position("end"));
		List<Sent> sent = new ArrayList<>(first);
		sent.addAll(second);
		List<Received.Event> expected = Received.from(sent).events();
		try (EventSourcePage page = new EventSourcePage(types(expected),
				List.of(List.of(join(Sent.encode(first), Arrays.copyOf(cut, cut.length - 1)), Sent.encode(second))))) {
			List<Received.Event> received = page.open(browsers.get(engine, "browser")).get(0);
			assertThat(received).as("seed %d", SEED).isEqualTo(expected);
			assertThat(page.lastEventIds(0)).containsExactly("", "halfway \u20AC", "end");
		}
	}

	@ParameterizedTest
	@EnumSource
	void browserAndParserAgreeOnStreamsOfAnotherHand(BrowserEngine engine) throws IOException {
		List<EventStreamVector> vectors = EventStreamVector.all()
			.stream()
			.filter((vector) -> !EXCEPTIONS.get(engine).contains(vector.title()))
			.toList();
		Set<String> types = types(vectors.stream().flatMap((vector) -> vector.expected().events().stream()).toList());
		try (EventSourcePage page = new EventSourcePage(types,
				vectors.stream().map((vector) -> List.of(NO_DELAY, vector.stream())).toList())) {
			List<List<Received.Event>> received = page.open(browsers.get(engine, "browser"));
			SoftAssertions soft = new SoftAssertions();
			for (int i = 0; i < vectors.size(); i++) {
				EventStreamVector vector = vectors.get(i);
				soft.assertThat(received.get(i)).as(vector.title()).isEqualTo(vector.expected().events());
				soft.assertThat(page.lastEventIds(i))
					.as(vector.title())
					.containsExactly("", "", vector.expected().lastEventId());
			}
			soft.assertAll();
		}
	}

	private List<Sent> frames(BrowserEngine engine, int count) {
		List<Sent> frames = new ArrayList<>();
		while (frames.size() < count) {
			this.frames.next(10)
				.stream()
				.filter((frame) -> !(frame instanceof Sent.Retry))
				.map((frame) -> (engine != BrowserEngine.FIREFOX) ? frame : withoutNul(frame))
				.forEach(frames::add);
		}
		return frames;
	}

	/**
	 * Firefox drops a NUL of data, unless it is the first character.
	 */
	private static Sent withoutNul(Sent frame) {
		return (frame instanceof Sent.Event event)
				? new Sent.Event(event.id(), event.name(), event.data().replace("\0", "")) : frame;
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
