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
 * Encodes the frames of an event stream. A parser that follows the
 * <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG
 * specification</a> restores the original values. Lines end with LF. In data and
 * comments, CR, LF and CRLF separate lines, and the client receives an LF for each. Names
 * and ids must not contain CR or LF, which would forge other fields, nor NUL, because
 * clients ignore an id with NUL. Stateless, thread-safe.
 */
public final class EventStreamEncoder {

	private EventStreamEncoder() {
	}

	/**
	 * Encode an event.
	 * @param id the id, {@code null} to keep the last event id of the client
	 * @param name the name, {@code null} or empty for the default type
	 * @param data the data; if it is empty, the client receives an event with empty data
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name contains CR, LF or NUL
	 */
	public static Frame event(@Nullable String id, @Nullable String name, String data) {
		return event(id, name, data, FrameMemory.UNBOUNDED);
	}

	/**
	 * Encode an event.
	 * @param id the id, {@code null} to keep the last event id of the client
	 * @param name the name, {@code null} or empty for the default type
	 * @param data the data; if it is empty, the client receives an event with empty data
	 * @param memory accounts for the memory of the frame, and may throw an exception to
	 * reject it
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name contains CR, LF or NUL
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
	 * Encode an event whose data is written in pieces, so that no text of the full length
	 * is needed.
	 * @param id the id, {@code null} to keep the last event id of the client
	 * @param name the name, {@code null} or empty for the default type
	 * @param data writes the data
	 * @param memory accounts for the memory of the frame, and may throw an exception to
	 * reject it
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name contains CR, LF or NUL
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
	 * Encode an event of the default type from UTF-8 bytes whose lines are separated by
	 * LF only. These are results of {@link #dataBytes}, also concatenated ones.
	 * @param id the id
	 * @param data the bytes, without CR
	 * @return the frame
	 * @throws IllegalArgumentException if the id contains CR, LF or NUL
	 */
	public static Frame event(String id, byte[] data) {
		return FrameWriter.write((writer) -> writer.lines("id: ", checked("id", id)).lines("data: ", data).ascii("\n"));
	}

	/**
	 * Return the data of an event as the client receives it, in UTF-8. CR, LF and CRLF
	 * become LF, and an unpaired surrogate becomes U+FFFD.
	 * @param data the data
	 * @return the bytes
	 */
	public static byte[] dataBytes(String data) {
		String lines = (data.indexOf('\r') < 0) ? data : data.replace("\r\n", "\n").replace('\r', '\n');
		return Frame.of(lines).toByteArray();
	}

	/**
	 * Encode an event without content that updates the last event id of the client.
	 * According to the WHATWG specification an id alone has this effect, but most
	 * clients, and all browsers except Chromium, accept an id only together with data.
	 * The line is {@code data} without a colon, which also means empty data: Spring's
	 * {@code WebClient} ignores this line, but fails to decode {@code data:}.
	 * @param id the id
	 * @param name the name, by which pages know that the event has no content
	 * @return the frame
	 * @throws IllegalArgumentException if the id or name contains CR, LF or NUL
	 */
	public static Frame position(String id, String name) {
		checked("id", id);
		checked("name", name);
		return FrameWriter.write((writer) -> writer.lines("id: ", id).lines("event: ", name).ascii("data\n\n"));
	}

	/**
	 * Encode a comment, which clients ignore. No empty line follows it, because some
	 * clients would treat that as an event.
	 * @param text the text
	 * @return the lines
	 */
	public static Frame comment(String text) {
		return FrameWriter.write((writer) -> writer.lines(": ", text));
	}

	/**
	 * Encode the line that sets the reconnect delay of the client. The client applies it
	 * as soon as it has read the line. The line becomes part of the following frame, if
	 * there is one: as a frame of its own, it would be an event without data for some
	 * clients.
	 * @param delay the delay, not negative; sent in milliseconds
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
		 * @param writer receives the data
		 * @throws IOException if the data cannot be written
		 */
		void writeTo(Writer writer) throws IOException;

	}

}
