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

package io.github.springsse.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the lines of a response. A line that arrives in several parts is cut to its
 * beginning.
 */
abstract class Lines implements Connections.Receiver {

	/** The beginning of a line whose end is yet to come. */
	private final byte[] beginning = new byte[256];

	private int length;

	@Override
	public void receive(byte[] bytes, int count) throws IOException {
		int start = 0;
		for (int i = 0; i < count; i++) {
			if (bytes[i] != '\n') {
				continue;
			}
			if (this.length > 0) {
				keep(bytes, start, i);
				line(this.beginning, 0, this.length);
				this.length = 0;
			}
			else {
				line(bytes, start, i);
			}
			start = i + 1;
		}
		keep(bytes, start, count);
	}

	private void keep(byte[] bytes, int from, int to) {
		int count = Math.min(to - from, this.beginning.length - this.length);
		System.arraycopy(bytes, from, this.beginning, this.length, count);
		this.length += count;
	}

	/** Discard the beginning of a line. */
	void clear() {
		this.length = 0;
	}

	/** Receive a line, or its beginning. */
	protected abstract void line(byte[] bytes, int from, int to) throws IOException;

	/** Return what follows a prefix. */
	static String after(byte[] prefix, byte[] bytes, int from, int to) {
		return new String(bytes, from + prefix.length, to - from - prefix.length, StandardCharsets.US_ASCII).trim();
	}

	static boolean startsWith(byte[] prefix, byte[] bytes, int from, int to) {
		for (int i = 0; i < prefix.length; i++) {
			if (from + i >= to || bytes[from + i] != prefix[i]) {
				return false;
			}
		}
		return true;
	}

	static byte[] prefix(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
