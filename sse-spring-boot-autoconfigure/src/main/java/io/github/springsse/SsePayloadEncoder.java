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

import java.io.IOException;
import java.io.Writer;

/**
 * Writes the data of an event as text, usually JSON. It is asked once for each event,
 * however many streams get it, by the thread that publishes; a {@code String} is sent as
 * it is and never comes here.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SsePayloadEncoder {

	/**
	 * Write the data of an event as text.
	 * @param data the data
	 * @return the text, of one line or more
	 * @throws RuntimeException if the data cannot be written; the caller that publishes
	 * gets it, and nothing is published
	 */
	String encode(Object data);

	/**
	 * Write data that one client alone gets, such as a snapshot, piece by piece. By
	 * default it is written as one text, beside which it costs memory a second time.
	 * @param data the data
	 * @param writer takes the text; it need not be flushed or closed, and what it throws
	 * must reach the caller, as it is or as the cause of another exception
	 * @throws IOException if the writer throws it
	 * @throws RuntimeException if the data cannot be written
	 */
	default void encode(Object data, Writer writer) throws IOException {
		writer.write(encode(data));
	}

	/**
	 * Write the data of an event as text, as the method that returned it declares it. By
	 * default the type is ignored, and a view, which leaves something out, refused.
	 * @param data the data
	 * @param hints the declared type and view, where there are any
	 * @return the text, of one line or more
	 * @throws RuntimeException if the data cannot be written
	 */
	default String encode(Object data, SsePayloadHints hints) {
		checkView(hints);
		return encode(data);
	}

	/**
	 * Write data that one client alone gets piece by piece, as the method that returned
	 * it declares it. By default the type is ignored, and a view refused.
	 * @param data the data
	 * @param hints the declared type and view, where there are any
	 * @param writer takes the text, as in {@link #encode(Object, Writer)}
	 * @throws IOException if the writer throws it
	 * @throws RuntimeException if the data cannot be written
	 */
	default void encode(Object data, SsePayloadHints hints, Writer writer) throws IOException {
		checkView(hints);
		encode(data, writer);
	}

	/**
	 * Tell whether data can be written with a view. If not, a method with
	 * {@code @SseTopic} and a {@code @JsonView} fails the start.
	 * @return {@code true} if both methods with hints respect their view
	 */
	default boolean supportsViews() {
		return false;
	}

	private void checkView(SsePayloadHints hints) {
		if (hints.view() != null) {
			throw new SseException(getClass().getName() + " writes no views, and cannot leave out what @JsonView("
					+ hints.view().getSimpleName() + ".class) does. Leave out @JsonView, and return no more than "
					+ "clients may see; or have data written by Jackson", null);
		}
	}

}
