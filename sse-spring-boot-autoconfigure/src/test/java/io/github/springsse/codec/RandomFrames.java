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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

/**
 * Creates frames with text that is difficult for event streams.
 */
final class RandomFrames {

	private static final String[] PIECES = { "\n", "\r", "\r\n", "\n\n", "\r\r", "\n\r", ":", ": ", " ", "  ", "\t",
			"\0", "\uFEFF", "data", "data:", "data: x\n", "data: x\n\n", "id: x", "id: 9\n", "event: x\r",
			"retry: 1\r\n", "retry:", "\u0085", "\u000B", "\f", "\u2028", "\u2029", "\u007F", "\u0080", "\u07FF",
			"\u0800", "\uD7FF", "\uE000", "\uFFFD", "\uFFFE", "\uFFFF", "\uD83D\uDE00", "\uDBFF\uDFFF", "\uD800\uDC00",
			"\uD83D", "\uDE00", "\uD83D\r", "e\u0301", "\u20AC", "\u00DF", "a", "x y", "{\"a\":[1,null]}" };

	private final Random random;

	RandomFrames(Random random) {
		this.random = random;
	}

	List<Sent> next(int max) {
		List<Sent> frames = new ArrayList<>();
		int count = 1 + this.random.nextInt(max);
		for (int i = 0; i < count; i++) {
			frames.add(frame());
		}
		return frames;
	}

	Sent.Event event() {
		return new Sent.Event(id(), name(), text());
	}

	Sent.Position position() {
		return new Sent.Position(label());
	}

	private Sent frame() {
		return switch (this.random.nextInt(10)) {
			case 0 -> new Sent.Comment(text());
			case 1 -> position();
			case 2 -> new Sent.Retry(Duration.ofMillis(this.random.nextLong() >>> (1 + this.random.nextInt(63))));
			default -> event();
		};
	}

	private @Nullable String id() {
		return switch (this.random.nextInt(4)) {
			case 0, 1 -> null;
			case 2 -> Integer.toString(this.random.nextInt());
			default -> label();
		};
	}

	private @Nullable String name() {
		return switch (this.random.nextInt(5)) {
			case 0 -> null;
			case 1 -> "message";
			case 2 -> "error";
			case 3 -> "borrowed";
			default -> label();
		};
	}

	private String label() {
		return text().replaceAll("[\r\n\0]", "");
	}

	private String text() {
		StringBuilder text = new StringBuilder();
		int pieces = this.random.nextInt(8);
		for (int i = 0; i < pieces; i++) {
			text.append(piece().repeat((this.random.nextInt(60) > 0) ? 1 : this.random.nextInt(2000)));
		}
		return text.toString();
	}

	private String piece() {
		return switch (this.random.nextInt(10)) {
			case 0 -> Character.toString(this.random.nextInt(Character.MAX_CODE_POINT + 1));
			case 1 -> Character.toString(this.random.nextInt(Character.MAX_VALUE + 1));
			default -> PIECES[this.random.nextInt(PIECES.length)];
		};
	}

}
