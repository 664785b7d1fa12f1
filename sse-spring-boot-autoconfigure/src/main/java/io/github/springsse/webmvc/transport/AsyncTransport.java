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

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;

import io.github.springsse.delivery.StreamTransport;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

/**
 * A transport that writes to the response of an asynchronous request. If writes may
 * block, a thread of {@link BlockingWriters} makes them.
 * <p>
 * <em>Invariant:</em> the response is used only under the lock, and only in state
 * {@link State#WRITING}, or to complete it when that state is left for good, or by the
 * container's own thread inside a callback. Containers reuse the objects of a response
 * for another one as soon as they have called back that the response is over, and the
 * callback waits for the lock. After a failed write, Tomcat may even omit this callback.
 * So no byte and no call can reach the response of another client.
 */
final class AsyncTransport implements StreamTransport, WriteListener, AsyncListener {

	private enum State {

		READY,

		/** A thread is writing to the response. */
		WRITING,

		/** The container will call back when more can be written. */
		WAITING,

		/**
		 * To be completed by the writing thread, or by the thread that has set this
		 * state.
		 */
		CLOSING,

		/** A write has failed. The container will call back to complete the response. */
		FAILED,

		/** Completed. */
		OVER

	}

	private final ReentrantLock lock = new ReentrantLock();

	private final AtomicReference<State> state;

	private final AsyncContext context;

	private final ServletOutputStream output;

	private final Listener listener;

	/** Runs the writes, {@code null} if they do not block. */
	private final @Nullable Executor writers;

	/** {@code null} if the container follows the Servlet API. */
	private final AsyncContainer.@Nullable Processing processing;

	/** Whether the container may be processing the request, since it has called back. */
	private volatile boolean containerAtWork = true;

	/** The exchange, until the first chance to write opens it. */
	private @Nullable StreamExchange exchange;

	/**
	 * Whether the container may hold bytes that it sends only after a flush. Guarded by
	 * the lock.
	 */
	private boolean unflushed;

	private AsyncTransport(State state, AsyncContext context, ServletOutputStream output, StreamExchange exchange,
			@Nullable Executor writers, AsyncContainer.@Nullable Processing processing) {
		this.state = new AtomicReference<>(state);
		this.context = context;
		this.output = output;
		this.listener = exchange.listener();
		this.exchange = exchange;
		this.writers = writers;
		this.processing = processing;
	}

	/**
	 * Begin to write to a response.
	 * @param context the context of the asynchronous request
	 * @param output the response
	 * @param exchange the exchange, which is opened when it can be written to
	 * @param writers runs the writes, {@code null} if they do not block
	 * @param processing the web server's own processing, {@code null} if it has none
	 * @throws UnsupportedOperationException if the response does not support write
	 * listeners
	 */
	static void start(AsyncContext context, ServletOutputStream output, StreamExchange exchange,
			@Nullable Executor writers, AsyncContainer.@Nullable Processing processing) {
		AsyncTransport transport = new AsyncTransport(State.WAITING, context, output, exchange, writers, processing);
		output.setWriteListener(transport);
		context.addListener(transport);
	}

	/**
	 * Begin to write to a response that does not support write listeners, so that every
	 * write blocks.
	 * @param context the context of the asynchronous request
	 * @param output the response
	 * @param exchange the exchange, which is opened at once
	 * @param writers runs the writes
	 * @param processing the web server's own processing, {@code null} if it has none
	 */
	static void startWithoutListener(AsyncContext context, ServletOutputStream output, StreamExchange exchange,
			Executor writers, AsyncContainer.@Nullable Processing processing) {
		AsyncTransport transport = new AsyncTransport(State.READY, context, output, exchange, writers, processing);
		context.addListener(transport);
		transport.tellReady();
	}

	// Called by the thread that owns the stream

	@Override
	public boolean write(ByteBuffer bytes) throws IOException {
		if (!change(State.READY, State.WRITING)) {
			throw new EOFException("The response is already complete");
		}
		byte[] array = bytes.array();
		int offset = bytes.arrayOffset() + bytes.position();
		int length = bytes.remaining();
		bytes.position(bytes.limit());
		if (this.writers == null) {
			return write(array, offset, length);
		}
		try {
			this.writers.execute(() -> writeAndTell(array, offset, length));
		}
		catch (RejectedExecutionException ex) {
			change(State.WRITING, State.READY);
			throw new IOException("The application is shutting down and writes no more", ex);
		}
		catch (Error ex) {
			// no thread can be started
			change(State.WRITING, State.READY);
			throw ex;
		}
		return false;
	}

	private void writeAndTell(byte[] bytes, int offset, int length) {
		try {
			if (write(bytes, offset, length)) {
				tellReady();
			}
		}
		catch (IOException | RuntimeException ex) {
			this.listener.onDisconnected();
		}
		catch (Error ex) {
			this.listener.onDisconnected();
			throw ex;
		}
	}

	private boolean write(byte[] bytes, int offset, int length) throws IOException {
		awaitContainer();
		this.lock.lock();
		try {
			if (this.state.get() != State.WRITING) {
				return leave(false);
			}
			this.unflushed = true;
			this.output.write(bytes, offset, length);
			return leave(flush());
		}
		catch (IOException | RuntimeException ex) {
			fail();
			throw ex;
		}
		catch (Error ex) {
			// NOTE: the container may not notice a lack of memory, so the response is
			// completed normally when the stream is closed because of the error
			leave(false);
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * NOTE: called without the lock, for which the container may wait while it processes
	 * the request.
	 */
	private void awaitContainer() {
		if (this.containerAtWork) {
			this.containerAtWork = false;
			if (this.processing != null) {
				this.processing.awaitEnd();
			}
		}
	}

	/**
	 * Jetty reads from a buffer until the response is ready again.
	 */
	@Override
	public boolean keepsBuffers() {
		return true;
	}

	@Override
	public void close() {
		State before = this.state.getAndUpdate((current) -> switch (current) {
			case READY, WRITING, WAITING -> State.CLOSING;
			case CLOSING, FAILED, OVER -> current;
		});
		// NOTE: must not wait for a thread that may be blocked in a write
		if (before == State.READY) {
			awaitContainer();
		}
		if (before == State.READY || before == State.WAITING) {
			this.lock.lock();
			try {
				leave(false);
			}
			finally {
				this.lock.unlock();
			}
		}
	}

	// Called by the container

	@Override
	public void onWritePossible() throws IOException {
		this.containerAtWork = true;
		this.lock.lock();
		try {
			if (!change(State.WAITING, State.WRITING) || !leave(flush())) {
				return;
			}
		}
		catch (IOException | RuntimeException ex) {
			fail();
			throw ex;
		}
		catch (Error ex) {
			leave(false);
			this.listener.onDisconnected();
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
		tellReady();
	}

	@Override
	public void onError(Throwable failure) {
		this.lock.lock();
		try {
			fail();
		}
		finally {
			this.lock.unlock();
		}
		this.listener.onDisconnected();
	}

	/**
	 * Complete the response in any case, also if it is complete already, since an error
	 * may have occurred in between. Only completing it here keeps Tomcat from rendering
	 * an error page and from logging.
	 */
	@Override
	public void onError(AsyncEvent event) {
		this.lock.lock();
		try {
			this.state.set(State.OVER);
			complete();
		}
		finally {
			this.lock.unlock();
		}
		this.listener.onDisconnected();
	}

	@Override
	public void onTimeout(AsyncEvent event) {
		onError(event);
	}

	@Override
	public void onComplete(AsyncEvent event) {
		this.lock.lock();
		this.state.set(State.OVER);
		this.lock.unlock();
		this.listener.onDisconnected();
	}

	@Override
	public void onStartAsync(AsyncEvent event) {
	}

	// Called under the lock

	/**
	 * Flush the response.
	 * @return whether more can be written; if not, the container will call back
	 */
	private boolean flush() throws IOException {
		if (!this.output.isReady()) {
			return false;
		}
		if (this.unflushed) {
			this.unflushed = false;
			this.output.flush();
		}
		return this.output.isReady();
	}

	/**
	 * End a write, and complete the response if the stream was closed meanwhile.
	 * @return whether more can be written
	 */
	private boolean leave(boolean ready) {
		if (change(State.WRITING, ready ? State.READY : State.WAITING)) {
			return ready;
		}
		if (change(State.CLOSING, State.OVER)) {
			complete();
		}
		return false;
	}

	/**
	 * Handle a failed write. Jetty requires the response to be completed; Tomcat forbids
	 * it.
	 */
	private void fail() {
		State after = (this.processing == null) ? State.OVER : State.FAILED;
		State before = this.state.getAndUpdate((current) -> (current != State.OVER) ? after : current);
		if (before != State.OVER && after == State.OVER) {
			complete();
		}
	}

	private void complete() {
		try {
			this.context.complete();
		}
		catch (IllegalStateException ex) {
			// completed already
		}
	}

	private boolean change(State from, State to) {
		return this.state.compareAndSet(from, to);
	}

	private void tellReady() {
		StreamExchange exchange = this.exchange;
		if (exchange != null) {
			this.exchange = null;
			exchange.opened(this);
		}
		else {
			this.listener.onWritable();
		}
	}

}
