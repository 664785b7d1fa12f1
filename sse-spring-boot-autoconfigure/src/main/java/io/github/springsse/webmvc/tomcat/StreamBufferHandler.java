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

import org.apache.tomcat.util.net.SocketBufferHandler;
import org.jspecify.annotations.Nullable;

/**
 * The read and write buffer of a channel, which can be released while the channel does
 * not need them, and are there again as soon as Tomcat uses them. Tomcat gives both to
 * each channel for its whole life, 8 KB each by default. A stream on a plain socket never
 * uses them, and a stream with TLS uses them only while it is written to.
 * <p>
 * <em>Threads:</em> as for Tomcat's own buffers, the thread that works on the connection,
 * which has the lock of its wrapper.
 */
final class StreamBufferHandler extends SocketBufferHandler {

	private final BufferPool<SocketBufferHandler> pool;

	/** {@code null} while they are released, which they never are with data. */
	private volatile @Nullable SocketBufferHandler buffers;

	/** The size that TLS needs, 0 if it has not said so. */
	private int expandedTo;

	/**
	 * Create a handler.
	 * @param buffers the first buffers
	 * @param pool gives buffers of the same sizes
	 */
	StreamBufferHandler(SocketBufferHandler buffers, BufferPool<SocketBufferHandler> pool) {
		super(0, 0, false);
		this.buffers = buffers;
		this.pool = pool;
	}

	/**
	 * Release the buffers if they have no data.
	 */
	void release() {
		SocketBufferHandler buffers = this.buffers;
		if (buffers != null && buffers.isReadBufferEmpty() && buffers.isWriteBufferEmpty()) {
			this.buffers = null;
			buffers.reset();
			this.pool.put(buffers);
		}
	}

	/**
	 * Release the buffers with what a client has sent that nobody will read.
	 */
	void discard() {
		SocketBufferHandler buffers = this.buffers;
		if (buffers != null) {
			buffers.reset();
			release();
		}
	}

	boolean isReleased() {
		return this.buffers == null;
	}

	private SocketBufferHandler buffers() {
		SocketBufferHandler result = this.buffers;
		if (result == null) {
			result = this.pool.take();
			if (result.getReadBuffer().capacity() < this.expandedTo) {
				result.expand(this.expandedTo);
			}
			this.buffers = result;
		}
		return result;
	}

	@Override
	public void configureReadBufferForWrite() {
		buffers().configureReadBufferForWrite();
	}

	@Override
	public void configureReadBufferForRead() {
		buffers().configureReadBufferForRead();
	}

	@Override
	public ByteBuffer getReadBuffer() {
		return buffers().getReadBuffer();
	}

	@Override
	public boolean isReadBufferEmpty() {
		SocketBufferHandler buffers = this.buffers;
		return buffers == null || buffers.isReadBufferEmpty();
	}

	@Override
	public void unReadReadBuffer(ByteBuffer returnedData) {
		buffers().unReadReadBuffer(returnedData);
	}

	@Override
	public void configureWriteBufferForWrite() {
		buffers().configureWriteBufferForWrite();
	}

	@Override
	public void configureWriteBufferForRead() {
		buffers().configureWriteBufferForRead();
	}

	@Override
	public boolean isWriteBufferWritable() {
		SocketBufferHandler buffers = this.buffers;
		return buffers == null || buffers.isWriteBufferWritable();
	}

	@Override
	public ByteBuffer getWriteBuffer() {
		return buffers().getWriteBuffer();
	}

	@Override
	public boolean isWriteBufferEmpty() {
		SocketBufferHandler buffers = this.buffers;
		return buffers == null || buffers.isWriteBufferEmpty();
	}

	@Override
	public void reset() {
		SocketBufferHandler buffers = this.buffers;
		if (buffers != null) {
			buffers.reset();
		}
	}

	@Override
	public void expand(int newSize) {
		this.expandedTo = Math.max(this.expandedTo, newSize);
		buffers().expand(newSize);
	}

	@Override
	public void free() {
		SocketBufferHandler buffers = this.buffers;
		this.buffers = null;
		if (buffers != null) {
			buffers.free();
		}
	}

}
