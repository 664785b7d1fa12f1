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
 * The input from the client of a stream. Its content is discarded; it is read to detect
 * the end.
 */
public final class ClientInput {

	private static final int MAX_INPUT = 64 * 1024;

	/** The number of bytes that the client has sent. */
	private int count;

	/**
	 * Read and discard the available input.
	 * @param source the input, which does not block
	 * @return {@code false} at the end of the input, if the connection is broken, and
	 * after more bytes than a client of an event stream would send
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
	 * The source of the input.
	 */
	@FunctionalInterface
	public interface Source {

		/**
		 * Read bytes.
		 * @param buffer receives the bytes
		 * @return the number of bytes, 0 if none are available, -1 at the end
		 * @throws IOException if the connection is broken
		 */
		int read(ByteBuffer buffer) throws IOException;

	}

}
