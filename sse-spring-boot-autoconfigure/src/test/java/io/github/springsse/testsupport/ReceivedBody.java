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

package io.github.springsse.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;

import org.jspecify.annotations.Nullable;

/**
 * A body that is read to its last byte also when the connection breaks. The JDK's own
 * ({@link HttpResponse.BodyHandlers#ofInputStream()}) fails at once and drops what it has
 * received and not handed out yet.
 */
final class ReceivedBody extends InputStream implements HttpResponse.BodySubscriber<InputStream> {

	private static final ByteBuffer END = ByteBuffer.allocate(0);

	private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

	private final BlockingQueue<ByteBuffer> received = new LinkedBlockingQueue<>();

	private volatile @Nullable Throwable failure;

	private ByteBuffer current = ByteBuffer.allocate(0);

	@Override
	public CompletionStage<InputStream> getBody() {
		return CompletableFuture.completedStage(this);
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription.complete(subscription);
		subscription.request(1);
	}

	@Override
	public void onNext(List<ByteBuffer> buffers) {
		buffers.stream().filter(ByteBuffer::hasRemaining).forEach(this.received::add);
		this.subscription.join().request(1);
	}

	@Override
	public void onError(Throwable failure) {
		this.failure = failure;
		this.received.add(END);
	}

	@Override
	public void onComplete() {
		this.received.add(END);
	}

	@Override
	public int read() throws IOException {
		return next() ? this.current.get() & 0xff : -1;
	}

	@Override
	public int read(byte[] bytes, int offset, int length) throws IOException {
		if (!next()) {
			return -1;
		}
		int read = Math.min(length, this.current.remaining());
		this.current.get(bytes, offset, read);
		return read;
	}

	private boolean next() throws IOException {
		if (this.current != END && !this.current.hasRemaining()) {
			try {
				this.current = this.received.take();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new InterruptedIOException();
			}
		}
		if (this.current != END) {
			return true;
		}
		if (this.failure != null) {
			throw new IOException(this.failure);
		}
		return false;
	}

	@Override
	public void close() {
		this.subscription.thenAccept(Flow.Subscription::cancel);
		onError(new IOException("closed"));
	}

}
