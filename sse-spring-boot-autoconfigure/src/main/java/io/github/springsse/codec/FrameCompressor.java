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

package io.github.springsse.codec;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses frames to pieces of a gzip stream (RFC 1952): each piece is deflate data
 * that ends with a flush on a byte boundary (RFC 1951), so that a client decodes a frame
 * as soon as it has arrived, and pieces that were compressed once are shared by all
 * streams. A piece stands alone, or refers back to the frames that are just before it in
 * every stream that gets it. Thread-safe.
 * <p>
 * A gzip member for each frame would be simpler, but browsers decode the first member
 * alone, without an error.
 */
public final class FrameCompressor {

	/** How far deflate data may refer back. */
	public static final int MAX_WINDOW = 32 * 1024;

	/** The first bytes of a gzip stream: no name, no time, unknown operating system. */
	public static final Frame HEADER = new Frame(new byte[] { 0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF });

	/** A block that is not compressed has a head of 5 bytes and 65,535 bytes at most. */
	private static final int STORED_HEAD = 5;

	private static final int MAX_STORED = 0xFFFF;

	/** Larger frames have a deflater of their own, so that smaller ones need not wait. */
	private static final int MAX_SHARED = 64 * 1024;

	/** The bytes that flushing takes, at the most, beside those of the blocks. */
	private static final int FLUSH = 16;

	private final ReentrantLock lock = new ReentrantLock();

	private final int level;

	private final int minSize;

	/** Guarded by the lock. */
	private final Deflater deflater;

	/**
	 * Create a compressor.
	 * @param level from 1, which is fast, to 9, which compresses best
	 * @param minSize frames that have fewer bytes, and do not refer back, are not
	 * compressed
	 */
	public FrameCompressor(int level, int minSize) {
		this.level = level;
		this.deflater = new Deflater(level, true);
		this.minSize = minSize;
	}

	/**
	 * Compress a frame to a piece that stands alone.
	 * @param frame the frame
	 * @return the piece
	 */
	public CompressedFrame compress(Frame frame) {
		return (frame.size() < this.minSize) ? store(frame) : deflate(frame, List.of());
	}

	/**
	 * Compress a frame to a piece that refers back.
	 * @param frame the frame
	 * @param before the frames just before it, not more than {@link #MAX_WINDOW} bytes
	 * @return the piece
	 */
	public CompressedFrame compress(Frame frame, List<? extends Frame> before) {
		return deflate(frame, before);
	}

	/**
	 * Write a frame as it is: for small frames that one stream gets.
	 * @param frame the frame
	 * @return the piece
	 */
	public static CompressedFrame store(Frame frame) {
		int size = frame.size();
		int blocks = (size + MAX_STORED - 1) / MAX_STORED;
		byte[] chunk = Frame.newChunk(size + (long) blocks * STORED_HEAD);
		int start = Frame.start(chunk, size + blocks * STORED_HEAD);
		int index = start;
		for (int from = 0; from < size; from += MAX_STORED) {
			int length = Math.min(MAX_STORED, size - from);
			chunk[index + 1] = (byte) length;
			chunk[index + 2] = (byte) (length >>> 8);
			chunk[index + 3] = (byte) ~length;
			chunk[index + 4] = (byte) (~length >>> 8);
			System.arraycopy(frame.array(), frame.offset(false) + from, chunk, index + STORED_HEAD, length);
			index += STORED_HEAD + length;
		}
		return new CompressedFrame(chunk, start, size, checksum(frame));
	}

	/**
	 * Write what ends a gzip stream: an empty last block, checksum and size.
	 * @param checksum the CRC-32 of the whole text
	 * @param textSize the size of the whole text
	 * @return the end
	 */
	public static Frame trailer(int checksum, long textSize) {
		byte[] bytes = new byte[10];
		bytes[0] = 3;
		for (int i = 0; i < Integer.BYTES; i++) {
			bytes[2 + i] = (byte) (checksum >>> (Byte.SIZE * i));
			bytes[6 + i] = (byte) (textSize >>> (Byte.SIZE * i));
		}
		return new Frame(bytes);
	}

	private CompressedFrame deflate(Frame frame, List<? extends Frame> before) {
		if (frame.size() > MAX_SHARED) {
			Deflater own = new Deflater(this.level, true);
			try {
				return deflate(own, frame, before);
			}
			finally {
				own.end();
			}
		}
		this.lock.lock();
		try {
			return deflate(this.deflater, frame, before);
		}
		finally {
			// NOTE: it would hold the frame until the next one
			this.deflater.reset();
			this.lock.unlock();
		}
	}

	private static CompressedFrame deflate(Deflater deflater, Frame frame, List<? extends Frame> before) {
		// NOTE: data that cannot be compressed is stored, in blocks of 16 KB or more
		byte[] target = new byte[frame.size() + (frame.size() >> 11) + FLUSH];
		int length = 0;
		if (!before.isEmpty()) {
			Frame window = Frame.join(List.copyOf(before));
			deflater.setDictionary(window.array(), window.offset(false), window.size());
		}
		deflater.setInput(frame.array(), frame.offset(false), frame.size());
		int written;
		do {
			if (length == target.length) {
				target = Arrays.copyOf(target, target.length + FLUSH + target.length / 2);
			}
			written = deflater.deflate(target, length, target.length - length, Deflater.SYNC_FLUSH);
			length += written;
		}
		while (written > 0 && length == target.length);
		byte[] chunk = Frame.newChunk(length);
		int start = Frame.start(chunk, length);
		System.arraycopy(target, 0, chunk, start, length);
		return new CompressedFrame(chunk, start, frame.size(), checksum(frame));
	}

	private static int checksum(Frame frame) {
		CRC32 checksum = new CRC32();
		checksum.update(frame.array(), frame.offset(false), frame.size());
		return (int) checksum.getValue();
	}

}
