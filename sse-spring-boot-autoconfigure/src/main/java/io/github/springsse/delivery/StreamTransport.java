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

package io.github.springsse.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes bytes to one client. Only the thread that owns the stream calls a transport, and
 * no method blocks. A {@link Listener} is notified of events from the client.
 */
public interface StreamTransport {

	/**
	 * Send bytes without waiting for more. Must only be called while the transport is
	 * ready. A new transport is ready.
	 * @param bytes the bytes; bytes that remain in the buffer were not taken
	 * @return whether the transport is still ready; if not, {@link Listener#onWritable()}
	 * is called when it is ready again
	 * @throws IOException if the client can no longer be reached
	 */
	boolean write(ByteBuffer bytes) throws IOException;

	/**
	 * Return whether the transport may read the buffer after {@link #write} has returned,
	 * so that the caller must not reuse it.
	 * @return {@code true} if every write needs a buffer of its own
	 */
	boolean keepsBuffers();

	/**
	 * Return whether the bytes go unchanged to an HTTP/1.1 connection, so that the caller
	 * must write chunks, and a last chunk if the response ends normally.
	 * @return {@code false} if the web server frames the body, or the end of the
	 * connection is the end of the body
	 */
	default boolean isChunked() {
		return false;
	}

	/**
	 * Begin to watch for the end of the client's input, if the transport supports this.
	 * Called once, when the beginning of the stream has been written or the client
	 * accepts no more bytes for now: a client may end its input directly after its
	 * request, and must still receive the beginning.
	 */
	default void watchInput() {
	}

	/**
	 * End the response, or abort it if the client can no longer be reached. May be called
	 * more than once.
	 */
	void close();

	/**
	 * Notified of events of a transport. Any thread may call the methods at any time;
	 * they return immediately.
	 */
	interface Listener {

		/**
		 * Called when the transport is ready again.
		 */
		void onWritable();

		/**
		 * Called when the client has disconnected.
		 */
		void onDisconnected();

	}

}
