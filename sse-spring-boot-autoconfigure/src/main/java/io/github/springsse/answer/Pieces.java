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
 * Pieces of a text that wait to be joined with the next ones. Not thread-safe.
 * <p>
 * <em>Invariant:</em> the waiting text does not exceed the maximum size of an entry, nor
 * {@value #MAX_BYTES} bytes if it has more than one piece.
 */
final class Pieces {

	/** The size above which pieces are no longer joined. */
	static final int MAX_BYTES = 16 * 1024;

	private final long maxBytes;

	private final StringBuilder text = new StringBuilder(0);

	private long bytes;

	/**
	 * Create an instance.
	 * @param maxEventBytes the maximum size of the data of an event
	 */
	Pieces(long maxEventBytes) {
		this.maxBytes = Math.min(MAX_BYTES, maxEventBytes);
	}

	boolean isEmpty() {
		return this.text.isEmpty();
	}

	/**
	 * Return whether a piece fits with the waiting text.
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
