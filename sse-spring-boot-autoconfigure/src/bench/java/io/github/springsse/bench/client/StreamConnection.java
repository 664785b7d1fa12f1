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
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * One stream: checks that it gets every event once and in order.
 */
final class StreamConnection {

	private static final byte[] NOTHING = {};

	private static final byte[] DATA = { 'd', 'a', 't', 'a', ':' };

	private static final byte[] ID = { 'i', 'd', ':' };

	private final SocketChannel channel;

	private final Target target;

	/** Among the streams of the target. */
	private final int stream;

	private final BodyDecoder decoder = new BodyDecoder();

	/** The start of a line whose end is to come. */
	private byte[] rest = NOTHING;

	/** The number of the next event. */
	private long next;

	/** The last id, where that is of interest. */
	private byte @Nullable [] id;

	private boolean started;

	StreamConnection(SocketChannel channel, Target target, int stream, long next) {
		this.channel = channel;
		this.target = target;
		this.stream = stream;
		this.next = target.next(stream, next);
	}

	/** Have it remember the ids from now on. */
	void rememberId() {
		this.id = NOTHING;
	}

	/** The last id that came. */
	String id() {
		return (this.id != null) ? new String(this.id, StandardCharsets.US_ASCII) : "";
	}

	/** Whether anything has come. */
	boolean started() {
		return this.started;
	}

	/**
	 * Read what has come.
	 * @param buffer a buffer to use
	 * @param bytes an array to use, larger than the buffer by the longest line
	 * @param receiver gets the events
	 */
	void read(ByteBuffer buffer, byte[] bytes, Receiver receiver) throws IOException {
		int count = this.channel.read(buffer.clear());
		if (count < 0) {
			throw new EOFException("The server has closed a stream");
		}
		this.started = true;
		int from = this.rest.length;
		System.arraycopy(this.rest, 0, bytes, 0, from);
		buffer.flip().get(bytes, from, count);
		int end = this.decoder.decode(bytes, from, from + count);
		int start = lines(bytes, from, end, receiver);
		this.rest = (start < end) ? Arrays.copyOfRange(bytes, start, end) : NOTHING;
	}

	/**
	 * Look at all lines that are complete.
	 * @return the start of the line that is not
	 */
	private int lines(byte[] bytes, int from, int end, Receiver receiver) throws IOException {
		int start = 0;
		int lineFeed = Lines.lineFeed(bytes, from, end);
		while (lineFeed >= 0) {
			if (lineFeed > start && bytes[start] == 'd'
					&& Arrays.equals(bytes, start, start + DATA.length, DATA, 0, DATA.length)) {
				event(bytes, start + DATA.length, lineFeed, receiver);
			}
			else if (this.id != null && lineFeed - start > ID.length && Arrays.equals(bytes, start, start + ID.length, ID, 0, ID.length)) {
				this.id = Arrays.copyOfRange(bytes, start + ID.length + 1, lineFeed);
			}
			start = lineFeed + 1;
			lineFeed = Lines.lineFeed(bytes, start, end);
		}
		return start;
	}

	private void event(byte[] bytes, int from, int end, Receiver receiver) throws IOException {
		int i = digit(bytes, from, end);
		long number = 0;
		while (bytes[i] >= '0' && bytes[i] <= '9') {
			number = 10 * number + bytes[i++] - '0';
		}
		i = digit(bytes, i, end);
		long sent = 0;
		while (bytes[i] >= '0' && bytes[i] <= '9') {
			sent = 10 * sent + bytes[i++] - '0';
		}
		if (number != this.next) {
			throw new IOException("A stream got event " + number + " instead of " + this.next);
		}
		this.next = this.target.next(this.stream, number + 1);
		receiver.onEvent(number, sent);
	}

	private static int digit(byte[] bytes, int from, int end) throws IOException {
		for (int i = from; i < end; i++) {
			if (bytes[i] >= '0' && bytes[i] <= '9') {
				return i;
			}
		}
		throw new IOException("An event without numbers");
	}

	/**
	 * Gets the events of all streams.
	 */
	interface Receiver {

		void onEvent(long number, long sent);

	}

}
