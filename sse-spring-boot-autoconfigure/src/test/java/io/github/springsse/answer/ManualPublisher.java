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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.springsse.testsupport.EventStreamClient;
import org.jspecify.annotations.Nullable;

/**
 * A publisher whose signals a test sends, and which counts the requested elements.
 */
final class ManualPublisher implements Flow.Publisher<Object> {

	final AtomicInteger subscriptions = new AtomicInteger();

	final AtomicInteger cancellations = new AtomicInteger();

	final AtomicLong requested = new AtomicLong();

	volatile Flow.@Nullable Subscriber<? super Object> subscriber;

	volatile Runnable onCancel = () -> {
	};

	@Override
	public void subscribe(Flow.Subscriber<? super Object> subscriber) {
		this.subscriptions.incrementAndGet();
		subscriber.onSubscribe(newSubscription());
		this.subscriber = subscriber;
	}

	Flow.Subscription newSubscription() {
		return new Flow.Subscription() {

			@Override
			public void request(long n) {
				ManualPublisher.this.requested.addAndGet(n);
			}

			@Override
			public void cancel() {
				ManualPublisher.this.cancellations.incrementAndGet();
				ManualPublisher.this.onCancel.run();
			}

		};
	}

	Flow.Subscriber<? super Object> subscriber() {
		EventStreamClient.await().until(() -> this.subscriber != null);
		Flow.Subscriber<? super Object> result = this.subscriber;
		if (result == null) {
			throw new IllegalStateException();
		}
		return result;
	}

	ManualPublisher give(Object... elements) {
		for (Object element : elements) {
			subscriber().onNext(element);
		}
		return this;
	}

	void complete() {
		subscriber().onComplete();
	}

	void fail(Throwable failure) {
		subscriber().onError(failure);
	}

}
