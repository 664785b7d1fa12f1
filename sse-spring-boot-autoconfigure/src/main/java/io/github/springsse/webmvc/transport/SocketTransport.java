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

package io.github.springsse.webmvc.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

import io.github.springsse.delivery.StreamTransport;
import org.jspecify.annotations.Nullable;

/**
 * A transport for a plain socket that was handed over. It writes to the channel directly,
 * and {@link SocketWatch} watches the socket, so no thread of the web server is involved.
 * Web servers reuse their buffers for other connections, but never the channel: whatever
 * goes wrong between threads, a write either reaches its own client or fails.
 */
final class SocketTransport implements StreamTransport, SocketWatch.Socket, VanishedClients.Connection {

	private final SocketChannel channel;

	private final Listener listener;

	private final Runnable connection;

	private final SocketWatch watch;

	private final VanishedClients vanished;

	private final boolean chunked;

	private final ClientInput input = new ClientInput();

	/** Set before the first write. */
	private @Nullable SelectionKey key;

	/**
	 * Whether the client has disconnected, so that the watching thread closes the socket.
	 */
	private volatile boolean gone;

	/**
	 * Create a transport.
	 * @param channel the socket
	 * @param listener notified of events
	 * @param connection closes the connection
	 * @param watch watches the socket
	 * @param vanished detects that the client has vanished
	 * @param chunked whether the body is chunked
	 */
	SocketTransport(SocketChannel channel, Listener listener, Runnable connection, SocketWatch watch,
			VanishedClients vanished, boolean chunked) {
		this.channel = channel;
		this.listener = listener;
		this.connection = connection;
		this.watch = watch;
		this.vanished = vanished;
		this.chunked = chunked;
	}

	/**
	 * Register the socket with the watch, before the first write. Its input is watched
	 * only after {@link #watchInput}.
	 */
	void watch() throws IOException {
		this.key = this.watch.watch(this.channel, this);
		this.vanished.add(this);
	}

	// Called by the watching thread

	@Override
	public boolean onInput() {
		return this.input.skip(this.channel::read);
	}

	@Override
	public void onOutput() {
		this.listener.onWritable();
	}

	@Override
	public void onGone() {
		this.gone = true;
		this.listener.onDisconnected();
	}

	// Called by the watching thread, or by a thread that registers another socket

	@Override
	public void closeGone() {
		closeSocket();
	}

	// Called by the thread that detects vanished clients

	@Override
	public SocketChannel channel() {
		return this.channel;
	}

	@Override
	public void onVanished() {
		this.listener.onDisconnected();
	}

	// Called by the thread that owns the stream

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		this.channel.write(bytes);
		if (!bytes.hasRemaining()) {
			return true;
		}
		if (this.key != null) {
			this.watch.awaitOutput(this.key);
		}
		return false;
	}

	@Override
	public void watchInput() {
		if (this.key != null) {
			this.watch.awaitInput(this.key);
		}
	}

	@Override
	public boolean keepsBuffers() {
		return false;
	}

	@Override
	public boolean isChunked() {
		return this.chunked;
	}

	@Override
	public void close() {
		if (!this.gone) {
			closeSocket();
			if (this.key != null) {
				this.watch.forget(this.key);
			}
		}
	}

	private void closeSocket() {
		try {
			this.connection.run();
		}
		finally {
			this.vanished.remove(this);
		}
	}

}
