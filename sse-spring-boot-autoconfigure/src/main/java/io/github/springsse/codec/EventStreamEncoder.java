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
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Writes the frames of an event stream so that the parsing rules of the
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG
 * text</a> give back what was put in. Lines end with LF. CR, LF and CRLF in data and
 * comments divide lines, and the client sees LF for each; in names and ids, where they
 * would forge other fields, they are refused, and NUL, for which a client ignores an id,
 * with them. Stateless, thread-safe.
 */
public final class EventStreamEncoder {

	private EventStreamEncoder() {
	}

	/**
	 * Encode an event.
	 * @param id the id, or {@code null} to leave the last id of the client as it is
	 * @param name the name; {@code null} or empty for the default type
	 * @param data the data; if it is empty the client gets an event with empty data
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name has a CR, LF or NUL
	 */
	public static Frame event(@Nullable String id, @Nullable String name, String data) {
		return event(id, name, data, FrameMemory.UNBOUNDED);
	}

	/**
	 * Encode an event.
	 * @param id the id, or {@code null} to leave the last id of the client as it is
	 * @param name the name; {@code null} or empty for the default type
	 * @param data the data; if it is empty the client gets an event with empty data
	 * @param memory is told what the frame takes, and may throw where that is too much
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name has a CR, LF or NUL
	 */
	public static Frame event(@Nullable String id, @Nullable String name, String data, FrameMemory memory) {
		String checkedId = (id != null) ? checked("id", id) : null;
		String checkedName = (name != null) ? checked("name", name) : "";
		return FrameWriter.write((writer) -> {
			if (checkedId != null) {
				writer.lines("id: ", checkedId);
			}
			if (!checkedName.isEmpty()) {
				writer.lines("event: ", checkedName);
			}
			writer.lines("data: ", data).ascii("\n");
		}, memory);
	}

	/**
	 * Encode an event whose data is written piece by piece, for which there need be no
	 * text of its whole length.
	 * @param id the id, or {@code null} to leave the last id of the client as it is
	 * @param name the name; {@code null} or empty for the default type
	 * @param data writes the data
	 * @param memory is told what the frame takes, and may throw where that is too much
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name has a CR, LF or NUL
	 * @throws UncheckedIOException if the data could not be written
	 */
	public static Frame event(@Nullable String id, @Nullable String name, DataWriter data, FrameMemory memory) {
		FrameBuilder frame = new FrameBuilder(memory);
		if (id != null) {
			frame.text("id: ").text(checked("id", id)).text("\n");
		}
		if (name != null && !checked("name", name).isEmpty()) {
			frame.text("event: ").text(name).text("\n");
		}
		frame.text("data: ");
		try {
			data.writeTo(frame);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return frame.text("\n\n").toFrame();
	}

	/**
	 * Encode an event of the default type whose data is bytes of UTF-8 already, in which
	 * LF alone divides lines: what {@link #dataBytes} returns, joined or not.
	 * @param id the id
	 * @param data the bytes, CR not among them
	 * @return the frame
	 * @throws IllegalArgumentException if the id has a CR, LF or NUL
	 */
	public static Frame event(String id, byte[] data) {
		return FrameWriter.write((writer) -> writer.lines("id: ", checked("id", id)).lines("data: ", data).ascii("\n"));
	}

	/**
	 * Return the data of an event as its client sees it, in UTF-8: with LF for CR, LF and
	 * CRLF, and U+FFFD for half of a surrogate pair.
	 * @param data the data
	 * @return the bytes
	 */
	public static byte[] dataBytes(String data) {
		String lines = (data.indexOf('\r') < 0) ? data : data.replace("\r\n", "\n").replace('\r', '\n');
		return Frame.of(lines).toByteArray();
	}

	/**
	 * Encode an event without data, which moves the last event id of the client. By the
	 * WHATWG text an id alone would do that, but most clients, and of the browsers all
	 * but Chromium, take an id only with data. The line is {@code data} without a colon,
	 * which is empty data as well: Spring's {@code WebClient} does not decode it, and
	 * fails to decode {@code data:}.
	 * @param id the id
	 * @param name the name, of which pages know that it has no data
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name has a CR, LF or NUL
	 */
	public static Frame position(String id, String name) {
		checked("id", id);
		checked("name", name);
		return FrameWriter.write((writer) -> writer.lines("id: ", id).lines("event: ", name).ascii("data\n\n"));
	}

	/**
	 * Encode a comment, which a client ignores: lines without an empty one after them, of
	 * which some clients would make an event.
	 * @param text the text
	 * @return the lines
	 */
	public static Frame comment(String text) {
		return FrameWriter.write((writer) -> writer.lines(": ", text));
	}

	/**
	 * Encode the line that tells the client how long to wait before it reconnects. It
	 * counts as soon as it is read, and is part of the frame that follows, if one does: a
	 * frame of its own would be an event without data for some clients.
	 * @param delay the delay, not negative; it is sent in milliseconds
	 * @return the line
	 */
	public static Frame retry(Duration delay) {
		Assert.isTrue(!delay.isNegative(), "'delay' must not be negative");
		return FrameWriter.write((writer) -> writer.ascii("retry: " + delay.toMillis() + "\n"));
	}

	private static String checked(String what, String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c == '\n' || c == '\r' || c == '\0') {
				throw new IllegalArgumentException(
						"'%s' must not have CR, LF or NUL: U+%04X at position %d".formatted(what, (int) c, i));
			}
		}
		return value;
	}

	/**
	 * Writes the data of an event.
	 */
	@FunctionalInterface
	public interface DataWriter {

		/**
		 * Write the data.
		 * @param writer takes it
		 * @throws IOException if it cannot be written
		 */
		void writeTo(Writer writer) throws IOException;

	}

}
