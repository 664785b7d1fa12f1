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

package io.github.springsse;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.springframework.util.Assert;

/**
 * The syntax of topics and patterns: checks, encodes and splits them.
 */
final class TopicSyntax {

	static final int MAX_LENGTH = 512;

	static final int MAX_SEGMENTS = 32;

	private static final String ENCODED = "%/*{}";

	private static final String TOPIC = "topic";

	private static final String PATTERN = "topic pattern";

	private static final String VALUE = "value";

	private TopicSyntax() {
	}

	static void checkTopic(String topic) {
		check(TOPIC, topic);
	}

	static void checkPattern(String pattern) {
		check(PATTERN, pattern);
	}

	/**
	 * Check a value that becomes one segment, or part of one. It must be a topic by
	 * itself.
	 */
	static void checkValue(String value) {
		int slash = value.indexOf('/');
		if (slash != -1) {
			throw new InvalidTopicException(VALUE, value, slash, "'/', which would add a segment");
		}
		check(VALUE, value);
	}

	/**
	 * Encode the characters that a segment cannot contain.
	 */
	static String encode(String text) {
		Assert.notNull(text, "'text' must not be null");
		StringBuilder result = new StringBuilder(text.length());
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (ENCODED.indexOf(c) != -1 || Character.isISOControl(c)) {
				for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
					result.append(String.format("%%%02X", b));
				}
			}
			else {
				result.append(c);
			}
		}
		return result.toString();
	}

	/**
	 * Return the segments of a checked text.
	 */
	static List<String> split(String text) {
		List<String> segments = new ArrayList<>(4);
		for (int start = 0; start <= text.length();) {
			int end = segmentEnd(text, start);
			segments.add(text.substring(start, end));
			start = end + 1;
		}
		return List.copyOf(segments);
	}

	static int segmentEnd(String text, int start) {
		int slash = text.indexOf('/', start);
		return (slash != -1) ? slash : text.length();
	}

	private static void check(String kind, String text) {
		Assert.notNull(text, () -> "'" + kind + "' must not be null");
		if (text.length() > MAX_LENGTH) {
			throw new InvalidTopicException(kind, text, MAX_LENGTH, "more than " + MAX_LENGTH + " characters");
		}
		int segments = 0;
		for (int start = 0; start <= text.length();) {
			int end = segmentEnd(text, start);
			checkSegment(kind, text, start, end);
			if (++segments > MAX_SEGMENTS) {
				throw new InvalidTopicException(kind, text, start, "more than " + MAX_SEGMENTS + " segments");
			}
			start = end + 1;
		}
	}

	private static void checkSegment(String kind, String text, int start, int end) {
		if (start == end) {
			throw new InvalidTopicException(kind, text, start, text.isEmpty() ? "it is empty" : "empty segment");
		}
		for (int i = start; i < end; i++) {
			char c = text.charAt(i);
			if (c == '*') {
				checkWildcard(kind, text, start, end, i);
			}
			else if (c == '{' || c == '}') {
				throw new InvalidTopicException(kind, text, i, "'" + c + "' (a variable without a value?)");
			}
			else if (Character.isISOControl(c)) {
				throw new InvalidTopicException(kind, text, i, String.format("control character U+%04X", (int) c));
			}
			else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
				i++;
			}
			else if (Character.isSurrogate(c)) {
				throw new InvalidTopicException(kind, text, i, "unpaired surrogate");
			}
		}
	}

	private static void checkWildcard(String kind, String text, int start, int end, int position) {
		if (!kind.equals(PATTERN)) {
			throw new InvalidTopicException(kind, text, position, "wildcard, but a single topic is required");
		}
		boolean wholeSegment = text.startsWith("*", start) && end - start == 1;
		boolean rest = text.startsWith("**", start) && end - start == 2;
		if (!wholeSegment && !rest) {
			throw new InvalidTopicException(kind, text, position, "'*' that is not a whole segment");
		}
		if (rest && end != text.length()) {
			throw new InvalidTopicException(kind, text, position, "'**' that is not the last segment");
		}
	}

}
