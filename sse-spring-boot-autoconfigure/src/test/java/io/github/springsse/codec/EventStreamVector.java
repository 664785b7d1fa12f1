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

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * A stream that was written by others, and the expected result of a client. Most are
 * cases of the {@code eventsource} directory of the web-platform-tests.
 */
record EventStreamVector(String title, byte[] stream, Received expected) {

	static List<EventStreamVector> all() {
		return List.of( //
				of("line ends", "data:test\r\ndata\ndata:test\r\n\r", "", null, message("test\n\ntest", "")),
				of("only CR", "id:1\rdata:a\r\rdata:b\r\r", "1", null, message("a", "1"), message("b", "1")),
				of("only CRLF", "id:1\r\ndata:a\r\n\r\ndata:b\r\n\r\n", "1", null, message("a", "1"),
						message("b", "1")),
				of("data field", "data:\n\ndata\ndata\n\ndata:test\n\n", "", null, message("", ""), message("\n", ""),
						message("test", "")),
				of("no data", "event: a\n\nid: 1\n\n\n\ndata: x\n\n", "1", null, message("x", "1")),
				of("leading space", "data:\ttest\rdata: \ndata:  two\n\n", "", null, message("\ttest\n\n two", "")),
				of("byte order mark", "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", "", null, message("1", ""),
						message("3", "")),
				of("two byte order marks", "\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n", "", null, message("2", ""),
						message("3", "")),
				of("byte order mark in data", "data:\uFEFF\n\ndata: \uFEFFa\uFEFF\n\n", "", null, message("\uFEFF", ""),
						message("\uFEFFa\uFEFF", "")),
				of("NUL in id", "id:1\ndata:a\n\nid:2\0\ndata:b\n\n", "1", null, message("a", "1"), message("b", "1")),
				of("id persists", "id: 1\ndata:a\n\ndata:b\n\nid: 2\ndata:c\n\n", "2", null, message("a", "1"),
						message("b", "1"), message("c", "2")),
				of("id is reset", "id: 1\ndata:a\n\nid\ndata:b\n\nid: 2\ndata:c\n\nid:\ndata:d\n\n", "", null,
						message("a", "1"), message("b", ""), message("c", "2"), message("d", "")),
				of("id without data", "id: 1\ndata:a\n\nid: 2\n\n", "2", null, message("a", "1")),
				of("event field", "event:test\ndata:a\n\ndata:b\n\nevent: test \ndata:c\n\n", "", null,
						new Received.Event("test", "a", ""), message("b", ""), new Received.Event("test ", "c", "")),
				of("empty event field", "event: \ndata:a\n\nevent:test\nevent\ndata:b\n\n", "", null, message("a", ""),
						message("b", "")),
				of("event field lasts one block", "event:test\n\ndata:a\n\n", "", null, message("a", "")),
				of("retry", "retry: 03000\ndata:a\n\n", "", 3000L, message("a", "")),
				of("bogus retry", "retry:3000\nretry:1000x\nretry: -1\nretry:\nretry:\uFF11\nretry:1 \ndata:a\n\n", "",
						3000L, message("a", "")),
				of("comments",
						"data:1\r:\0\n:\r\ndata:2\n:" + "x".repeat(2000) + "\rdata:3\n:data:fail\r:" + "x".repeat(2000)
								+ "\ndata:4\n\n",
						"", null, message("1\n2\n3\n4", "")),
				of("other fields",
						"data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\r"
								+ "data:\r\n data:32\ndata :6\ndata:4\n\n",
						"", null, message("\0\n 2\n1\n3\n\n4", "")),
				of("end before the blank line", "data:a\n\nid:1\nevent:test\ndata:b\n", "", null, message("a", "")),
				of("end within the line", "id:1\ndata:a\n\nid:2\ndata:b\n\nid:3\ndata:c", "2", null, message("a", "1"),
						message("b", "2")),
				of("UTF-8", "id: \u00E9\uD83D\uDE00\nevent: \u20AC\ndata: a\u00E9\u20AC\uD83D\uDE00\n\n",
						"\u00E9\uD83D\uDE00", null,
						new Received.Event("\u20AC", "a\u00E9\u20AC\uD83D\uDE00", "\u00E9\uD83D\uDE00")),
				of("other line separators", "data: a\u2028b\u2029c\u0085d\u000Be\f\n\n", "", null,
						message("a\u2028b\u2029c\u0085d\u000Be\f", "")),
				new EventStreamVector("not UTF-8",
						new byte[] { 'd', 'a', 't', 'a', ':', 'a', (byte) 0xFF, 'b', '\n', '\n' },
						new Received(List.of(message("a\uFFFDb", "")), "", null)),
				of("a hundred events", "data:x\nid:7\n\n".repeat(100), "7", null,
						IntStream.range(0, 100).mapToObj((i) -> message("x", "7")).toArray(Received.Event[]::new)));
	}

	private static Received.Event message(String data, String lastEventId) {
		return new Received.Event("message", data, lastEventId);
	}

	private static EventStreamVector of(String title, String stream, String lastEventId, @Nullable Long retry,
			Received.Event... events) {
		return new EventStreamVector(title, stream.getBytes(StandardCharsets.UTF_8),
				new Received(List.of(events), lastEventId, retry));
	}

	@Override
	public String toString() {
		return this.title;
	}

}
