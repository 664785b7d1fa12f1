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

package io.github.springsse.answer;

/**
 * Pieces of a text that wait to be joined with the next ones. To be used by one thread at
 * a time.
 * <p>
 * <em>Invariant:</em> what waits has not more bytes than one entry may have, nor than
 * {@value #MAX_BYTES} if it is more than one piece.
 */
final class Pieces {

	/** What nobody would call a piece any more. */
	static final int MAX_BYTES = 16 * 1024;

	private final long maxBytes;

	private final StringBuilder text = new StringBuilder(0);

	private long bytes;

	/**
	 * Create an instance.
	 * @param maxEventBytes how large the data of an event may be
	 */
	Pieces(long maxEventBytes) {
		this.maxBytes = Math.min(MAX_BYTES, maxEventBytes);
	}

	boolean isEmpty() {
		return this.text.isEmpty();
	}

	/**
	 * Tell whether a piece can be joined with what waits.
	 * @param size its size in UTF-8
	 */
	boolean hasRoomFor(long size) {
		return this.text.isEmpty() || this.bytes + size <= this.maxBytes;
	}

	void add(String piece, long size) {
		this.text.append(piece);
		this.bytes += size;
	}

	boolean isFull() {
		return this.bytes >= this.maxBytes;
	}

	String take() {
		String result = this.text.toString();
		this.text.setLength(0);
		this.bytes = 0;
		return result;
	}

}
