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
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Publishes by lines to the control port of a server.
 */
final class ControlPublisher implements Publisher {

	private static final int TIMEOUT = 60_000;

	private final Socket socket;

	private final BufferedReader answers;

	ControlPublisher(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(TIMEOUT);
		this.answers = new BufferedReader(
				new InputStreamReader(this.socket.getInputStream(), StandardCharsets.US_ASCII));
	}

	@Override
	public void publish(long number, int count, long sent, int size, Target target) throws IOException {
		StringBuilder lines = new StringBuilder(count * (size + 1));
		for (int i = 0; i < count; i++) {
			if (target.hasTopics()) {
				lines.append(target.topic(number + i)).append(' ');
			}
			Ticks.append(lines, number + i, sent, size);
			lines.append('\n');
		}
		write(lines.toString());
	}

	@Override
	public int streams() throws IOException {
		return (int) ask("?");
	}

	@Override
	public long ask(String question) throws IOException {
		write(question + "\n");
		String answer = this.answers.readLine();
		if (answer == null) {
			throw new IOException("The server has closed its control connection");
		}
		return Long.parseLong(answer);
	}

	private void write(String text) throws IOException {
		this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
