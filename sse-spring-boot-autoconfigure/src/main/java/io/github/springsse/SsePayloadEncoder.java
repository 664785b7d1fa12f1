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
 * Writes the data of an event as text, usually JSON. Called by the publishing thread,
 * once for each event, whatever the number of streams. A {@code String} is sent unchanged
 * and never passed to an encoder.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SsePayloadEncoder {

	/**
	 * Write the data of an event as text.
	 * @param data the data
	 * @return the text, of one or more lines
	 * @throws RuntimeException if the data cannot be written; the exception reaches the
	 * publisher, and nothing is published
	 */
	String encode(Object data);

	/**
	 * Write data for a single client, such as a snapshot, in pieces. By default, the data
	 * is written as one text, which temporarily needs additional memory of its size.
	 * @param data the data
	 * @param writer receives the text. There is no need to flush or close it. Its
	 * exceptions must reach the caller, directly or as the cause of another exception
	 * @throws IOException if the writer throws it
	 * @throws RuntimeException if the data cannot be written
	 */
	default void encode(Object data, Writer writer) throws IOException {
		writer.write(encode(data));
	}

	/**
	 * Write the data of an event as text, with the declared type and view of the method
	 * that returned it. By default, the type is ignored, and a view is rejected because
	 * ignoring it would expose hidden fields.
	 * @param data the data
	 * @param hints the declared type and view, if any
	 * @return the text, of one or more lines
	 * @throws RuntimeException if the data cannot be written
	 */
	default String encode(Object data, SsePayloadHints hints) {
		checkView(hints);
		return encode(data);
	}

	/**
	 * Write data for a single client in pieces, with the declared type and view of the
	 * method that returned it. By default, the type is ignored, and a view is rejected.
	 * @param data the data
	 * @param hints the declared type and view, if any
	 * @param writer receives the text, as in {@link #encode(Object, Writer)}
	 * @throws IOException if the writer throws it
	 * @throws RuntimeException if the data cannot be written
	 */
	default void encode(Object data, SsePayloadHints hints, Writer writer) throws IOException {
		checkView(hints);
		encode(data, writer);
	}

	/**
	 * Return whether this encoder supports views. Otherwise, a method with
	 * {@code @SseTopic} and {@code @JsonView} fails the start.
	 * @return {@code true} if both methods with hints respect the view
	 */
	default boolean supportsViews() {
		return false;
	}

	private void checkView(SsePayloadHints hints) {
		if (hints.view() != null) {
			throw new SseException(getClass().getName()
					+ " does not support views, and would expose the fields that @JsonView("
					+ hints.view().getSimpleName() + ".class) hides. Remove @JsonView and return only data that "
					+ "clients may see, or write data with Jackson", null);
		}
	}

}
