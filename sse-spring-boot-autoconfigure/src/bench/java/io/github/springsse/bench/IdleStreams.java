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
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import javax.net.SocketFactory;

/**
 * Connections with streams that are opened one after the other, and not read any more.
 */
final class IdleStreams implements Closeable {

	private static final byte[] REQUEST = ("GET /events HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n"
			+ "Accept-Encoding: gzip\r\n\r\n")
		.getBytes(StandardCharsets.US_ASCII);

	private static final int PATIENCE_MILLIS = 60_000;

	private final List<Socket> sockets = new ArrayList<>();

	IdleStreams(SocketFactory factory, int port, int count, boolean compressed) throws IOException {
		for (int i = 0; i < count; i++) {
			Socket socket = factory.createSocket(InetAddress.getLoopbackAddress(), port);
			this.sockets.add(socket);
			socket.setSoTimeout(PATIENCE_MILLIS);
			socket.getOutputStream().write(REQUEST);
			String head = readHead(socket.getInputStream());
			if (!head.startsWith("http/1.1 200") || head.contains("content-encoding: gzip") != compressed) {
				throw new IOException("Unexpected response: " + head);
			}
		}
	}

	private static String readHead(InputStream input) throws IOException {
		StringBuilder head = new StringBuilder();
		while (head.lastIndexOf("\r\n\r\n") < 0) {
			int next = input.read();
			if (next < 0) {
				throw new IOException("The server has closed a connection after " + head);
			}
			head.append(Character.toLowerCase((char) next));
		}
		return head.toString();
	}

	@Override
	public void close() throws IOException {
		for (Socket socket : this.sockets) {
			// NOTE: a notice of the end would wait for the socket
			socket.setSoLinger(true, 0);
			socket.close();
		}
	}

}
