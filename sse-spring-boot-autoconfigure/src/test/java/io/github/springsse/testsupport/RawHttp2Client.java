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

package io.github.springsse.testsupport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client of HTTP/2 with prior knowledge that opens streams on one connection, allows
 * the server to send without end, and never reads.
 */
public final class RawHttp2Client implements AutoCloseable {

	private static final int DATA_WITHOUT_END = Integer.MAX_VALUE;

	private final Socket socket;

	private final ByteArrayOutputStream output = new ByteArrayOutputStream();

	/**
	 * Send a request.
	 * @param port the port
	 * @param path the path
	 * @param receiveBuffer the size of the receive buffer
	 */
	public RawHttp2Client(int port, String path, int receiveBuffer) {
		this(port, path, receiveBuffer, 1);
	}

	/**
	 * Send requests.
	 * @param port the port
	 * @param path the path of all
	 * @param receiveBuffer the size of the receive buffer
	 * @param streams the number of requests
	 */
	public RawHttp2Client(int port, String path, int receiveBuffer, int streams) {
		try {
			this.socket = new Socket();
			this.socket.setReceiveBufferSize(receiveBuffer);
			this.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			this.output.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			// settings: the window of every stream; the window of the connection
			frame(4, 0, 0, new byte[] { 0, 4, 0x7f, -1, -1, -1 });
			frame(8, 0, 0, bytes(DATA_WITHOUT_END - 65535));
			// headers, which end the request
			for (int i = 0; i < streams; i++) {
				frame(1, 5, 2 * i + 1, headers(path));
			}
			// acknowledgement of the server's settings
			frame(4, 1, 0, new byte[0]);
			this.socket.getOutputStream().write(this.output.toByteArray());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void frame(int type, int flags, int stream, byte[] payload) {
		this.output.writeBytes(new byte[] { (byte) (payload.length >> 16), (byte) (payload.length >> 8),
				(byte) payload.length, (byte) type, (byte) flags });
		this.output.writeBytes(bytes(stream));
		this.output.writeBytes(payload);
	}

	private static byte[] bytes(int value) {
		return new byte[] { (byte) (value >> 24), (byte) (value >> 16), (byte) (value >> 8), (byte) value };
	}

	/**
	 * {@code :method: GET}, {@code :scheme: http} and, as literals, {@code :path} and
	 * {@code :authority}.
	 */
	private static byte[] headers(String path) {
		ByteArrayOutputStream result = new ByteArrayOutputStream();
		result.write(0x82);
		result.write(0x86);
		result.write(4);
		result.write(path.length());
		result.writeBytes(path.getBytes(StandardCharsets.US_ASCII));
		result.write(1);
		result.write(9);
		result.writeBytes("localhost".getBytes(StandardCharsets.US_ASCII));
		return result.toByteArray();
	}

	@Override
	public void close() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
