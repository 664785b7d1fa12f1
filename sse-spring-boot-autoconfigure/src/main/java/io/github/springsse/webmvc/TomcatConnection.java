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

package io.github.springsse.webmvc;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.Lock;

import io.github.springsse.delivery.StreamTransport;
import jakarta.servlet.http.WebConnection;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * A connection that Tomcat has handed over. It implements Tomcat's own kind of upgrade
 * handler, the one of its WebSocket support, because a standard
 * {@link jakarta.servlet.http.HttpUpgradeHandler} leaves an object behind for every
 * connection in Tomcat before 11.0.25, and keeps more objects while it is open.
 * <p>
 * Without TLS, bytes are written to the socket channel itself, and it is watched by
 * {@link SocketWatch}, so that Tomcat's threads have nothing to do with it. Tomcat uses
 * its wrappers and buffers again for other connections, but never the channel: whatever
 * goes wrong between threads, a write can only reach the client it is meant for, or fail.
 * With TLS they are written through the wrapper, under its lock, which Tomcat's own
 * threads hold while they work on the connection.
 * <p>
 * Public because Tomcat creates it. Not for applications.
 */
public final class TomcatConnection implements InternalHttpUpgradeHandler, StreamTransport, SocketWatch.Socket {

	private static final int MAX_INPUT = 64 * 1024;

	private @Nullable StreamExchange exchange;

	private @Nullable SocketWatch watch;

	private int sendBuffer;

	private @Nullable Listener listener;

	private @Nullable SocketWrapperBase<?> wrapper;

	/** The plain socket, {@code null} if bytes must go through the wrapper. */
	private @Nullable SocketChannel channel;

	/** Registers the plain socket to be watched. */
	private @Nullable SelectionKey key;

	/** Whether the client has gone, so that the thread that watches closes the socket. */
	private volatile boolean gone;

	/** Bytes that the client has sent since. */
	private int input;

	void bind(StreamExchange exchange, SocketWatch watch, int sendBuffer) {
		this.exchange = exchange;
		this.watch = watch;
		this.sendBuffer = sendBuffer;
		this.listener = exchange.listener();
	}

	// Called by Tomcat, which holds the lock of the wrapper

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.wrapper = wrapper;
		if (wrapper.getSocket() instanceof NioChannel socket) {
			SocketChannel channel = socket.getIOChannel();
			limitSendBuffer(channel);
			this.channel = (socket instanceof SecureNioChannel) ? null : channel;
		}
	}

	/**
	 * Have the operating system not hold megabytes for a client that does not read, which
	 * all get older while the outbox could have newer ones.
	 */
	private void limitSendBuffer(SocketChannel channel) {
		try {
			channel.setOption(StandardSocketOptions.SO_SNDBUF, this.sendBuffer);
		}
		catch (IOException | UnsupportedOperationException ex) {
			// it has gone, as will be found, or is of a kind without
		}
	}

	@Override
	public void init(WebConnection connection) {
		StreamExchange exchange = this.exchange;
		SocketWatch watch = this.watch;
		if (exchange == null || watch == null) {
			return;
		}
		this.exchange = null;
		if (this.channel == null) {
			wrapper().registerReadInterest();
			exchange.opened(this);
			return;
		}
		try {
			this.key = watch.watch(this.channel, this);
			exchange.opened(this);
		}
		catch (IOException | ClosedSelectorException ex) {
			// the client has gone, or the application is shutting down
			wrapper().close();
		}
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		if (event == SocketEvent.OPEN_READ && onInput()) {
			return SocketState.UPGRADED;
		}
		if (event == SocketEvent.OPEN_WRITE) {
			try {
				if (flushWrapper()) {
					listener().onWritable();
				}
				return SocketState.UPGRADED;
			}
			catch (IOException ex) {
				// the client has gone
			}
		}
		listener().onDisconnected();
		return SocketState.CLOSED;
	}

	@Override
	public boolean hasAsyncIO() {
		return true;
	}

	@Override
	public void timeoutAsync(long now) {
	}

	@Override
	public void setSslSupport(SSLSupport sslSupport) {
	}

	@Override
	public void pause() {
	}

	@Override
	public void destroy() {
		listener().onDisconnected();
	}

	// Called by the thread that watches plain sockets

	/**
	 * Read what the client sends, which is nothing that matters.
	 * @return {@code false} at the end of the input, where a client has gone, and if so
	 * much is sent that this is no client of an event stream
	 */
	@Override
	public boolean onInput() {
		ByteBuffer buffer = ByteBuffer.allocate(512);
		int count;
		try {
			do {
				buffer.clear();
				count = (this.channel != null) ? this.channel.read(buffer) : wrapper().read(false, buffer);
				this.input += count;
			}
			while (count > 0 && this.input <= MAX_INPUT);
		}
		catch (IOException ex) {
			return false;
		}
		return count == 0;
	}

	@Override
	public void onOutput() {
		listener().onWritable();
	}

	@Override
	public void onGone() {
		this.gone = true;
		listener().onDisconnected();
	}

	@Override
	public void closeGone() {
		closeWrapper();
	}

	// Called by the thread that owns the stream

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		if (this.channel != null) {
			this.channel.write(bytes);
			if (bytes.hasRemaining()) {
				awaitOutput();
				return false;
			}
			return true;
		}
		Lock lock = wrapper().getLock();
		lock.lock();
		try {
			if (wrapper().isClosed()) {
				throw new EOFException("Connection is closed");
			}
			wrapper().write(false, bytes);
			return flushWrapper();
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public boolean keepsBuffers() {
		return false;
	}

	@Override
	public void close() {
		if (!this.gone) {
			closeWrapper();
			if (this.watch != null && this.key != null) {
				this.watch.forget(this.key);
			}
		}
	}

	private void awaitOutput() {
		if (this.watch != null && this.key != null) {
			this.watch.awaitOutput(this.key);
		}
	}

	private void closeWrapper() {
		Lock lock = wrapper().getLock();
		lock.lock();
		try {
			wrapper().close();
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Pass on what the wrapper holds.
	 * @return whether it holds nothing any more; otherwise there will be an event
	 */
	private boolean flushWrapper() throws IOException {
		if (this.channel == null && wrapper().flush(false)) {
			wrapper().registerWriteInterest();
			return false;
		}
		return true;
	}

	private SocketWrapperBase<?> wrapper() {
		if (this.wrapper == null) {
			throw new IllegalStateException("Tomcat has not handed the connection over yet");
		}
		return this.wrapper;
	}

	private Listener listener() {
		if (this.listener == null) {
			throw new IllegalStateException("No stream is bound to this connection");
		}
		return this.listener;
	}

}
