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

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A client on a bare socket, which does what no HTTP library does: reads slowly or not at
 * all, and leaves in every manner there is. Nothing is read unless a test reads it.
 */
public final class RawStreamClient implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private final Socket socket;

	private final InputStream input;

	private String head = "";

	private InputStream body;

	private RawStreamClient(Socket socket) throws IOException {
		this.socket = socket;
		this.input = new BufferedInputStream(socket.getInputStream());
		this.body = this.input;
	}

	/**
	 * Open a stream and read the head of the response.
	 * @param port the port
	 * @param path the path
	 * @param headers further lines of the request's head
	 * @return the client
	 */
	public static RawStreamClient open(int port, String path, String... headers) {
		return send(port, 0, get(path, headers)).readHead();
	}

	/**
	 * Open a stream and read nothing, not even the head of the response.
	 * @param port the port
	 * @param receiveBuffer the size of the receive buffer, 0 for the system's choice
	 * @param request the request
	 * @return the client
	 */
	public static RawStreamClient send(int port, int receiveBuffer, String request) {
		try {
			Socket socket = new Socket();
			if (receiveBuffer > 0) {
				socket.setReceiveBufferSize(receiveBuffer);
			}
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) TIMEOUT.toMillis());
			return send(socket, request);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Send a request through a socket that is connected.
	 * @param socket the socket
	 * @param request the request
	 * @return the client
	 */
	public static RawStreamClient send(Socket socket, String request) {
		try {
			socket.setSoTimeout((int) TIMEOUT.toMillis());
			socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
			socket.getOutputStream().flush();
			return new RawStreamClient(socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The head of an ordinary request.
	 * @param path the path
	 * @param headers further lines of the head
	 * @return the request
	 */
	public static String get(String path, String... headers) {
		String further = (headers.length > 0) ? String.join("\r\n", headers) + "\r\n" : "";
		return "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n" + further + "\r\n";
	}

	public RawStreamClient readHead() {
		try {
			StringBuilder text = new StringBuilder();
			while (text.indexOf("\r\n\r\n") < 0) {
				int next = this.input.read();
				if (next < 0) {
					throw new EOFException("End within the head: " + text);
				}
				text.append((char) next);
			}
			this.head = text.toString();
			this.body = "chunked".equalsIgnoreCase(header("Transfer-Encoding")) ? new Chunks(this.input) : this.input;
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public String head() {
		return this.head;
	}

	/**
	 * A header of the response.
	 * @param name the name
	 * @return the value, empty if there is none
	 */
	public String header(String name) {
		return this.head.lines()
			.filter((line) -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
			.map((line) -> line.substring(name.length() + 1).trim())
			.findFirst()
			.orElse("");
	}

	/**
	 * The body, without the framing of chunks. An error of the framing is an exception.
	 * @return the body
	 */
	public InputStream body() {
		return this.body;
	}

	/**
	 * Read a line of the body.
	 * @return the line without its end
	 * @throws IOException if the line is not there in time, or ends with the body
	 */
	public String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int next;
		while ((next = this.body.read()) != '\n') {
			if (next < 0) {
				throw new EOFException("End within a line: " + line);
			}
			line.write(next);
		}
		return line.toString(StandardCharsets.UTF_8);
	}

	/**
	 * Read lines up to one that is wanted.
	 * @param wanted the line
	 * @return this client
	 */
	public RawStreamClient awaitLine(String wanted) {
		readLinesUpTo(wanted);
		return this;
	}

	/**
	 * Read lines up to one that is wanted.
	 * @param wanted the line
	 * @return the lines
	 */
	public List<String> readLinesUpTo(String wanted) {
		List<String> lines = new ArrayList<>();
		try {
			do {
				lines.add(readLine());
			}
			while (!lines.get(lines.size() - 1).equals(wanted));
			return lines;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Waited for the line '" + wanted + "' after " + lines.size() + " lines", ex);
		}
	}

	/**
	 * Read up to the end of the body, which has to come in good order.
	 * @return the last line, empty if there is none
	 */
	public String awaitEnd() {
		try {
			String rest = new String(this.body.readAllBytes(), StandardCharsets.UTF_8);
			return rest.lines().filter((line) -> !line.isEmpty()).reduce("", (before, line) -> line);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Waited for the end of the body", ex);
		}
	}

	/**
	 * Read up to the end of the connection, which has to come before that of a body in
	 * chunks.
	 * @return what was left of the body
	 */
	public String awaitCut() {
		ByteArrayOutputStream rest = new ByteArrayOutputStream();
		try {
			this.body.transferTo(rest);
		}
		catch (EOFException | SocketException ex) {
			return rest.toString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Waited for the end of the connection", ex);
		}
		throw new IllegalStateException("The body ended in good order: " + rest.toString(StandardCharsets.UTF_8));
	}

	/**
	 * Read the body as one that is compressed.
	 * @return this client
	 */
	public RawStreamClient unzip() {
		try {
			this.body = new GZIPInputStream(this.body);
			return this;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	public Socket socket() {
		return this.socket;
	}

	public void leave(Leaving how) {
		try {
			how.leave(this.socket);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() {
		leave(Leaving.CLOSE);
	}

	/**
	 * How a client leaves.
	 */
	public enum Leaving {

		/** As a browser does whose page is closed. */
		CLOSE {

			@Override
			void leave(Socket socket) throws IOException {
				socket.close();
			}

		},

		/** As a process does that is killed with data unread. */
		RESET {

			@Override
			void leave(Socket socket) throws IOException {
				if (!socket.isClosed()) {
					socket.setSoLinger(true, 0);
				}
				socket.close();
			}

		},

		/** As a client does that has nothing more to say, and still listens. */
		HALF_CLOSE {

			@Override
			void leave(Socket socket) throws IOException {
				socket.shutdownOutput();
			}

		};

		abstract void leave(Socket socket) throws IOException;

	}

	/**
	 * Body of chunks.
	 */
	private static final class Chunks extends InputStream {

		private final InputStream input;

		private int left;

		private boolean started;

		private boolean ended;

		Chunks(InputStream input) {
			this.input = input;
		}

		@Override
		public int read() throws IOException {
			if (!nextChunk()) {
				return -1;
			}
			int result = this.input.read();
			if (result < 0) {
				throw new EOFException("End within a chunk");
			}
			this.left--;
			return result;
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			if (length == 0) {
				return 0;
			}
			if (!nextChunk()) {
				return -1;
			}
			int count = this.input.read(bytes, offset, Math.min(length, this.left));
			if (count < 0) {
				throw new EOFException("End within a chunk");
			}
			this.left -= count;
			return count;
		}

		private boolean nextChunk() throws IOException {
			if (this.left == 0 && !this.ended) {
				if (this.started) {
					expectLine("");
				}
				this.started = true;
				String size = line();
				try {
					this.left = Integer.parseInt(size, 16);
				}
				catch (NumberFormatException ex) {
					throw new IOException("Not the size of a chunk: '" + size + "'", ex);
				}
				if (this.left == 0) {
					expectLine("");
					this.ended = true;
				}
			}
			return !this.ended;
		}

		private void expectLine(String expected) throws IOException {
			String line = line();
			if (!line.equals(expected)) {
				throw new IOException("Not '" + expected + "' between chunks: '" + line + "'");
			}
		}

		private String line() throws IOException {
			StringBuilder line = new StringBuilder();
			int next;
			while ((next = this.input.read()) != '\n') {
				if (next < 0) {
					throw new EOFException("End of the socket between chunks");
				}
				if (line.length() > 100) {
					throw new IOException("No chunk begins with '" + line + "'");
				}
				line.append((char) next);
			}
			if (line.length() == 0 || line.charAt(line.length() - 1) != '\r') {
				throw new IOException("No CR at the end of '" + line + "'");
			}
			return line.substring(0, line.length() - 1);
		}

	}

}
