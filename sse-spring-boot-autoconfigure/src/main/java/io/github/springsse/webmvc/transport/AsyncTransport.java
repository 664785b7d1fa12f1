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
 * Writes to the response of an asynchronous request, which either do not block, or if
 * they may, are made by a thread of {@link BlockingWriters}.
 * <p>
 * <em>Invariant:</em> the response is touched only under the lock, and either in state
 * {@link State#WRITING}, or to complete it on leaving that state for good, or by the
 * container's own thread inside a callback. Containers use the objects of a response for
 * another one as soon as they have told that it is over, and to tell that they have to
 * wait for the lock; Tomcat may even not tell, after a write has failed. So no byte and
 * no call can reach the response of another client.
 */
final class AsyncTransport implements StreamTransport, WriteListener, AsyncListener {

	private enum State {

		READY,

		/** A thread is at work on the response. */
		WRITING,

		/** The container will tell when more can be written. */
		WAITING,

		/** To be completed by the thread that is at work, or that has set this state. */
		CLOSING,

		/** A write has failed, and the container will have it completed. */
		FAILED,

		/** Completed. */
		OVER

	}

	private final ReentrantLock lock = new ReentrantLock();

	private final AtomicReference<State> state;

	private final AsyncContext context;

	private final ServletOutputStream output;

	private final Listener listener;

	/** Makes the writes, {@code null} if they do not block. */
	private final @Nullable Executor writers;

	/** {@code null} in other containers. */
	private final AsyncContainer.@Nullable Processing processing;

	/** Whether the container was at work when this was last looked at. */
	private volatile boolean containerAtWork = true;

	/** The exchange until it is opened, by the first event that allows to write. */
	private @Nullable StreamExchange exchange;

	/**
	 * Whether the container may hold bytes that it sends only when it is told to. Guarded
	 * by the lock.
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
	 * @param exchange the exchange, to be opened when it can be written to
	 * @param writers makes the writes, {@code null} if they do not block
	 * @param processing the work of the web server, {@code null} if it has none of its
	 * own
	 * @throws UnsupportedOperationException if the response has no write listeners
	 */
	static void start(AsyncContext context, ServletOutputStream output, StreamExchange exchange,
			@Nullable Executor writers, AsyncContainer.@Nullable Processing processing) {
		AsyncTransport transport = new AsyncTransport(State.WAITING, context, output, exchange, writers, processing);
		output.setWriteListener(transport);
		context.addListener(transport);
	}

	/**
	 * Begin to write to a response that has no write listeners, so that every write
	 * blocks.
	 * @param context the context of the asynchronous request
	 * @param output the response
	 * @param exchange the exchange, to be opened at once
	 * @param writers makes the writes
	 * @param processing the work of the web server, {@code null} if it has none of its
	 * own
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
			throw new EOFException("Response is over");
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
			throw new IOException("No more writes", ex);
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
			// NOTE: of a lack of memory the container may know nothing, so that the
			// response is completed as any other, when the stream is closed for it
			leave(false);
			throw ex;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * NOTE: without the lock, for which the container may wait while it is at work.
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
	 * Jetty reads a buffer until it is ready again.
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
		// NOTE: does not wait for a thread that may be blocked
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
	 * To complete it here, and only here, is what keeps Tomcat from looking for an error
	 * page, and from logging. It is done even if it was done before: an error may have
	 * come in between.
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
	 * Have everything sent.
	 * @return whether more can be written; if not, the container will tell
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
	 * Have nothing more to do with the response for now.
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
	 * Jetty wants a response completed whose write has failed; Tomcat forbids it.
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
