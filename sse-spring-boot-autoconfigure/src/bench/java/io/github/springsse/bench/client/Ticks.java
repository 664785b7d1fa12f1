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

package io.github.springsse.bench.client;

/**
 * The JSON of events.
 */
final class Ticks {

	private static final int LONGEST = 1 << 16;

	private static final String FILL = "x".repeat(LONGEST);

	private Ticks() {
	}

	/**
	 * Write an event.
	 * @param text where to
	 * @param number counts the events
	 * @param sent when it is to be published
	 * @param size how long it is, if that is enough
	 */
	static void append(StringBuilder text, long number, long sent, int size) {
		int end = text.length() + size;
		text.append("{\"number\":").append(number).append(",\"sent\":").append(sent).append(",\"text\":\"");
		text.append(FILL, 0, Math.max(0, end - 2 - text.length())).append("\"}");
	}

}
