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
 * Tomcat's endpoint, for which a connection that was handed over is none of those that
 * {@code maxConnections} limits, and whose channels can release their buffers.
 * Thread-safe.
 * <p>
 * Tomcat counts a connection up before it accepts it, and down when it is closed, by
 * whomever. A connection that is handed over is counted down at that time, which also
 * wakes up Tomcat's thread if it waits for room. So it would be counted down twice: for
 * each, its end is added once to what was returned at the handoff, and makes up for one
 * count, by leaving out a later one down, or by one more up. The sum is right when a
 * connection is closed and its end was told, in whatever order.
 * <p>
 * A start begins at zero, when Tomcat has closed all connections of before. Ends that are
 * told later, as they are by clients that are found to have gone, are not of this count.
 */
final class TomcatStreamEndpoint extends NioEndpoint {

	/** A record of TLS with its header and padding. */
	private static final int NETWORK_SIZE = 16_921;

	/** How many counts down are one too many, or will be, since the last start. */
	private volatile AtomicInteger surplus = new AtomicInteger();

	private final BufferPool<SocketBufferHandler> buffers = new BufferPool<>(this::newBuffers);

	private final BufferPool<ByteBuffer> networkBuffers = new BufferPool<>(() -> ByteBuffer.allocate(NETWORK_SIZE));

	private SocketBufferHandler newBuffers() {
		SocketProperties properties = getSocketProperties();
		return new SocketBufferHandler(properties.getAppReadBufSize(), properties.getAppWriteBufSize(),
				properties.getDirectBuffer());
	}

	/**
	 * Give a channel buffers that it can release, unless Tomcat is configured to use
	 * direct ones for TLS, which it frees by hand.
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
	 * Have a connection not count any more.
	 * @return to be incremented once, when the connection is about to be closed, or was
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
	 * NOTE: the count of the caller comes first, so that the number is not below zero, of
	 * which Tomcat warns, between what is taken and its count.
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
