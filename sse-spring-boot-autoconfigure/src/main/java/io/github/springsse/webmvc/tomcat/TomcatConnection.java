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

package io.github.springsse.webmvc.tomcat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;

import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.transport.ClientInput;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import io.github.springsse.webmvc.transport.VanishedClients;
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
 * Without TLS, the socket is written to past Tomcat. With TLS, Tomcat's wrapper is, under
 * its lock, which Tomcat's own threads hold while they work on the connection.
 * <p>
 * Public because Tomcat creates it. Not for applications.
 */
public final class TomcatConnection implements InternalHttpUpgradeHandler, StreamTransport, VanishedClients.Connection {

	private final ClientInput input = new ClientInput();

	private @Nullable StreamExchange exchange;

	private @Nullable StreamSockets sockets;

	/** What is to be told of this, if it does not count as other connections do. */
	private @Nullable TomcatStreamEndpoint endpoint;

	/** To be told of the end, while this does not count; guarded by this. */
	private @Nullable AtomicInteger ends;

	private @Nullable Listener listener;

	private @Nullable SocketWrapperBase<?> wrapper;

	/** Set if the wrapper is written to and the socket is known. */
	private @Nullable SocketChannel channel;

	/** The channel if its buffers can be released. */
	private @Nullable SecureStreamChannel secure;

	/** Of that channel, while it is the one of this connection. */
	private int generation;

	private boolean chunked;

	void bind(StreamExchange exchange, StreamSockets sockets, @Nullable TomcatStreamEndpoint endpoint) {
		this.exchange = exchange;
		this.sockets = sockets;
		this.endpoint = endpoint;
		this.listener = exchange.listener();
		this.chunked = exchange.isChunked();
	}

	// Called by Tomcat, which holds the lock of the wrapper

	@Override
	public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
		this.wrapper = wrapper;
	}

	@Override
	public void init(WebConnection connection) {
		StreamExchange exchange = this.exchange;
		StreamSockets sockets = this.sockets;
		if (exchange == null || sockets == null) {
			return;
		}
		this.exchange = null;
		handedOver();
		NioChannel socket = (wrapper().getSocket() instanceof NioChannel nio) ? nio : null;
		if (socket != null) {
			sockets.prepare(socket.getIOChannel());
			this.secure = (socket instanceof SecureStreamChannel found) ? found : null;
			this.generation = (this.secure != null) ? this.secure.generation() : 0;
		}
		if (socket != null && !(socket instanceof SecureNioChannel)) {
			if (socket.getBufHandler() instanceof StreamBufferHandler buffers) {
				buffers.discard();
			}
			sockets.open(socket.getIOChannel(), exchange, this::close);
		}
		else {
			open(exchange);
			if (socket != null) {
				this.channel = socket.getIOChannel();
				sockets.add(this);
			}
			releaseBuffers();
		}
	}

	/**
	 * NOTE: of an exception Tomcat tells the log alone.
	 */
	private void open(StreamExchange exchange) {
		try {
			exchange.opened(this);
		}
		catch (RuntimeException | Error ex) {
			listener().onDisconnected();
			throw ex;
		}
	}

	@Override
	public SocketState upgradeDispatch(SocketEvent event) {
		if (event == SocketEvent.OPEN_READ && this.input.skip((buffer) -> wrapper().read(false, buffer))) {
			releaseBuffers();
			return SocketState.UPGRADED;
		}
		if (event == SocketEvent.OPEN_WRITE) {
			try {
				if (flush()) {
					listener().onWritable();
				}
				return SocketState.UPGRADED;
			}
			catch (IOException ex) {
				// the client has gone
			}
		}
		ended();
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
		ended();
		forget();
		listener().onDisconnected();
	}

	// Called by the thread that looks for clients that have vanished

	@Override
	public SocketChannel channel() {
		return Objects.requireNonNull(this.channel);
	}

	@Override
	public void onVanished() {
		listener().onDisconnected();
	}

	// Called by the thread that owns the stream

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		Lock lock = wrapper().getLock();
		lock.lock();
		try {
			if (wrapper().isClosed()) {
				throw new EOFException("Connection is closed");
			}
			wrapper().write(false, bytes);
			return flush();
		}
		finally {
			lock.unlock();
		}
	}

	@Override
	public void watchInput() {
		Lock lock = wrapper().getLock();
		lock.lock();
		try {
			if (!wrapper().isClosed()) {
				wrapper().registerReadInterest();
			}
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
	public boolean isChunked() {
		return this.chunked;
	}

	@Override
	public void close() {
		Lock lock = wrapper().getLock();
		lock.lock();
		try {
			ended();
			wrapper().close();
		}
		finally {
			lock.unlock();
			forget();
		}
	}

	private void handedOver() {
		if (this.endpoint != null) {
			AtomicInteger ends = this.endpoint.handedOver();
			synchronized (this) {
				this.ends = ends;
			}
		}
	}

	/**
	 * Tell the endpoint, once. For any thread, before the wrapper is closed where that is
	 * known.
	 */
	private void ended() {
		AtomicInteger ends;
		synchronized (this) {
			ends = this.ends;
			this.ends = null;
		}
		if (ends != null) {
			ends.incrementAndGet();
		}
	}

	private void forget() {
		if (this.sockets != null) {
			this.sockets.remove(this);
		}
	}

	/**
	 * Pass on what the wrapper holds.
	 * @return whether it holds nothing any more; otherwise there will be an event
	 */
	private boolean flush() throws IOException {
		if (wrapper().flush(false)) {
			wrapper().registerWriteInterest();
			return false;
		}
		releaseBuffers();
		return true;
	}

	/**
	 * NOTE: under the lock of the wrapper. Buffers with data stay until the next time.
	 */
	private void releaseBuffers() {
		if (this.secure != null) {
			this.secure.release(this.generation);
		}
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
