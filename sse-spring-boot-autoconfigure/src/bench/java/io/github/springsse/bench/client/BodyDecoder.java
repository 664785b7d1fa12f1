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

package io.github.springsse.bench.client;

import java.io.EOFException;
import java.io.IOException;

/**
 * Finds the body in the bytes of one response: skips the head, and takes chunks apart.
 */
final class BodyDecoder {

	private static final int HEAD = 0;

	private static final int PLAIN = 1;

	private static final int CHUNK_SIZE = 2;

	private static final int CHUNK = 3;

	private static final int CHUNK_END = 4;

	private int state = HEAD;

	private final StringBuilder head = new StringBuilder();

	/** Size of the chunk, and what of it is to come. */
	private int left;

	/**
	 * Move the body in a part of an array to the start of that part.
	 * @return the end of the body
	 */
	int decode(byte[] bytes, int from, int to) throws IOException {
		if (this.state == PLAIN) {
			return to;
		}
		int end = from;
		int i = from;
		while (i < to) {
			switch (this.state) {
				case HEAD -> readHead((char) bytes[i++]);
				case CHUNK_SIZE -> readSize(bytes[i++]);
				case CHUNK_END -> readChunkEnd(bytes[i++]);
				default -> {
					int count = (this.state == PLAIN) ? to - i : Math.min(this.left, to - i);
					System.arraycopy(bytes, i, bytes, end, count);
					i += count;
					end += count;
					this.left -= count;
					if (this.state == CHUNK && this.left == 0) {
						this.state = CHUNK_END;
					}
				}
			}
		}
		return end;
	}

	private void readHead(char c) throws IOException {
		this.head.append(c);
		int length = this.head.length();
		if (c != '\n' || length < 4 || this.head.charAt(length - 3) != '\n') {
			return;
		}
		String text = this.head.toString().toLowerCase();
		if (!text.startsWith("http/1.1 200")) {
			throw new IOException("Unexpected answer: " + text);
		}
		this.state = text.contains("transfer-encoding: chunked") ? CHUNK_SIZE : PLAIN;
		this.head.setLength(0);
		this.head.trimToSize();
	}

	private void readChunkEnd(byte b) {
		if (b == '\n') {
			this.state = CHUNK_SIZE;
		}
	}

	private void readSize(byte b) throws IOException {
		if (b == '\n') {
			if (this.left == 0) {
				throw new EOFException("The server has ended a stream");
			}
			this.state = CHUNK;
		}
		else if (b != '\r') {
			this.left = 16 * this.left + Character.digit(b, 16);
		}
	}

}
