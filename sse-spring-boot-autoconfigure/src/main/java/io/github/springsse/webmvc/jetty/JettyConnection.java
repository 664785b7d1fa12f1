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

package io.github.springsse.webmvc.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;

import io.github.springsse.delivery.StreamTransport;
import io.github.springsse.webmvc.transport.ClientInput;
import io.github.springsse.webmvc.transport.StreamExchange;
import io.github.springsse.webmvc.transport.StreamSockets;
import io.github.springsse.webmvc.transport.VanishedClients;
import org.eclipse.jetty.io.AbstractConnection;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * A connection that Jetty has handed over. Without TLS, the stream writes to the socket
 * directly; with TLS, it writes to the end point of Jetty, one write at a time.
 */
final class JettyConnection extends AbstractConnection
		implements Connection.UpgradeTo, StreamTransport, Callback, VanishedClients.Connection {

	private final StreamTransport.Listener listener;

	private final StreamSockets sockets;

	private final boolean chunked;

	private final ClientInput input = new ClientInput();

	/** The exchange, until it is opened. */
	private volatile @Nullable StreamExchange exchange;

	/** Set if the stream writes to the end point and the socket is known. */
	private @Nullable SocketChannel channel;

	JettyConnection(EndPoint endPoint, Executor executor, StreamExchange exchange, StreamSockets sockets) {
		super(endPoint, executor);
		this.exchange = exchange;
		this.listener = exchange.listener();
		this.chunked = exchange.isChunked();
		this.sockets = sockets;
	}

	// Called by Jetty

	/**
	 * Discard pipelined requests: the response of the stream has announced that the
	 * connection is closed.
	 */
	@Override
	public void onUpgradeTo(ByteBuffer buffer) {
		BufferUtil.clear(buffer);
	}

	@Override
	public void onOpen() {
		super.onOpen();
		StreamExchange exchange = this.exchange;
		if (exchange == null) {
			return;
		}
		this.exchange = null;
		EndPoint endPoint = getEndPoint();
		endPoint.setIdleTimeout(0);
		SocketChannel channel = channel(endPoint);
		if (channel != null) {
			this.sockets.prepare(channel);
		}
		// NOTE: a wrapped end point, or one of another class, must process the bytes
		if (channel != null && endPoint.getClass() == SocketChannelEndPoint.class) {
			this.sockets.open(channel, exchange, endPoint::close);
		}
		else {
			open(exchange);
			if (channel != null) {
				this.channel = channel;
				this.sockets.add(this);
			}
		}
	}

	private void open(StreamExchange exchange) {
		try {
			exchange.opened(this);
		}
		catch (RuntimeException | Error ex) {
			this.listener.onDisconnected();
			throw ex;
		}
	}

	private static @Nullable SocketChannel channel(EndPoint endPoint) {
		EndPoint inner = endPoint;
		while (inner instanceof EndPoint.Wrapper wrapper) {
			inner = wrapper.unwrap();
		}
		return (inner instanceof SocketChannelEndPoint socket) ? socket.getChannel() : null;
	}

	/**
	 * Called when the request has ended: a connection that is not open now will never be.
	 */
	void requestIsOver() {
		if (this.exchange != null) {
			this.listener.onDisconnected();
		}
	}

	@Override
	public void onFillable() {
		if (this.input.skip(this::read)) {
			fillInterested();
		}
		else {
			this.listener.onDisconnected();
		}
	}

	private int read(ByteBuffer buffer) throws IOException {
		BufferUtil.clear(buffer);
		return getEndPoint().fill(buffer);
	}

	@Override
	public void onFillInterestedFailed(Throwable cause) {
		this.listener.onDisconnected();
	}

	@Override
	public boolean onIdleExpired(TimeoutException timeout) {
		return false;
	}

	@Override
	public void onClose(@Nullable Throwable cause) {
		super.onClose(cause);
		this.sockets.remove(this);
		this.listener.onDisconnected();
	}

	/**
	 * Called when Jetty has written the rest of a buffer.
	 */
	@Override
	public void succeeded() {
		this.listener.onWritable();
	}

	@Override
	public void failed(Throwable failure) {
		this.listener.onDisconnected();
	}

	@Override
	public InvocationType getInvocationType() {
		return InvocationType.NON_BLOCKING;
	}

	// Called by the thread that detects vanished clients

	@Override
	public SocketChannel channel() {
		return Objects.requireNonNull(this.channel);
	}

	@Override
	public void onVanished() {
		this.listener.onDisconnected();
	}

	// Called by the thread that owns the stream

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		if (getEndPoint().flush(bytes)) {
			return true;
		}
		ByteBuffer rest = bytes.slice();
		bytes.position(bytes.limit());
		getEndPoint().write(this, rest);
		return false;
	}

	@Override
	public void watchInput() {
		fillInterested();
	}

	/**
	 * Jetty reads from the buffer until it has written all of it.
	 */
	@Override
	public boolean keepsBuffers() {
		return true;
	}

	@Override
	public boolean isChunked() {
		return this.chunked;
	}

}
