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

package io.github.springsse.webmvc;

import java.util.function.Supplier;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import org.springframework.core.ReactiveAdapter;

/**
 * A source that is supplied when it is subscribed to. An exception of the
 * {@code Supplier} becomes a failure of the source.
 */
final class DeferredSource implements Publisher<Object> {

	private final Supplier<?> supplier;

	private final ReactiveAdapter adapter;

	private DeferredSource(Supplier<?> supplier, ReactiveAdapter adapter) {
		this.supplier = supplier;
		this.adapter = adapter;
	}

	/**
	 * Create a source. No other method refers to the type of the source, so that Reactive
	 * Streams is needed on the class path only by applications with sources.
	 * @param supplier returns the source
	 * @param adapter the adapter for the type of the source
	 */
	static Object of(Supplier<?> supplier, ReactiveAdapter adapter) {
		return adapter.fromPublisher(new DeferredSource(supplier, adapter));
	}

	@Override
	public void subscribe(Subscriber<? super Object> subscriber) {
		Publisher<Object> source;
		try {
			source = this.adapter.toPublisher(DeferredFlow.source(this.supplier));
		}
		catch (RuntimeException | Error ex) {
			subscriber.onSubscribe(new NoSubscription());
			subscriber.onError(ex);
			return;
		}
		source.subscribe(subscriber);
	}

	private static final class NoSubscription implements Subscription {

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	}

}
