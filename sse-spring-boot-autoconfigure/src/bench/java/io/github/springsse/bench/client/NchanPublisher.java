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

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Publishes to Nchan: requests follow each other on one connection, and no answer is
 * waited for.
 */
final class NchanPublisher implements Publisher {

	private static final int ATTEMPTS = 50;

	private static final String SUBSCRIBERS = "subscribers: ";

	private final InetSocketAddress address;

	private final SocketChannel channel;

	private final ByteBuffer answers = ByteBuffer.allocate(64 * 1024);

	NchanPublisher(int port) throws IOException {
		this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
		this.channel = connect();
		this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		this.channel.configureBlocking(false);
	}

	/**
	 * The server says that it is ready a little early.
	 */
	private SocketChannel connect() throws IOException {
		for (int attempt = 1;; attempt++) {
			try {
				return SocketChannel.open(this.address);
			}
			catch (ConnectException ex) {
				if (attempt == ATTEMPTS) {
					throw ex;
				}
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
			}
		}
	}

	@Override
	public void publish(long number, int count, long sent, int size, Target target) throws IOException {
		StringBuilder requests = new StringBuilder(count * (size + 200));
		StringBuilder body = new StringBuilder(size);
		for (int i = 0; i < count; i++) {
			body.setLength(0);
			Ticks.append(body, number + i, sent, size);
			requests.append("POST /publish?topic=")
				.append(target.hasTopics() ? target.topic(number + i) : "ticks")
				.append(" HTTP/1.1\r\nHost: localhost\r\nX-EventSource-Event: tick\r\nContent-Length: ")
				.append(body.length())
				.append("\r\n\r\n")
				.append(body);
		}
		ByteBuffer bytes = StandardCharsets.US_ASCII.encode(requests.toString());
		while (bytes.hasRemaining()) {
			this.channel.write(bytes);
			readAnswers();
		}
	}

	private void readAnswers() throws IOException {
		int count = this.channel.read(this.answers.clear());
		if (count < 0) {
			throw new IOException("Nchan has closed the connection");
		}
		// NOTE: where an answer begins is not known, but what begins is one that is looked at
		if (count > 0 && new String(this.answers.array(), 0, count, StandardCharsets.US_ASCII)
			.matches("(?s).*HTTP/1\\.1 [345].*")) {
			throw new IOException("Nchan does not publish");
		}
	}

	@Override
	public int streams() throws IOException {
		try (Socket socket = new Socket(this.address.getAddress(), this.address.getPort())) {
			socket.getOutputStream().write("GET /status HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			Reader input = new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII);
			return new BufferedReader(input).lines()
				.filter((line) -> line.startsWith(SUBSCRIBERS))
				.mapToInt((line) -> Integer.parseInt(line.substring(SUBSCRIBERS.length())))
				.findFirst()
				.orElseThrow(() -> new IOException("No status"));
		}
	}

	@Override
	public long ask(String question) {
		return -1;
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
