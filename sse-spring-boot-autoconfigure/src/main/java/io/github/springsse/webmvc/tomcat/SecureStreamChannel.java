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

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

import org.apache.tomcat.util.net.NioEndpoint;
import org.apache.tomcat.util.net.SecureNioChannel;
import org.jspecify.annotations.Nullable;

/**
 * A channel with TLS that can release its buffers between two operations. Tomcat gives
 * each channel two network buffers of 17 KB beside its read and write buffer, which TLS
 * makes as large.
 * <p>
 * <em>Invariant:</em> released network buffers are empty, and every operation that needs
 * them takes them first. The handshake does not, as it is over when a stream begins.
 * <em>Threads:</em> as for Tomcat's own channel, the thread that works on the connection,
 * which has the lock of its wrapper; only {@code reset} and {@code release} may be called
 * by two threads at a time.
 */
final class SecureStreamChannel extends SecureNioChannel {

	private static final ByteBuffer NONE = ByteBuffer.allocate(0);

	private final StreamBufferHandler buffers;

	private final BufferPool<ByteBuffer> pool;

	/** How many connections have used this channel. */
	private int generation;

	/** The size of network buffers that TLS needs. */
	private int networkSize;

	SecureStreamChannel(StreamBufferHandler buffers, NioEndpoint endpoint, BufferPool<ByteBuffer> pool) {
		super(buffers, endpoint);
		this.buffers = buffers;
		this.pool = pool;
	}

	/**
	 * Return what tells the current connection from others that use this channel later.
	 */
	synchronized int generation() {
		return this.generation;
	}

	/**
	 * Release the buffers that have no data. Tomcat may close a connection without the
	 * lock of its wrapper, and use the channel again at once.
	 * @param generation of the connection for which they are released: nothing is done if
	 * another one uses the channel by now
	 */
	synchronized void release(int generation) {
		if (generation == this.generation) {
			release();
		}
	}

	private void release() {
		this.buffers.release();
		if (this.netInBuffer != NONE && this.netInBuffer.position() == 0) {
			this.netInBuffer = release(this.netInBuffer);
		}
		if (this.netOutBuffer != NONE && !this.netOutBuffer.hasRemaining()) {
			this.netOutBuffer = release(this.netOutBuffer);
		}
	}

	boolean isReleased() {
		return this.buffers.isReleased() && this.netInBuffer == NONE && this.netOutBuffer == NONE;
	}

	private ByteBuffer release(ByteBuffer buffer) {
		this.networkSize = Math.max(this.networkSize, buffer.capacity());
		this.pool.put(buffer.clear());
		return NONE;
	}

	private void takeInput() {
		if (this.netInBuffer == NONE) {
			this.netInBuffer = take();
		}
	}

	private void takeOutput() {
		if (this.netOutBuffer == NONE) {
			// NOTE: between operations it is there to be read from
			this.netOutBuffer = take().limit(0);
		}
	}

	private ByteBuffer take() {
		ByteBuffer result = this.pool.take();
		return (result.capacity() < this.networkSize) ? ByteBuffer.allocate(this.networkSize) : result;
	}

	@Override
	public synchronized void reset(SocketChannel channel, NioEndpoint.@Nullable NioSocketWrapper socketWrapper)
			throws IOException {
		this.generation++;
		takeInput();
		takeOutput();
		super.reset(channel, socketWrapper);
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		takeInput();
		takeOutput();
		return super.read(target);
	}

	@Override
	public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
		takeInput();
		takeOutput();
		return super.read(targets, offset, length);
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		takeOutput();
		return super.write(source);
	}

	@Override
	public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
		takeOutput();
		return super.write(sources, offset, length);
	}

	@Override
	public void rehandshake(long timeout) throws IOException {
		takeInput();
		takeOutput();
		super.rehandshake(timeout);
	}

	@Override
	public void close() throws IOException {
		takeOutput();
		super.close();
	}

}
