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

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

import io.github.springsse.testsupport.Rounds;
import io.github.springsse.testsupport.Torture;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with random frames that a client restores the input of
 * {@link EventStreamEncoder}. A failure names the seed; {@code -Dsse.test.seed=...} sets
 * another.
 */
@Torture
class EventStreamRoundTripTests {

	private static final long SEED = Long.getLong("sse.test.seed", 20260101);

	private static final Pattern LINE = Pattern.compile("(id|event|data|retry|): |data$");

	private final Random random = new Random(SEED);

	private final RandomFrames frames = new RandomFrames(this.random);

	@Test
	void parserGetsWhatWasSent() {
		for (int i = 0; i < Rounds.of(4_000, 20_000); i++) {
			List<Sent> sent = this.frames.next(6);
			byte[] stream = Sent.encode(sent);
			EventStreamParser parser = new EventStreamParser();
			int piece = anyPiece();
			for (int from = 0; from < stream.length; from += piece) {
				parser.feed(stream, from, Math.min(from + piece, stream.length));
			}
			assertThat(parser.received()).as("seed %d, case %d: %s", SEED, i, sent).isEqualTo(Received.from(sent));
		}
	}

	@Test
	void launchDarklyGetsWhatWasSent() {
		for (int i = 0; i < Rounds.of(1_000, 2_000); i++) {
			List<Sent> sent = this.frames.next(6);
			Received expected = Received.from(sent);
			LaunchDarklyDecoder.Decoded decoded = LaunchDarklyDecoder.decode(Sent.encode(sent),
					(max) -> Math.min(anyPiece(), max));
			assertThat(decoded.events()).as("seed %d, case %d: %s", SEED, i, sent).isEqualTo(expected.events());
			assertThat(decoded.comments()).as("seed %d, case %d: %s", SEED, i, sent).isEqualTo(commentLines(sent));
			if (expected.retry() != null) {
				assertThat(decoded.retry()).as("seed %d, case %d: %s", SEED, i, sent).isEqualTo(expected.retry());
			}
		}
	}

	@Test
	void frameThatIsCutShortIsAsIfNeverSent() {
		for (int i = 0; i < Rounds.of(1_000, 2_000); i++) {
			List<Sent> before = this.frames.next(2);
			byte[] stream = Sent.encode(before);
			byte[] cut = (this.random.nextBoolean() ? this.frames.event() : this.frames.position()).encode();
			EventStreamParser parser = new EventStreamParser();
			parser.feed(stream, 0, stream.length);
			parser.feed(cut, 0, this.random.nextBoolean() ? cut.length - 1 : this.random.nextInt(cut.length));
			assertThat(parser.received()).as("seed %d, case %d: %s", SEED, i, before).isEqualTo(Received.from(before));
		}
	}

	@Test
	void everyLineIsAFieldOrACommentAndOnlyTheLastOfAnEventIsBlank() throws CharacterCodingException {
		for (int i = 0; i < Rounds.of(1_000, 2_000); i++) {
			for (Sent sent : this.frames.next(6)) {
				String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(sent.encode())).toString();
				boolean event = sent instanceof Sent.Event || sent instanceof Sent.Position;
				assertThat(text).as("seed %d, case %d: %s", SEED, i, sent)
					.endsWith(event ? "\n\n" : "\n")
					.doesNotContain("\r");
				assertThat(text.substring(0, text.length() - (event ? 2 : 1)).split("\n", -1))
					.as("seed %d, case %d: %s", SEED, i, sent)
					.allMatch((line) -> LINE.matcher(line).lookingAt());
			}
		}
	}

	private int anyPiece() {
		return switch (this.random.nextInt(3)) {
			case 0 -> 1;
			case 1 -> 1 + this.random.nextInt(20);
			default -> Integer.MAX_VALUE / 2;
		};
	}

	private static List<String> commentLines(List<Sent> sent) {
		List<String> lines = new ArrayList<>();
		for (Sent frame : sent) {
			if (frame instanceof Sent.Comment comment) {
				lines.addAll(Arrays.asList(Received.normalise(comment.text()).split("\n", -1)));
			}
		}
		return lines;
	}

}
