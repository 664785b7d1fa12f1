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
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decodes a stream that must be compressed by gzip.
 */
final class Gunzip implements Connections.Receiver {

	static final String HEADER = "Accept-Encoding: gzip";

	private static final byte[] TEXT = new byte[1 << 16];

	private final Inflater inflater = new Inflater(true);

	private final Connections.Receiver receiver;

	/** Bytes of the head of a gzip stream without a name. */
	private int head = 10;

	Gunzip(Connections.Receiver receiver) {
		this.receiver = receiver;
	}

	@Override
	public void receive(byte[] bytes, int count) throws IOException {
		int from = Math.min(this.head, count);
		this.head -= from;
		this.inflater.setInput(bytes, from, count - from);
		try {
			int length;
			while ((length = this.inflater.inflate(TEXT)) > 0) {
				this.receiver.receive(TEXT, length);
			}
		}
		catch (DataFormatException ex) {
			throw new IOException("A stream is not compressed as it should be", ex);
		}
		if (this.inflater.finished() || this.inflater.getRemaining() > 0) {
			throw new IOException("A compressed stream has ended");
		}
	}

}
