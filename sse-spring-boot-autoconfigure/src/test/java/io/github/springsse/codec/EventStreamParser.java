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

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The algorithm of
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG section
 * 9.2.6</a>, line by line: one object is one connection. Bytes may come in pieces of any
 * size. At the end of a stream, an event without a blank line is discarded, so no method
 * needs to be called.
 */
final class EventStreamParser {

	private final ByteArrayOutputStream line = new ByteArrayOutputStream();

	private final StringBuilder data = new StringBuilder();

	private final List<Received.Event> events = new ArrayList<>();

	private String type = "";

	private String idBuffer = "";

	private String lastEventId = "";

	private @Nullable Long retry;

	private boolean firstLine = true;

	private boolean afterCarriageReturn;

	static Received parse(byte[] bytes) {
		EventStreamParser parser = new EventStreamParser();
		parser.feed(bytes, 0, bytes.length);
		return parser.received();
	}

	void feed(byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			feed(bytes[i]);
		}
	}

	Received received() {
		return new Received(List.copyOf(this.events), this.lastEventId, this.retry);
	}

	private void feed(byte b) {
		boolean restOfLineEnd = this.afterCarriageReturn && b == '\n';
		this.afterCarriageReturn = (b == '\r');
		if (restOfLineEnd) {
			return;
		}
		if (b == '\r' || b == '\n') {
			endLine();
		}
		else {
			this.line.write(b);
		}
	}

	private void endLine() {
		String text = this.line.toString(StandardCharsets.UTF_8);
		this.line.reset();
		if (this.firstLine && text.startsWith("\uFEFF")) {
			text = text.substring(1);
		}
		this.firstLine = false;
		int colon = text.indexOf(':');
		if (text.isEmpty()) {
			dispatch();
		}
		else if (colon < 0) {
			field(text, "");
		}
		else if (colon > 0) {
			String value = text.substring(colon + 1);
			field(text.substring(0, colon), value.startsWith(" ") ? value.substring(1) : value);
		}
	}

	private void field(String name, String value) {
		if (name.equals("event")) {
			this.type = value;
		}
		else if (name.equals("data")) {
			this.data.append(value).append('\n');
		}
		else if (name.equals("id") && value.indexOf('\0') < 0) {
			this.idBuffer = value;
		}
		else if (name.equals("retry") && value.matches("[0-9]+")) {
			this.retry = Long.valueOf(value);
		}
	}

	private void dispatch() {
		this.lastEventId = this.idBuffer;
		if (!this.data.isEmpty()) {
			this.data.setLength(this.data.length() - 1);
			this.events.add(new Received.Event(this.type.isEmpty() ? "message" : this.type, this.data.toString(),
					this.lastEventId));
		}
		this.data.setLength(0);
		this.type = "";
	}

}
