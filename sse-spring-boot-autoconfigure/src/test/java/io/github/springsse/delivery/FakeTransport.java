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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * A transport whose client accepts as many bytes as a test allows. A transport that keeps
 * buffers takes all bytes, but is not ready before the client has accepted them.
 */
class FakeTransport implements StreamTransport {

	private final ByteArrayOutputStream written = new ByteArrayOutputStream();

	private final boolean keepsBuffers;

	/** Bytes that the client takes before it blocks. */
	int room = Integer.MAX_VALUE;

	int writes;

	/** Bytes of the last write. */
	int lastTaken;

	boolean broken;

	/** Thrown after bytes were taken. */
	@Nullable Error error;

	boolean closed;

	/** What was written before the end of the input was looked for. */
	@Nullable String textBeforeInput;

	FakeTransport() {
		this(false);
	}

	FakeTransport(boolean keepsBuffers) {
		this.keepsBuffers = keepsBuffers;
	}

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		if (this.closed) {
			throw new IllegalStateException("Written to after it was closed");
		}
		if (this.broken) {
			throw new IOException("Broken pipe");
		}
		this.writes++;
		int count = this.keepsBuffers ? bytes.remaining() : Math.min(this.room, bytes.remaining());
		this.lastTaken = count;
		byte[] taken = new byte[count];
		bytes.get(taken);
		this.written.writeBytes(taken);
		if (this.error != null) {
			throw this.error;
		}
		if (this.room != Integer.MAX_VALUE) {
			this.room = Math.max(0, this.room - count);
		}
		return !bytes.hasRemaining() && !(this.keepsBuffers && this.room == 0);
	}

	@Override
	public void watchInput() {
		if (this.broken || this.closed || this.textBeforeInput != null) {
			throw new IllegalStateException("Cannot be watched now");
		}
		this.textBeforeInput = text();
	}

	@Override
	public boolean keepsBuffers() {
		return this.keepsBuffers;
	}

	@Override
	public void close() {
		this.closed = true;
	}

	String text() {
		return this.written.toString(StandardCharsets.UTF_8);
	}

	byte[] bytes() {
		return this.written.toByteArray();
	}

	void reset() {
		this.written.reset();
		this.writes = 0;
	}

}
