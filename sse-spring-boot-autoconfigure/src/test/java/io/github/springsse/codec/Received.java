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

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The state of a client: its events, its last event id and its reconnection time in
 * milliseconds, if the stream has set one.
 */
record Received(List<Event> events, String lastEventId, @Nullable Long retry) {

	/**
	 * Return the expected state of a client for frames, independent of their bytes.
	 * @param frames the frames, in the order they are sent
	 * @return the expected state
	 */
	static Received from(List<? extends Sent> frames) {
		List<Event> got = new ArrayList<>();
		String id = "";
		Long delay = null;
		for (Sent frame : frames) {
			if (frame instanceof Sent.Event event) {
				id = (event.id() != null) ? normalise(event.id()) : id;
				got.add(new Event(type(event), normalise(event.data()), id));
			}
			else if (frame instanceof Sent.Position position) {
				id = normalise(position.id());
				got.add(new Event("cursor", "", id));
			}
			else if (frame instanceof Sent.Retry wait) {
				delay = wait.delay().toMillis();
			}
		}
		return new Received(got, id, delay);
	}

	private static String type(Sent.Event event) {
		return (event.name() == null || event.name().isEmpty()) ? "message" : normalise(event.name());
	}

	/**
	 * Convert a text as a stream does: every line end becomes LF, and an unpaired
	 * surrogate becomes U+FFFD.
	 * @param text the text
	 * @return the text that a client receives
	 */
	static String normalise(String text) {
		StringBuilder normalised = new StringBuilder(text.length());
		text.replace("\r\n", "\n")
			.replace('\r', '\n')
			.codePoints()
			.map((c) -> (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? 0xFFFD : c)
			.forEach(normalised::appendCodePoint);
		return normalised.toString();
	}

	record Event(String type, String data, String lastEventId) {

	}

}
