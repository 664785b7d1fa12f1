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

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Publishes to a server over one connection, by its control port or as Nchan is
 * published to.
 */
final class EventPublisher implements Closeable {

	private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);

	private static final int PATIENCE_MILLIS = 120_000;

	private static final int PAUSE_MILLIS = 5;

	private static final int ATTEMPTS = 50;

	private static final int PAUSE_BETWEEN_ATTEMPTS = 100;

	private final Socket socket;

	private final InputStream input;

	private final boolean nchan;

	EventPublisher(int port, boolean nchan) throws IOException, InterruptedException {
		this.socket = connect(port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(PATIENCE_MILLIS);
		this.input = new BufferedInputStream(this.socket.getInputStream());
		this.nchan = nchan;
	}

	/**
	 * NOTE: nginx does not tell when it listens.
	 */
	private static Socket connect(int port) throws IOException, InterruptedException {
		for (int attempt = 1;; attempt++) {
			try {
				return new Socket(InetAddress.getLoopbackAddress(), port);
			}
			catch (ConnectException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
				TimeUnit.MILLISECONDS.sleep(PAUSE_BETWEEN_ATTEMPTS);
			}
		}
	}

	/**
	 * Publish an event.
	 * @param data its data
	 */
	void publish(String data) throws IOException {
		if (this.nchan) {
			write("POST /publish?topic=ticks HTTP/1.1\r\nHost: localhost\r\nX-EventSource-Event: tick\r\nContent-Length: "
					+ data.length() + "\r\n\r\n" + data);
			awaitResponse();
		}
		else {
			write("=" + data + "\n");
		}
	}

	/** The number of open streams. */
	long streams() throws IOException, InterruptedException {
		if (!this.nchan) {
			return ask("?");
		}
		// NOTE: Nchan closes a connection that asked for the status
		try (Socket connection = connect(this.socket.getPort())) {
			connection.getOutputStream().write("GET /status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			return numberAfter("subscribers:",
					new String(connection.getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
		}
	}

	/**
	 * Wait until the server has so many streams or more.
	 * @param meanwhile what to do in the meantime
	 */
	void awaitStreams(int count, Work meanwhile) throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (streams() < count) {
			pause(start, meanwhile);
		}
	}

	/**
	 * Wait until the server has no streams.
	 */
	void awaitNoStreams() throws IOException, InterruptedException {
		long start = System.nanoTime();
		while (streams() > 0) {
			pause(start, () -> {
			});
		}
	}

	private static void pause(long start, Work meanwhile) throws IOException, InterruptedException {
		if (System.nanoTime() - start > PATIENCE) {
			throw new IOException("The number of streams is not the expected one");
		}
		meanwhile.run();
		TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
	}

	/** Ask a server that has a control port. */
	long ask(String question) throws IOException {
		write(question + "\n");
		return Long.parseLong(readLine());
	}

	private void awaitResponse() throws IOException {
		String status = readLine();
		if (!status.startsWith("HTTP/1.1 2")) {
			throw new IOException("Nchan answers " + status);
		}
		long length = 0;
		String line;
		while (!(line = readLine().toLowerCase(Locale.ROOT)).isEmpty()) {
			length = line.startsWith("content-length:") ? numberAfter("content-length:", line) : length;
		}
		this.input.skipNBytes(length);
	}

	private static long numberAfter(String word, String text) {
		String rest = text.substring(text.indexOf(word) + word.length()).trim();
		return Long.parseLong(rest.split("\\D", 2)[0]);
	}

	private void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		int next;
		while ((next = this.input.read()) != '\n') {
			if (next < 0) {
				throw new IOException("The server has closed the connection");
			}
			line.append((char) next);
		}
		return line.toString().stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/**
	 * Something to do.
	 */
	interface Work {

		void run() throws IOException;

	}

}
