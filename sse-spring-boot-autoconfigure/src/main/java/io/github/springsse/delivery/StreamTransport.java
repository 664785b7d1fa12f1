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
 * How bytes reach one client. Called only by the thread that owns the stream, and never
 * blocks it. What happens at the other end comes back through {@link Listener}.
 */
public interface StreamTransport {

	/**
	 * Take bytes and send them on their way; nothing waits for more of them. To be called
	 * only while the transport is ready, as it is when it is new.
	 * @param bytes the bytes; those left in the buffer were not taken
	 * @return whether the transport is still ready; if not, {@link Listener#onWritable()}
	 * will be called once it is
	 * @throws IOException if the client cannot be reached any more
	 */
	boolean write(ByteBuffer bytes) throws IOException;

	/**
	 * Tell whether bytes may be read after {@link #write} has returned, so that the
	 * buffer must not be used again.
	 * @return whether buffers are kept
	 */
	boolean keepsBuffers();

	/**
	 * Tell whether what is written goes to an HTTP/1.1 connection as it is, so that it
	 * has to be framed as chunks, and the last chunk has to be written where the response
	 * ends as it should.
	 * @return {@code false} if a server frames the body, or the end of the connection is
	 * the end of the body
	 */
	default boolean isChunked() {
		return false;
	}

	/**
	 * Begin to look for the end of the client's input, where the transport can. Called
	 * once, when what the stream begins with has been written, as far as the client takes
	 * it at once: a client may end its input with its request, and is to get that.
	 */
	default void watchInput() {
	}

	/**
	 * End the response, or drop it if the client cannot be reached any more. May be
	 * called more than once.
	 */
	void close();

	/**
	 * Gets told what happens to a transport. Any thread may call, at any time; the
	 * methods only take note.
	 */
	interface Listener {

		/**
		 * The transport is ready again.
		 */
		void onWritable();

		/**
		 * The client has gone.
		 */
		void onDisconnected();

	}

}
