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
 * Frames waiting for one client, bounded in number and bytes; none but the last chunk is
 * without bytes. The frames that a stream begins with do not count for the bounds: they
 * are what they are, and come once. A frame leaves when its last byte was taken. It holds
 * references to shared frames, no bytes of its own, and no memory at all while the client
 * keeps up. Owned by one thread.
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

	/** Bytes of the first frame that were taken already. */
	private int taken;

	private long bytes;

	/** How many of the first frames are those that the stream began with. */
	private int opening;

	/** Bytes of those that are not yet taken. */
	private long openingBytes;

	/** Whether frames are written as chunks; set while the queue is empty. */
	private boolean chunked;

	private final QueueTotals totals;

	/** Set while the queue is empty, {@code null} if the stream is not compressed. */
	private @Nullable GzipStream gzip;

	/**
	 * Create an empty queue.
	 * @param maxFrames the bound in frames
	 * @param maxBytes the bound in bytes
	 * @param totals where to count what is in it
	 */
	SendQueue(int maxFrames, long maxBytes, QueueTotals totals) {
		this.maxFrames = maxFrames;
		this.maxBytes = maxBytes;
		this.totals = totals;
	}

	/**
	 * The bound in frames; for any thread.
	 */
	int maxFrames() {
		return this.maxFrames;
	}

	/**
	 * The bound in bytes for frames that only this client gets; for any thread.
	 */
	long maxBytesAlone() {
		return twice(this.maxBytes);
	}

	/**
	 * Set whether frames are to be written as chunks, before there is one.
	 */
	void setChunked(boolean chunked) {
		this.chunked = chunked;
	}

	/**
	 * Have frames compressed when they are written, before there is one. The bounds are
	 * those of uncompressed frames all the same.
	 */
	void setGzip(GzipStream gzip) {
		this.gzip = gzip;
	}

	/**
	 * Add what a stream begins with, whatever its size, before there is anything else.
	 */
	void open(List<Frame> frames) {
		if (this.gzip != null) {
			append(FrameCompressor.HEADER, length(FrameCompressor.HEADER));
		}
		for (Frame frame : frames) {
			if (!frame.isEmpty()) {
				append(frame, length(frame));
			}
		}
		this.opening = this.size;
		this.openingBytes = this.bytes;
	}

	/**
	 * Tell whether the client has yet to take some of what its stream begins with.
	 */
	boolean isOpening() {
		return this.opening > 0;
	}

	/**
	 * Add what tells the client that nothing follows, where frames are written as chunks:
	 * without it, the end of the connection is an error for the client. It always fits.
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
	 * Add a frame, unless that would exceed a bound. An empty queue takes a frame of any
	 * size. Of a frame without bytes there is nothing to add.
	 */
	boolean offer(Frame frame) {
		return offer(frame, this.maxFrames, this.maxBytes);
	}

	/**
	 * Add a frame that only this client gets, and that cannot be had again: for those
	 * there is as much room again.
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

	/** Bytes not yet taken, before compression. */
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
	 * Copy as many bytes as fit; they stay until they are {@linkplain #take taken}.
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
	 * @return the number of frames of the log that have left completely
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
	 * NOTE: a frame counts with its bytes before compression until it has left wholly.
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
	 * Return the index of the first frame that may be replaced or removed: nothing of it
	 * was taken, and the stream did not begin with it.
	 */
	int firstUntouched() {
		return Math.max(this.opening, (this.taken > 0) ? 1 : 0);
	}

	/**
	 * Tell whether a frame can be added.
	 */
	boolean fits(Frame frame) {
		return fits(frame, 0, 0);
	}

	/**
	 * Tell whether a frame could be added if there were fewer.
	 */
	boolean fits(Frame frame, int fewer, long bytesOfThem) {
		int left = this.size - this.opening - fewer;
		return left == 0 || (left < this.maxFrames
				&& this.bytes - this.openingBytes - bytesOfThem + length(frame) <= this.maxBytes);
	}

	/**
	 * Tell whether so many frames, or so many bytes, are a quarter of what may be here.
	 */
	boolean isQuarter(int frames, long bytes) {
		return frames >= this.maxFrames / 4 || bytes >= this.maxBytes / 4;
	}

	/**
	 * Put a frame into the place of another one of which nothing was taken.
	 */
	void replace(int index, Frame frame) {
		Frame replaced = frame(index);
		set(index, frame);
		int more = length(frame) - length(replaced);
		this.bytes += more;
		this.totals.add(0, more);
	}

	/**
	 * Remove frames of which nothing was taken, by moving those before them.
	 * @param unwanted which of them to remove
	 * @param end the index after the last one to look at
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
	 * Forget everything.
	 * @return the number of frames of the log that were waiting
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
