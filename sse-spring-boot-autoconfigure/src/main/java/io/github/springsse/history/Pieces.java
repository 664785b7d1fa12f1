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

package io.github.springsse.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import io.github.springsse.log.EventId;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of an answer in compact form: their text as clients receive it, and an index
 * with two to four bytes for the length and id of each piece. Guarded by the lock of
 * {@link TopicHistories}.
 * <p>
 * <em>Invariant:</em> the blocks hold the pieces in the order of their ids, each block at
 * least one. The index entry of a piece begins with twice its length, plus one if its id
 * has another epoch than the previous piece. Then follow the increase of the epoch and
 * the sequence, or for the same epoch the increase of the sequence. Numbers have seven
 * bits a byte, the lowest first.
 */
final class Pieces {

	/** The maximum number of pieces of a block. */
	private static final int BLOCK = 128;

	/** The number of bytes of text at which a block is full. */
	private static final int BLOCK_TEXT = 4096;

	private static final int SMALLEST = 64;

	/** The most bytes of an index entry. */
	private static final int LONGEST = 3 * 10;

	private final List<Block> blocks = new ArrayList<>(4);

	private int count;

	/** The heap size of the blocks. */
	private long bytes;

	private long textBytes;

	int count() {
		return this.count;
	}

	/**
	 * Return the heap size of the pieces, 0 if there are none.
	 */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return the size of the text in bytes.
	 */
	long textBytes() {
		return this.textBytes;
	}

	/**
	 * Add a piece that is newer than all others.
	 * @param text its text as clients receive it
	 */
	void add(EventId id, byte[] text) {
		Block block = this.blocks.isEmpty() ? null : this.blocks.get(this.blocks.size() - 1);
		if (block == null || block.count == BLOCK || block.textEnd + text.length > BLOCK_TEXT) {
			if (block != null) {
				this.bytes -= block.bytes();
				block.trim();
				this.bytes += block.bytes();
			}
			block = new Block(id);
			this.blocks.add(block);
		}
		else {
			this.bytes -= block.bytes();
		}
		block.add(id, text);
		this.bytes += block.bytes();
		this.textBytes += text.length;
		this.count++;
	}

	/**
	 * Release unused capacity.
	 */
	void trim() {
		if (!this.blocks.isEmpty()) {
			Block last = this.blocks.get(this.blocks.size() - 1);
			this.bytes -= last.bytes();
			last.trim();
			this.bytes += last.bytes();
		}
	}

	/**
	 * Remove the oldest piece; there must be one.
	 * @return its id
	 */
	EventId removeOldest() {
		Reader first = new Reader();
		Block block = first.block;
		EventId id = first.id();
		this.textBytes -= first.length();
		this.count--;
		first.moveStart();
		if (block.start == block.end) {
			this.bytes -= block.bytes();
			this.blocks.remove(0);
		}
		return id;
	}

	/**
	 * Remove all pieces.
	 */
	void clear() {
		this.blocks.clear();
		this.count = 0;
		this.bytes = 0;
		this.textBytes = 0;
	}

	/**
	 * Return the id of the oldest piece, {@code null} if there is none.
	 */
	@Nullable EventId oldestId() {
		return this.blocks.isEmpty() ? null : new Reader().id();
	}

	/**
	 * Return the id of the latest piece; there must be one.
	 */
	EventId newestId() {
		Block last = this.blocks.get(this.blocks.size() - 1);
		return new EventId(last.lastEpoch, last.lastSequence);
	}

	/**
	 * Return a reader of the pieces after a cursor.
	 * @return the reader, {@code null} if there are no such pieces
	 */
	@Nullable Reader after(EventId cursor) {
		int at = this.blocks.size();
		while (at > 0 && isAfter(this.blocks.get(at - 1).lastEpoch, this.blocks.get(at - 1).lastSequence, cursor)) {
			at--;
		}
		if (at == this.blocks.size()) {
			return null;
		}
		Reader reader = new Reader(at);
		while (!reader.isAfter(cursor)) {
			reader.next();
		}
		return reader;
	}

	private static boolean isAfter(long epoch, long sequence, EventId other) {
		return epoch > other.epoch() || (epoch == other.epoch() && sequence > other.sequence());
	}

	/**
	 * Iterates over pieces. None may be added or removed meanwhile.
	 */
	final class Reader {

		private int at;

		private Block block;

		/** The next position in the index. */
		private int index;

		/** The start of the text of the piece. */
		private int text;

		private int length;

		private long epoch;

		private long sequence;

		private boolean over;

		private Reader() {
			this(0);
		}

		private Reader(int at) {
			this.at = at;
			this.block = Pieces.this.blocks.get(at);
			enter();
			next();
		}

		private void enter() {
			this.index = this.block.start;
			this.text = this.block.textStart;
			this.epoch = this.block.epoch;
			this.sequence = this.block.sequence;
			this.length = 0;
		}

		/**
		 * Move to the next piece, if there is one.
		 */
		void next() {
			this.text += this.length;
			if (this.index == this.block.end) {
				if (this.at + 1 == Pieces.this.blocks.size()) {
					this.over = true;
					return;
				}
				this.block = Pieces.this.blocks.get(++this.at);
				enter();
			}
			long head = number();
			this.length = (int) (head >>> 1);
			if ((head & 1) != 0) {
				this.epoch += number();
				this.sequence = number();
			}
			else {
				this.sequence += number();
			}
		}

		private long number() {
			byte[] bytes = this.block.index;
			long result = 0;
			int shift = 0;
			byte b;
			do {
				b = bytes[this.index++];
				result |= (long) (b & 0x7F) << shift;
				shift += 7;
			}
			while (b < 0);
			return result;
		}

		/**
		 * Whether the end is reached, and the reader has no current piece.
		 */
		boolean isOver() {
			return this.over;
		}

		/**
		 * Return the size of the text in bytes.
		 */
		int length() {
			return this.length;
		}

		EventId id() {
			return new EventId(this.epoch, this.sequence);
		}

		boolean isAfter(EventId other) {
			return Pieces.isAfter(this.epoch, this.sequence, other);
		}

		/**
		 * Copy the text of this piece and of the following ones.
		 * @param target the array, filled completely
		 */
		void copyTo(byte[] target) {
			int from = this.text;
			int copied = 0;
			for (int i = this.at; copied < target.length; i++) {
				Block source = Pieces.this.blocks.get(i);
				from = (i == this.at) ? from : source.textStart;
				int length = Math.min(source.textEnd - from, target.length - copied);
				System.arraycopy(source.text, from, target, copied, length);
				copied += length;
			}
		}

		/**
		 * Make the block begin after this piece.
		 */
		private void moveStart() {
			this.block.start = this.index;
			this.block.textStart = this.text + this.length;
			this.block.epoch = this.epoch;
			this.block.sequence = this.sequence;
		}

		/**
		 * Return another reader at the same position.
		 */
		Reader copy() {
			Reader copy = new Reader();
			copy.moveTo(this);
			return copy;
		}

		/**
		 * Move to the position of another reader.
		 */
		void moveTo(Reader other) {
			this.at = other.at;
			this.block = other.block;
			this.index = other.index;
			this.text = other.text;
			this.length = other.length;
			this.epoch = other.epoch;
			this.sequence = other.sequence;
			this.over = other.over;
		}

	}

	/**
	 * A sequence of pieces.
	 */
	private static final class Block {

		/** The heap size of this object and its place in the list. */
		private static final int OBJECT = 80 + 8;

		private byte[] text = {};

		private byte[] index = {};

		/** The start of the text of the first piece. */
		private int textStart;

		private int textEnd;

		/** The start of the first piece in the index. */
		private int start;

		private int end;

		/** The number of pieces, including removed ones. */
		private int count;

		/** The base of the epoch of the first index entry. */
		private long epoch;

		private long sequence;

		private long lastEpoch;

		private long lastSequence;

		Block(EventId first) {
			this.epoch = first.epoch();
			this.sequence = first.sequence();
			this.lastEpoch = this.epoch;
			this.lastSequence = this.sequence;
		}

		void add(EventId id, byte[] text) {
			if (this.textEnd + text.length > this.text.length) {
				this.text = Arrays.copyOf(this.text,
						Math.max(this.textEnd + text.length, Math.max(SMALLEST, 2 * this.text.length)));
			}
			System.arraycopy(text, 0, this.text, this.textEnd, text.length);
			this.textEnd += text.length;
			if (this.end + LONGEST > this.index.length) {
				this.index = Arrays.copyOf(this.index, Math.max(SMALLEST, 2 * this.index.length));
			}
			if (id.epoch() == this.lastEpoch) {
				put((long) text.length << 1);
				put(id.sequence() - this.lastSequence);
			}
			else {
				put((long) text.length << 1 | 1);
				put(id.epoch() - this.lastEpoch);
				put(id.sequence());
			}
			this.lastEpoch = id.epoch();
			this.lastSequence = id.sequence();
			this.count++;
		}

		private void put(long number) {
			long rest = number;
			while ((rest & ~0x7FL) != 0) {
				this.index[this.end++] = (byte) (rest | 0x80);
				rest >>>= 7;
			}
			this.index[this.end++] = (byte) rest;
		}

		/**
		 * Release unused capacity. Nothing is added afterwards.
		 */
		void trim() {
			this.text = Arrays.copyOf(this.text, this.textEnd);
			this.index = Arrays.copyOf(this.index, this.end);
		}

		long bytes() {
			return (long) OBJECT + HeapSize.ofArray(this.text.length) + HeapSize.ofArray(this.index.length);
		}

	}

}
