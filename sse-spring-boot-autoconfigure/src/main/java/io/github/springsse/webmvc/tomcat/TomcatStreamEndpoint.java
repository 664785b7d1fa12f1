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

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;

import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SocketBufferHandler;
import org.apache.tomcat.util.net.SocketProperties;

/**
 * An endpoint of Tomcat that does not count connections that were handed over against
 * {@code maxConnections}, and whose channels can release their buffers. Thread-safe.
 * <p>
 * Tomcat increments its count before it accepts a connection, and decrements it when the
 * connection is closed, whoever closes it. This endpoint decrements the count at the
 * handoff, which also wakes up Tomcat's thread if it waits for room. So the count would
 * be decremented twice. To compensate, the end of each such connection is added once to
 * the counter that {@link #handedOver()} returned: for each end, a later decrement is
 * left out, or the count is incremented once more. The sum is right after a connection is
 * closed and its end was reported, in any order.
 * <p>
 * Each start begins with a new counter of zero, because Tomcat has closed all earlier
 * connections. Ends that are reported later, such as those of vanished clients, go to the
 * previous counter.
 */
final class TomcatStreamEndpoint extends NioEndpoint {

	/** The size of a TLS record with its header and padding. */
	private static final int NETWORK_SIZE = 16_921;

	/**
	 * The number of decrements since the last start that were, or will be, one too many.
	 */
	private volatile AtomicInteger surplus = new AtomicInteger();

	private final BufferPool<SocketBufferHandler> buffers = new BufferPool<>(this::newBuffers);

	private final BufferPool<ByteBuffer> networkBuffers = new BufferPool<>(() -> ByteBuffer.allocate(NETWORK_SIZE));

	private SocketBufferHandler newBuffers() {
		SocketProperties properties = getSocketProperties();
		return new SocketBufferHandler(properties.getAppReadBufSize(), properties.getAppWriteBufSize(),
				properties.getDirectBuffer());
	}

	/**
	 * Create a channel with buffers that it can release, unless Tomcat is configured to
	 * use direct buffers for TLS, which Tomcat frees explicitly.
	 */
	@Override
	protected NioChannel createChannel(SocketBufferHandler buffers) {
		if (!isSSLEnabled()) {
			return new NioChannel(new StreamBufferHandler(buffers, this.buffers));
		}
		if (getSocketProperties().getDirectSslBuffer()) {
			return super.createChannel(buffers);
		}
		return new SecureStreamChannel(new StreamBufferHandler(buffers, this.buffers), this, this.networkBuffers);
	}

	/**
	 * Stop counting a connection.
	 * @return the counter to increment once, when the connection is about to be closed or
	 * was closed
	 */
	AtomicInteger handedOver() {
		AtomicInteger result = this.surplus;
		super.countDownConnection();
		return result;
	}

	@Override
	public void startInternal() throws Exception {
		this.surplus = new AtomicInteger();
		super.startInternal();
	}

	@Override
	protected long countDownConnection() {
		return takeSurplus() ? getConnectionCount() : super.countDownConnection();
	}

	/**
	 * NOTE: the increment of the caller comes first. Otherwise the count could be
	 * negative for a moment, and Tomcat would log a warning.
	 */
	@Override
	protected void countUpOrAwaitConnection() throws InterruptedException {
		super.countUpOrAwaitConnection();
		while (takeSurplus()) {
			super.countUpOrAwaitConnection();
		}
	}

	private boolean takeSurplus() {
		AtomicInteger ends = this.surplus;
		int current;
		do {
			current = ends.get();
		}
		while (current > 0 && !ends.compareAndSet(current, current - 1));
		return current > 0;
	}

}
