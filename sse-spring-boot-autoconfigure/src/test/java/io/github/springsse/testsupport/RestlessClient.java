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
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * A client that loses its connection again and again, in the middle of a frame too, or
 * stops reading for a while, and resumes like a browser: with the last id that it got
 * with a whole frame. It goes on until it gets an event with the data {@code end}.
 */
public final class RestlessClient implements Runnable {

	/** Milliseconds that it sometimes reads nothing. */
	private static final int LONG = 2500;

	private final IntSupplier port;

	private final String path;

	private final String protocol;

	private final Random random;

	private final List<String> ids = new ArrayList<>();

	private final List<String> data = new ArrayList<>();

	private final List<ToldGap> gaps = new ArrayList<>();

	private volatile @Nullable String firstId;

	private @Nullable String lastId;

	private boolean ended;

	private int connections;

	/**
	 * Create a client.
	 * @param port the port of the server
	 * @param path the path of the stream
	 * @param http10 whether to ask for a response that is not chunked where it would be
	 * @param seed what to draw its moods from
	 */
	public RestlessClient(int port, String path, boolean http10, long seed) {
		this(() -> port, path, http10, seed);
	}

	/**
	 * Create a client of several servers.
	 * @param port the port of the server to connect to next
	 * @param path the path of the stream
	 * @param http10 whether to ask for a response that is not chunked where it would be
	 * @param seed what to draw its moods from
	 */
	public RestlessClient(IntSupplier port, String path, boolean http10, long seed) {
		this.port = port;
		this.path = path;
		this.protocol = http10 ? "HTTP/1.0" : "HTTP/1.1";
		this.random = new Random(seed);
	}

	@Override
	public void run() {
		while (!this.ended) {
			try {
				connectOnce();
			}
			catch (IOException ex) {
				// the connection was lost, as it happens; or there was none
				LockSupport.parkNanos(10_000_000L);
			}
		}
	}

	private void connectOnce() throws IOException {
		this.connections++;
		try (Socket socket = new Socket()) {
			socket.setReceiveBufferSize(8192);
			socket.setSoTimeout(30_000);
			socket.connect(new InetSocketAddress("localhost", this.port.getAsInt()));
			String resume = (this.lastId != null) ? "Last-Event-ID: " + this.lastId + "\r\n" : "";
			socket.getOutputStream()
				.write((("GET %s %s\r\nHost: localhost\r\n%s\r\n").formatted(this.path, this.protocol, resume))
					.getBytes(StandardCharsets.US_ASCII));
			int bytes = (this.random.nextInt(8) == 0) ? Integer.MAX_VALUE : this.random.nextInt(60_000);
			int stallAt = (this.random.nextInt(4) == 0) ? this.random.nextInt(50_000) : -1;
			read(socket.getInputStream(), bytes, stallAt);
		}
	}

	private void read(InputStream input, int bytes, int stallAt) throws IOException {
		Frames frames = new Frames();
		byte[] buffer = new byte[4096];
		int total = 0;
		while (total < bytes && !this.ended) {
			if (stallAt >= 0 && total >= stallAt) {
				stallAt = -1;
				LockSupport.parkNanos(((this.random.nextInt(10) == 0) ? LONG : this.random.nextInt(300)) * 1_000_000L);
			}
			int count = input.read(buffer, 0, Math.min(buffer.length, bytes - total));
			if (count < 0) {
				return;
			}
			total += count;
			frames.accept(buffer, count);
		}
	}

	/**
	 * Ids of the events it got, in the order in which it got them.
	 * @return the ids
	 */
	public List<String> ids() {
		return this.ids;
	}

	/**
	 * Data of the events it got, in the order in which it got them.
	 * @return the data
	 */
	public List<String> data() {
		return this.data;
	}

	/**
	 * The gaps that it was told of.
	 * @return the gaps
	 */
	public List<ToldGap> gaps() {
		return this.gaps;
	}

	/**
	 * The first id that it got, with an event or without.
	 * @return the id
	 */
	public @Nullable String firstId() {
		return this.firstId;
	}

	public int connections() {
		return this.connections;
	}

	/**
	 * A gap.
	 *
	 * @param place how many events had come when it was told
	 * @param data what was told, as JSON
	 */
	public record ToldGap(int place, String data) {

		/**
		 * The value of one of the fields that are ids.
		 * @param field the name of the field
		 * @return the id
		 */
		public String id(String field) {
			Matcher matcher = Pattern.compile("\"" + field + "\":\"([^\"]+)\"").matcher(this.data);
			return matcher.find() ? matcher.group(1) : "";
		}

	}

	/**
	 * Frames of one connection, after the head of its response.
	 */
	private final class Frames {

		private final ByteArrayOutputStream line = new ByteArrayOutputStream();

		private boolean head = true;

		private @Nullable String id;

		private @Nullable String name;

		private @Nullable String data;

		void accept(byte[] bytes, int count) {
			for (int i = 0; i < count; i++) {
				if (bytes[i] == '\n') {
					line(this.line.toString(StandardCharsets.UTF_8));
					this.line.reset();
				}
				else if (bytes[i] != '\r') {
					this.line.write(bytes[i]);
				}
			}
		}

		private void line(String text) {
			if (this.head) {
				this.head = !text.isEmpty();
			}
			else if (text.isEmpty()) {
				frame();
			}
			else if (text.startsWith("id: ")) {
				this.id = text.substring(4);
			}
			else if (text.startsWith("event: ")) {
				this.name = text.substring(7);
			}
			else if (text.startsWith("data: ")) {
				this.data = text.substring(6);
			}
		}

		private void frame() {
			RestlessClient client = RestlessClient.this;
			if (this.id != null) {
				client.lastId = this.id;
				client.firstId = (client.firstId != null) ? client.firstId : this.id;
			}
			if ("gap".equals(this.name)) {
				client.gaps.add(new ToldGap(client.ids.size(), String.valueOf(this.data)));
			}
			else if (this.data != null && this.id != null) {
				client.ids.add(this.id);
				client.data.add(this.data);
				client.ended = this.data.equals("end");
			}
			this.id = null;
			this.name = null;
			this.data = null;
		}

	}

}
