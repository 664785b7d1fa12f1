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

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Streams of {@link LibraryEvents} that are read by one thread, without waiting. Those
 * that are compressed are decoded, so that each event is counted in each stream.
 */
final class CountedStreams implements Closeable {

	private static final String GZIP = "Accept-Encoding: gzip\r\n";

	/** The head of a gzip stream without a name. */
	private static final int GZIP_HEAD = 10;

	private static final int[] GZIP_MAGIC = { 0x1F, 0x8B, 8, 0 };

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

	/** Streams that may be open without the knowledge of the server. */
	private static final int UNKNOWN = 256;

	private final Connections connections = new Connections();

	private final List<CountedStream> streams = new ArrayList<>();

	private final boolean compressed;

	private final byte[] text = new byte[1 << 16];

	/** Events of each stream. */
	private long expected;

	/** Events of all streams. */
	private long deliveries;

	/**
	 * Open streams.
	 * @param publisher knows how many the server has
	 * @param compressed whether they must be compressed
	 */
	CountedStreams(int port, int count, EventPublisher publisher, boolean compressed)
			throws IOException, InterruptedException {
		this.compressed = compressed;
		for (int i = 1; i <= count; i++) {
			CountedStream stream = new CountedStream();
			this.streams.add(stream);
			this.connections.open(port, "/events", GZIP, stream);
			if (i % UNKNOWN == 0 || i == count) {
				publisher.awaitStreams(i - ((i < count) ? UNKNOWN : 0), () -> this.connections.poll(0));
			}
		}
	}

	/**
	 * Read until every stream has received one more event.
	 * @throws IOException if that takes too long, or a stream receives more
	 */
	void awaitEvent() throws IOException {
		this.expected++;
		long start = System.nanoTime();
		while (this.deliveries < this.expected * this.streams.size()) {
			this.connections.poll(0);
			if (System.nanoTime() - start > PATIENCE) {
				throw new IOException("Streams have received " + this.deliveries + " events instead of "
						+ this.expected * this.streams.size());
			}
		}
	}

	/**
	 * Read until a time.
	 */
	void readUntil(long nanoTime) throws IOException {
		while (System.nanoTime() - nanoTime < 0) {
			this.connections.poll(0);
		}
	}

	/**
	 * Check that every stream has received every event once.
	 */
	void check() throws IOException {
		this.connections.poll(0);
		for (CountedStream stream : this.streams) {
			if (stream.events != this.expected) {
				throw new IOException("A stream has received " + stream.events + " events instead of " + this.expected);
			}
		}
	}

	/** The bytes that were received, with heads and the sizes of chunks. */
	long bytes() {
		return this.connections.received();
	}

	/** The events that all streams have received. */
	long deliveries() {
		return this.deliveries;
	}

	@Override
	public void close() throws IOException {
		this.connections.close();
		this.streams.forEach((stream) -> stream.inflater.end());
	}

	/**
	 * A stream.
	 */
	private final class CountedStream implements Connections.Receiver {

		private final Inflater inflater = new Inflater(true);

		private int headBytes;

		private long events;

		@Override
		public void receive(int status, byte[] bytes, int count) {
			if (status != 200) {
				throw new IllegalStateException("Status " + status);
			}
			if (CountedStreams.this.compressed) {
				int from = 0;
				while (this.headBytes < GZIP_HEAD && from < count) {
					checkHead(bytes[from++] & 0xFF);
				}
				inflate(bytes, from, count - from);
			}
			else {
				count(bytes, count);
			}
		}

		private void checkHead(int value) {
			if (this.headBytes < GZIP_MAGIC.length && value != GZIP_MAGIC[this.headBytes]) {
				throw new IllegalStateException("A stream is not compressed by gzip");
			}
			this.headBytes++;
		}

		private void inflate(byte[] bytes, int from, int count) {
			byte[] text = CountedStreams.this.text;
			this.inflater.setInput(bytes, from, count);
			try {
				int length;
				while ((length = this.inflater.inflate(text)) > 0) {
					count(text, length);
				}
			}
			catch (DataFormatException ex) {
				throw new IllegalStateException("A stream is not compressed as it should be", ex);
			}
			if (this.inflater.finished() || this.inflater.getRemaining() > 0) {
				throw new IllegalStateException("A compressed stream has ended");
			}
		}

		private void count(byte[] bytes, int count) {
			int found = 0;
			for (int i = 0; i < count; i++) {
				found += (bytes[i] == LibraryEvents.MARK) ? 1 : 0;
			}
			this.events += found;
			CountedStreams.this.deliveries += found;
		}

		@Override
		public void end(boolean failed) {
			throw new IllegalStateException("A stream has ended");
		}

	}

}
