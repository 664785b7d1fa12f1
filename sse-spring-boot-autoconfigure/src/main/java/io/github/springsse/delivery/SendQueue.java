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

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Predicate;

import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameCompressor;
import io.github.springsse.history.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * The queue of frames that wait for one client, bounded in number and bytes. No frame in
 * it is without bytes, except the last chunk. The first frames of a stream do not count
 * towards the bounds: their size cannot be reduced, and they are queued only once. A
 * frame is removed when its last byte was taken. The queue holds references to shared
 * frames and no bytes of its own: before its first frame none, and while the client keeps
 * up four at most. Owned by one thread.
 */
final class SendQueue {

	private static final Frame[] NONE = {};

	private static final int SMALLEST = 4;

	private final int maxFrames;

	private final long maxBytes;

	/** Ring of frames; its length is 0 or a power of two. */
	private @Nullable Frame[] ring = NONE;

	private int head;

	private int size;

	/** The number of bytes of the first frame that were already taken. */
	private int taken;

	private long bytes;

	/** The number of opening frames, with which the stream began, at the front. */
	private int opening;

	/** The bytes of the opening frames that are not yet taken. */
	private long openingBytes;

	/** Whether frames are written as chunks; set while the queue is empty. */
	private boolean chunked;

	private final QueueTotals totals;

	/** Set while the queue is empty, {@code null} if the stream is not compressed. */
	private @Nullable GzipStream gzip;

	/** Whether opening frames were added before. */
	private boolean opened;

	/**
	 * Create an empty queue.
	 * @param maxFrames the bound in frames
	 * @param maxBytes the bound in bytes
	 * @param totals counts the frames and bytes of this queue
	 */
	SendQueue(int maxFrames, long maxBytes, QueueTotals totals) {
		this.maxFrames = maxFrames;
		this.maxBytes = maxBytes;
		this.totals = totals;
	}

	/**
	 * Return the maximum number of frames. For any thread.
	 */
	int maxFrames() {
		return this.maxFrames;
	}

	/**
	 * Return the maximum bytes of frames that only this client receives. For any thread.
	 */
	long maxBytesAlone() {
		return twice(this.maxBytes);
	}

	/**
	 * Set whether frames are written as chunks. Called before a frame is added.
	 */
	void setChunked(boolean chunked) {
		this.chunked = chunked;
	}

	/**
	 * Compress frames when they are written. Called before a frame is added. The bounds
	 * still apply to uncompressed frames.
	 */
	void setGzip(GzipStream gzip) {
		this.gzip = gzip;
	}

	/**
	 * Add the opening frames, regardless of the bounds. Called before any other frame is
	 * added; more opening frames may be added later.
	 */
	void open(List<Frame> frames) {
		if (this.gzip != null && !this.opened) {
			append(FrameCompressor.HEADER, length(FrameCompressor.HEADER));
		}
		for (Frame frame : frames) {
			if (!frame.isEmpty()) {
				append(frame, length(frame));
			}
		}
		this.opened = true;
		this.opening = this.size;
		this.openingBytes = this.bytes;
	}

	/**
	 * Whether the client has not yet taken all opening frames.
	 */
	boolean isOpening() {
		return this.opening > 0;
	}

	/**
	 * Add the end of the body: the trailer if the stream is compressed, and the last
	 * chunk if frames are written as chunks. Without it, the end of the connection is an
	 * error for the client. It always fits.
	 */
	void end() {
		if (this.gzip != null) {
			append(GzipStream.TRAILER, length(GzipStream.TRAILER));
		}
		if (this.chunked) {
			append(Frame.LAST_CHUNK, length(Frame.LAST_CHUNK));
		}
	}

	/**
	 * Add a frame, unless it would exceed a bound. An empty queue accepts a frame of any
	 * size. A frame without bytes is not added.
	 */
	boolean offer(Frame frame) {
		return offer(frame, this.maxFrames, this.maxBytes);
	}

	/**
	 * Add a frame that only this client receives, and that cannot be read again from the
	 * history. For such frames, the bounds are twice as large.
	 */
	boolean offerAlone(Frame frame) {
		return offer(frame, 2L * this.maxFrames, maxBytesAlone());
	}

	private static long twice(long bytes) {
		return (bytes <= Long.MAX_VALUE / 2) ? 2 * bytes : Long.MAX_VALUE;
	}

	private boolean offer(Frame frame, long frames, long bytes) {
		if (frame.isEmpty()) {
			return true;
		}
		int length = length(frame);
		int count = this.size - this.opening;
		if (count > 0 && (count >= frames || this.bytes - this.openingBytes + length > bytes)) {
			return false;
		}
		append(frame, length);
		return true;
	}

	private void append(Frame frame, int length) {
		if (this.size == this.ring.length) {
			grow();
		}
		set(this.size++, frame);
		this.bytes += length;
		this.totals.add(1, length);
	}

	private int length(Frame frame) {
		return frame.length(this.chunked);
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	int size() {
		return this.size;
	}

	/** Whether frames are compressed when they are written. */
	boolean isCompressed() {
		return this.gzip != null;
	}

	/** The bytes that are not yet taken, before compression. */
	long bytes() {
		return this.bytes;
	}

	/**
	 * Return the bytes of the first frame that are not yet taken, without copying.
	 */
	ByteBuffer first() {
		Frame frame = frame(0);
		return ByteBuffer.wrap(frame.array(), frame.offset(this.chunked) + this.taken, length(frame) - this.taken);
	}

	/**
	 * Copy as many bytes as fit. They stay in the queue until they are {@linkplain #take
	 * taken}.
	 */
	void copyTo(ByteBuffer target) {
		GzipStream gzip = this.gzip;
		if (gzip != null) {
			gzip.begin();
		}
		int from = this.taken;
		for (int i = 0; i < this.size && target.hasRemaining(); i++) {
			Frame frame = (gzip != null) ? gzip.choose(frame(i)) : frame(i);
			target.put(frame.array(), frame.offset(this.chunked) + from,
					Math.min(length(frame) - from, target.remaining()));
			from = 0;
		}
	}

	/**
	 * Remove bytes from the front.
	 * @return the number of events of the log that were removed completely
	 */
	int take(int count) {
		if (this.gzip != null) {
			return takeCompressed(count, this.gzip);
		}
		int events = 0;
		this.bytes -= count;
		this.openingBytes -= Math.min(count, this.openingBytes);
		this.totals.add(0, -count);
		int left = count;
		while (left > 0) {
			Frame frame = frame(0);
			int rest = length(frame) - this.taken;
			if (left < rest) {
				this.taken += left;
				break;
			}
			left -= rest;
			events += removeFirst(frame);
		}
		shrink();
		return events;
	}

	/**
	 * NOTE: a frame counts with its uncompressed bytes until it is removed completely.
	 */
	private int takeCompressed(int count, GzipStream gzip) {
		int events = 0;
		int frames = 0;
		int left = count;
		while (left > 0) {
			int rest = length(gzip.chosen(frames)) - this.taken;
			if (left < rest) {
				this.taken += left;
				break;
			}
			left -= rest;
			frames++;
			Frame frame = frame(0);
			int length = length(frame);
			this.bytes -= length;
			this.openingBytes -= Math.min(length, this.openingBytes);
			this.totals.add(0, -length);
			events += removeFirst(frame);
		}
		gzip.taken(frames, this.taken > 0);
		shrink();
		return events;
	}

	private void shrink() {
		if (this.size == 0 && this.ring.length > SMALLEST) {
			this.ring = NONE;
			this.head = 0;
		}
	}

	/**
	 * Return the index of the first frame that may be replaced or removed: no byte of it
	 * was taken, and it is not an opening frame.
	 */
	int firstUntouched() {
		return Math.max(this.opening, (this.taken > 0) ? 1 : 0);
	}

	/**
	 * Whether a frame can be added.
	 */
	boolean fits(Frame frame) {
		return fits(frame, 0, 0);
	}

	/**
	 * Whether a frame could be added after others were removed.
	 */
	boolean fits(Frame frame, int fewer, long bytesOfThem) {
		int left = this.size - this.opening - fewer;
		return left == 0 || (left < this.maxFrames
				&& this.bytes - this.openingBytes - bytesOfThem + length(frame) <= this.maxBytes);
	}

	/**
	 * Whether a number of frames or of bytes is at least a quarter of its bound.
	 */
	boolean isQuarter(int frames, long bytes) {
		return frames >= this.maxFrames / 4 || bytes >= this.maxBytes / 4;
	}

	/**
	 * Replace a frame of which no byte was taken.
	 */
	void replace(int index, Frame frame) {
		Frame replaced = frame(index);
		set(index, frame);
		int more = length(frame) - length(replaced);
		this.bytes += more;
		this.totals.add(0, more);
	}

	/**
	 * Remove frames of which no byte was taken, by moving the frames before them.
	 * @param unwanted selects the frames to remove
	 * @param end the index after the last frame to examine
	 */
	void removeIf(Predicate<Frame> unwanted, int end) {
		int target = end;
		for (int i = end - 1; i >= 0; i--) {
			Frame frame = frame(i);
			if (i >= firstUntouched() && unwanted.test(frame)) {
				this.bytes -= length(frame);
				this.totals.add(-1, -length(frame));
			}
			else {
				set(--target, frame);
			}
		}
		for (int i = 0; i < target; i++) {
			set(i, null);
		}
		this.head = (this.head + target) & (this.ring.length - 1);
		this.size -= target;
	}

	/**
	 * Remove all frames.
	 * @return the number of events of the log that were waiting
	 */
	int clear() {
		int events = 0;
		this.totals.add(0, -this.bytes);
		while (this.size > 0) {
			events += removeFirst(frame(0));
		}
		this.ring = NONE;
		this.head = 0;
		this.bytes = 0;
		this.openingBytes = 0;
		return events;
	}

	private int removeFirst(Frame frame) {
		this.ring[this.head] = null;
		this.head = (this.head + 1) & (this.ring.length - 1);
		this.size--;
		this.opening -= (this.opening > 0) ? 1 : 0;
		this.taken = 0;
		this.totals.add(-1, 0);
		return (frame instanceof StoredEvent) ? 1 : 0;
	}

	/**
	 * Return the frame at an index, 0 for the first.
	 */
	Frame frame(int index) {
		Frame frame = this.ring[(this.head + index) & (this.ring.length - 1)];
		if (frame == null) {
			throw new IllegalStateException("No frame at " + index + " of " + this.size);
		}
		return frame;
	}

	private void set(int index, @Nullable Frame frame) {
		this.ring[(this.head + index) & (this.ring.length - 1)] = frame;
	}

	private void grow() {
		@Nullable Frame[] larger = new @Nullable Frame[Math.max(SMALLEST, 2 * this.ring.length)];
		for (int i = 0; i < this.size; i++) {
			larger[i] = frame(i);
		}
		this.ring = larger;
		this.head = 0;
	}

}
