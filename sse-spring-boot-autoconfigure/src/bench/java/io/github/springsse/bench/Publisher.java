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
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
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

	private static final int ATTEMPTS = 50;

	private static final long PAUSE_BETWEEN_ATTEMPTS = 100_000_000;

	private static final String STATUS_LINE = "HTTP/1.1 ";

	private static final String SUBSCRIBERS = "subscribers: ";

	private final SocketChannel channel;

	private final ByteBuffer input = ByteBuffer.allocateDirect(1 << 16);

	private final int port;

	private final boolean nchan;

	/** Requests that Nchan has not answered. */
	private long unanswered;

	/** The number of the next event. */
	private long next;

	/** The part of a status line that has arrived. */
	private int matched;

	Publisher(int port, boolean nchan) throws IOException {
		this.port = port;
		this.nchan = nchan;
		this.channel = connect();
		this.channel.socket().setTcpNoDelay(true);
		this.channel.configureBlocking(false);
	}

	/** NOTE: nginx does not tell when it listens. */
	private SocketChannel connect() throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port));
			}
			catch (ConnectException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
				LockSupport.parkNanos(PAUSE_BETWEEN_ATTEMPTS);
			}
		}
	}

	/**
	 * Publish consecutive ticks.
	 * @param sent when they were due
	 * @param size the bytes of the JSON of each
	 */
	void publish(Target target, long number, int count, long sent, int size) throws IOException {
		StringBuilder text = new StringBuilder();
		for (long i = number; i < number + count; i++) {
			String tick = "{\"number\":" + i + ",\"sent\":" + sent + ",\"text\":\"";
			tick += "x".repeat(Math.max(0, size - tick.length() - 2)) + "\"}";
			String topic = target.topic(i);
			if (this.nchan) {
				appendRequest(text, topic.isEmpty() ? "ticks" : topic, tick);
			}
			else {
				text.append(topic).append(topic.isEmpty() ? "" : " ").append(tick).append('\n');
			}
		}
		write(text);
		this.next = number + count;
	}

	/** Publish an event whose data is given to all streams. */
	void publish(long number, String data) throws IOException {
		StringBuilder text = new StringBuilder();
		if (this.nchan) {
			appendRequest(text, "ticks", data);
		}
		else {
			text.append('=').append(data).append('\n');
		}
		write(text);
		this.next = number + 1;
	}

	/** The number of the next event. */
	long next() {
		return this.next;
	}

	private void appendRequest(StringBuilder text, String topic, String data) {
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

	/**
	 * Read what has arrived.
	 * @return whether there was anything
	 */
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
		// NOTE: Nchan closes a connection that asked for the status
		try (Socket connection = connect().socket()) {
			connection.getOutputStream().write("GET /status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			String status = new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			String number = status.substring(status.indexOf(SUBSCRIBERS) + SUBSCRIBERS.length());
			return Long.parseLong(number.split("\\D", 2)[0]);
		}
	}

	/**
	 * Wait until the server has a number of streams or more.
	 * @param meanwhile what to do in the meantime
	 */
	void awaitStreams(int count, Work meanwhile) throws IOException {
		long start = System.nanoTime();
		while (streams() < count) {
			if (System.nanoTime() - start > LONG_PATIENCE) {
				throw new IOException("The server has fewer streams than were opened");
			}
			meanwhile.run();
			LockSupport.parkNanos(PAUSE);
		}
	}

	/**
	 * Wait until the server has noticed that its clients have left.
	 * @param reminder what to do now and then
	 */
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

	/** Something to do. */
	interface Work {

		/** Do nothing. */
		Work NONE = () -> {
		};

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
