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

package io.github.springsse.answer;

import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

/**
 * A {@code Stream} or {@code Iterable} as a source. The thread that starts it reads it to
 * its end, and waits when it is ahead of the log.
 * <p>
 * <em>Invariants:</em> at most one thread reads it, and none if it was cancelled before.
 * A stream is closed exactly once, on every path: by the reading thread when it stops
 * reading, or by the thread that cancels it before. The thread is interrupted only while
 * it reads this source.
 */
final class PulledSource implements Source {

	private final Object source;

	private final Semaphore room = new Semaphore(WINDOW);

	private final Object lock = new Object();

	/** Guarded by the lock. */
	private @Nullable Thread reader;

	/** Guarded by the lock for writing. */
	private volatile boolean closed;

	private PulledSource(Object source) {
		this.source = source;
	}

	static Source of(BaseStream<?, ?> stream) {
		return new PulledSource(stream);
	}

	static Source of(Iterable<?> iterable) {
		return new PulledSource(iterable);
	}

	@Override
	public void start(Receiver receiver) {
		synchronized (this.lock) {
			if (this.closed) {
				return;
			}
			this.reader = Thread.currentThread();
		}
		Throwable failure = null;
		try {
			read(receiver);
		}
		catch (InterruptedException | RuntimeException | Error ex) {
			failure = ex;
		}
		boolean cancelled;
		synchronized (this.lock) {
			cancelled = this.closed;
			this.closed = true;
			this.reader = null;
			// NOTE: the interrupt must not affect what this thread runs next
			Thread.interrupted();
		}
		failure = close(failure);
		if (cancelled) {
			return;
		}
		if (failure != null) {
			receiver.failed(failure);
		}
		else {
			receiver.completed();
		}
	}

	private void read(Receiver receiver) throws InterruptedException {
		Iterator<?> iterator = (this.source instanceof BaseStream<?, ?> stream) ? stream.iterator()
				: ((Iterable<?>) this.source).iterator();
		this.room.acquire();
		while (!this.closed && iterator.hasNext()) {
			Object element = iterator.next();
			if (element == null) {
				throw new IllegalStateException("The source emitted null as an element");
			}
			receiver.next(element);
			this.room.acquire();
		}
	}

	private @Nullable Throwable close(@Nullable Throwable failure) {
		if (this.source instanceof BaseStream<?, ?> stream) {
			try {
				stream.close();
			}
			catch (RuntimeException | Error ex) {
				if (failure == null) {
					return ex;
				}
				failure.addSuppressed(ex);
			}
		}
		return failure;
	}

	@Override
	public void request(int count) {
		this.room.release(count);
	}

	@Override
	public boolean isSynchronous() {
		return false;
	}

	@Override
	public void cancel() {
		boolean unread;
		synchronized (this.lock) {
			if (this.closed) {
				return;
			}
			this.closed = true;
			unread = this.reader == null;
			if (this.reader != null) {
				this.reader.interrupt();
			}
		}
		if (unread && close(null) instanceof RuntimeException ex) {
			throw ex;
		}
	}

}
