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
 * A plain socket that was handed over: bytes are written to the channel itself, and it is
 * watched by {@link SocketWatch}, so that the threads of the web server have nothing to
 * do with it. Servers use their buffers again for other connections, but never the
 * channel: whatever goes wrong between threads, a write can only reach the client it is
 * meant for, or fail.
 */
final class SocketTransport implements StreamTransport, SocketWatch.Socket, VanishedClients.Connection {

	private final SocketChannel channel;

	private final Listener listener;

	private final Runnable connection;

	private final SocketWatch watch;

	private final VanishedClients vanished;

	private final boolean chunked;

	private final ClientInput input = new ClientInput();

	/** Set before anything is written. */
	private @Nullable SelectionKey key;

	/** Whether the client has gone, so that the thread that watches closes the socket. */
	private volatile boolean gone;

	/**
	 * Create a transport.
	 * @param channel the socket
	 * @param listener to be told what happens
	 * @param connection closes the socket
	 * @param watch is to watch the socket
	 * @param vanished is to find out if the client has gone without a word
	 * @param chunked whether the body is in chunks
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
	 * Have the socket watched, before anything is written. Its input is from
	 * {@link #watchInput} on.
	 */
	void watch() throws IOException {
		this.key = this.watch.watch(this.channel, this);
		this.vanished.add(this);
	}

	// Called by the thread that watches

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

	// Called by the thread that watches, or one that has another socket watched

	@Override
	public void closeGone() {
		closeSocket();
	}

	// Called by the thread that looks for clients that have vanished

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
