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

import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * A publisher as a source.
 * <p>
 * <em>Invariants:</em> it is subscribed to at most once. The requested elements that have
 * not arrived never exceed the window. {@code cancel} of the subscription is called at
 * most once, and not after the publisher has ended. No element is passed on after the
 * end, the cancellation, or a violation of the specification. Violations cost no memory:
 * an element that was not requested ends the source.
 */
final class PublisherSource implements Source, Flow.Subscriber<Object> {

	/** Replaces a subscription that is over. */
	private static final Flow.Subscription CLOSED = new Flow.Subscription() {

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	};

	private final Flow.Publisher<?> publisher;

	private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

	/** The number of requested elements that have not arrived. */
	private final AtomicLong demand = new AtomicLong();

	private volatile @Nullable Receiver receiver;

	private volatile @Nullable Thread requesting;

	private volatile boolean synchronous;

	PublisherSource(Flow.Publisher<?> publisher) {
		this.publisher = publisher;
	}

	@Override
	public void start(Receiver receiver) {
		this.receiver = receiver;
		if (this.subscription.get() == null) {
			this.publisher.subscribe(this);
		}
	}

	@Override
	public void request(int count) {
		Flow.Subscription current = this.subscription.get();
		if (current != null) {
			request(current, count);
		}
	}

	private void request(Flow.Subscription current, int count) {
		this.demand.addAndGet(count);
		this.requesting = Thread.currentThread();
		try {
			current.request(count);
		}
		catch (RuntimeException | Error ex) {
			broken(new IllegalStateException("The subscription of the source threw an exception from request", ex));
		}
		finally {
			this.requesting = null;
		}
	}

	@Override
	public boolean isSynchronous() {
		return this.synchronous;
	}

	@Override
	public void cancel() {
		Flow.Subscription current = this.subscription.getAndSet(CLOSED);
		if (current != null) {
			current.cancel();
		}
	}

	@Override
	public void onSubscribe(Flow.@Nullable Subscription subscription) {
		if (subscription == null) {
			broken(new IllegalStateException("The source called onSubscribe with null"));
			return;
		}
		if (this.subscription.compareAndSet(null, subscription)) {
			request(subscription, WINDOW);
			return;
		}
		boolean twice = this.subscription.get() != CLOSED;
		subscription.cancel();
		if (twice) {
			broken(new IllegalStateException("The source called onSubscribe twice"));
		}
	}

	@Override
	public void onNext(@Nullable Object item) {
		Receiver receiver = this.receiver;
		if (receiver == null || this.subscription.get() == CLOSED) {
			return;
		}
		if (item == null) {
			broken(new IllegalStateException("The source emitted null as an element"));
			return;
		}
		if (this.demand.getAndDecrement() <= 0) {
			broken(new IllegalStateException("The source emitted an element that was not requested"));
			return;
		}
		if (Thread.currentThread() == this.requesting) {
			this.synchronous = true;
		}
		receiver.next(item);
	}

	@Override
	public void onError(@Nullable Throwable failure) {
		Receiver receiver = end();
		if (receiver != null) {
			receiver
				.failed((failure != null) ? failure : new IllegalStateException("The source called onError with null"));
		}
	}

	@Override
	public void onComplete() {
		Receiver receiver = end();
		if (receiver != null) {
			receiver.completed();
		}
	}

	/**
	 * Note that the source has ended.
	 * @return the receiver to notify, {@code null} if the source had already ended
	 */
	private @Nullable Receiver end() {
		return (this.subscription.getAndSet(CLOSED) != CLOSED) ? this.receiver : null;
	}

	/**
	 * NOTE: the receiver cancels the subscription, on a thread that may block.
	 */
	private void broken(Throwable fault) {
		Receiver receiver = this.receiver;
		this.demand.set(Long.MIN_VALUE / 2);
		if (receiver != null) {
			receiver.broken(fault);
		}
	}

}
