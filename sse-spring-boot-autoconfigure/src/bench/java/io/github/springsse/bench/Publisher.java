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
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Has a server publish: by lines to its control port, or by requests to Nchan with
 * pipelining.
 */
final class Publisher implements Closeable {

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(15);

	private static final long LONG_PATIENCE = TimeUnit.MINUTES.toNanos(2);

	private static final long PAUSE = 200_000;

	private static final String STATUS_LINE = "HTTP/1.1 ";

	private final SocketChannel channel;

	private final ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);

	private final int port;

	private final boolean nchan;

	/** Requests that Nchan has not answered. */
	private long unanswered;

	private long next;

	/** The part of a status line that has arrived. */
	private int matched;

	Publisher(int port, boolean nchan) throws IOException {
		this.port = port;
		this.nchan = nchan;
		this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		this.channel.socket().setTcpNoDelay(true);
		this.channel.configureBlocking(false);
	}

	/** The number of the next event. */
	long next() {
		return this.next;
	}

	/** Publish consecutive ticks, of a number of bytes each, that were due at a time. */
	void publish(Target target, int count, long sent, int size) throws IOException {
		StringBuilder text = new StringBuilder();
		for (int i = 0; i < count; i++, this.next++) {
			String tick = "{\"number\":" + this.next + ",\"sent\":" + sent + ",\"text\":\"";
			append(text, target.topic(this.next), "", tick + "x".repeat(Math.max(0, size - tick.length() - 2)) + "\"}");
		}
		write(text);
	}

	/** Publish an event whose data is given to all streams. */
	void publish(String data) throws IOException {
		StringBuilder text = new StringBuilder();
		append(text, "ticks", "=", data);
		write(text);
		this.next++;
	}

	private void append(StringBuilder text, String topic, String kind, String data) {
		if (!this.nchan) {
			text.append(topic).append(' ').append(kind).append(data).append('\n');
			return;
		}
		text.append("POST /publish?topic=")
			.append(topic)
			.append(" HTTP/1.1\r\nHost: localhost\r\nX-EventSource-Event: tick\r\nContent-Length: ")
			.append(data.length())
			.append("\r\n\r\n")
			.append(data);
		this.unanswered++;
	}

	private void write(CharSequence text) throws IOException {
		ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.US_ASCII));
		long start = System.nanoTime();
		while (bytes.hasRemaining()) {
			this.channel.write(bytes);
			if (this.nchan) {
				readAnswers();
			}
			if (System.nanoTime() - start > PATIENCE) {
				throw new StalledException();
			}
		}
	}

	/** Count the answers of Nchan that have arrived. */
	private void readAnswers() throws IOException {
		while (read()) {
			while (this.input.hasRemaining()) {
				char c = (char) this.input.get();
				if (this.matched == STATUS_LINE.length()) {
					if (c != '2') {
						throw new IOException("Nchan does not publish: status " + c + "..");
					}
					this.unanswered--;
					this.matched = 0;
				}
				else {
					this.matched = (c == STATUS_LINE.charAt(this.matched)) ? this.matched + 1 : 0;
				}
			}
		}
	}

	/** Read what has arrived, if there is anything. */
	private boolean read() throws IOException {
		int count = this.channel.read(this.input.clear());
		this.input.flip();
		if (count < 0) {
			throw new IOException("The server has closed the control connection");
		}
		return count > 0;
	}

	/** The number of open streams, after all events are published. */
	long streams() throws IOException {
		if (!this.nchan) {
			return ask("?");
		}
		for (long start = System.nanoTime(); this.unanswered > 0;) {
			readAnswers();
			pause(start, PATIENCE);
		}
		try (InputStream body = URI.create("http://127.0.0.1:" + this.port + "/status").toURL().openStream()) {
			String status = new String(body.readAllBytes(), StandardCharsets.US_ASCII);
			return Long.parseLong(status.replaceAll("(?s).*subscribers: (\\d+).*", "$1"));
		}
	}

	/** Wait until the server has a number of streams or more. */
	void awaitStreams(long count, Work meanwhile) throws IOException {
		long start = System.nanoTime();
		while (streams() < count) {
			if (System.nanoTime() - start > LONG_PATIENCE) {
				throw new IOException("The server has fewer streams than were opened");
			}
			meanwhile.run();
			LockSupport.parkNanos(PAUSE);
		}
	}

	/** Wait until the server has no streams, with a reminder now and then. */
	void awaitNoStreams(Work reminder) throws IOException {
		long start = System.nanoTime();
		for (int i = 0; streams() > 0; i++) {
			if (System.nanoTime() - start > PATIENCE) {
				throw new IOException("Streams are not closed");
			}
			if (i % 100 == 1) {
				reminder.run();
			}
			LockSupport.parkNanos(10 * PAUSE);
		}
	}

	/** Ask a server that has a control port, -1 if it has no answer. */
	long ask(String question) throws IOException {
		if (this.nchan) {
			return -1;
		}
		write(question + "\n");
		StringBuilder answer = new StringBuilder();
		long start = System.nanoTime();
		while (answer.indexOf("\n") < 0) {
			if (!read()) {
				pause(start, question.equals("?") ? PATIENCE : LONG_PATIENCE);
			}
			answer.append(StandardCharsets.US_ASCII.decode(this.input));
		}
		return Long.parseLong(answer.toString().trim());
	}

	private static void pause(long start, long patience) throws StalledException {
		if (System.nanoTime() - start > patience) {
			throw new StalledException();
		}
		LockSupport.parkNanos(PAUSE / 10);
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

	interface Work {

		void run() throws IOException;

	}

	/** A server does not answer, or streams wait for events in vain. */
	static class StalledException extends IOException {

		private static final long serialVersionUID = 1L;

		StalledException() {
			super("stalled");
		}

	}

}
