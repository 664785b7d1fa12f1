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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * What the client of a stream sends, which is nothing that matters: it is read to find
 * its end.
 */
public final class ClientInput {

	private static final int MAX_INPUT = 64 * 1024;

	/** Bytes that the client has sent. */
	private int count;

	/**
	 * Read what there is.
	 * @param source the input, which does not block
	 * @return {@code false} at the end of the input, where a client has disconnected, and
	 * after more bytes than a client of an event stream sends
	 */
	public boolean skip(Source source) {
		ByteBuffer buffer = ByteBuffer.allocate(512);
		int read;
		try {
			do {
				read = source.read(buffer.clear());
				this.count += read;
			}
			while (read > 0 && this.count <= MAX_INPUT);
		}
		catch (IOException ex) {
			return false;
		}
		return read == 0;
	}

	/**
	 * The input.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Read bytes.
		 * @param buffer gets them
		 * @return how many, 0 if there are none now, -1 at the end
		 * @throws IOException if the connection is broken
		 */
		int read(ByteBuffer buffer) throws IOException;

	}

}
