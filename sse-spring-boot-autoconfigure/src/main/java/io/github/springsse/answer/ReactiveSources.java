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

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import reactor.core.CorePublisher;
import reactor.core.publisher.Flux;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * Converts reactive types to publishers of the JDK. A separate class, because Reactive
 * Streams may be missing.
 */
final class ReactiveSources {

	private static final boolean reactor = ClassUtils.isPresent("reactor.core.publisher.Flux",
			ReactiveSources.class.getClassLoader());

	private ReactiveSources() {
	}

	/**
	 * Convert a reactive type to a publisher.
	 * @param source an object that may have a reactive type
	 * @param registry the supported reactive types
	 * @return the publisher, {@code null} if the type is not a multi-value type
	 */
	static Flow.@Nullable Publisher<Object> publisher(Object source, ReactiveAdapterRegistry registry) {
		ReactiveAdapter adapter = registry.getAdapter(source.getClass(), source);
		if (adapter != null) {
			return adapter.isMultiValue() ? publisher(adapter.toPublisher(source)) : null;
		}
		return (source instanceof Publisher<?> publisher) ? publisher(publisher) : null;
	}

	/**
	 * Return whether a type has at most one value.
	 */
	static boolean isSingle(Object source, ReactiveAdapterRegistry registry) {
		ReactiveAdapter adapter = registry.getAdapter(source.getClass(), source);
		return adapter != null && !adapter.isMultiValue();
	}

	private static Flow.Publisher<Object> publisher(Publisher<?> source) {
		Publisher<?> publisher = (reactor && CapturingFlux.isApplicable(source)) ? CapturingFlux.of(source) : source;
		return (subscriber) -> publisher.subscribe(new Bridge(subscriber));
	}

	/**
	 * Makes a Reactor publisher capture the context of the subscribing thread, if
	 * Micrometer's context propagation is present.
	 */
	private static final class CapturingFlux {

		static boolean isApplicable(Publisher<?> publisher) {
			return publisher instanceof CorePublisher<?>;
		}

		static Publisher<?> of(Publisher<?> publisher) {
			return Flux.from(publisher).contextCapture();
		}

	}

	private record Bridge(Flow.Subscriber<? super Object> target) implements Subscriber<Object> {

		@Override
		@SuppressWarnings("NullAway") // the target handles violations of the
										// specification
		public void onSubscribe(@Nullable Subscription subscription) {
			this.target.onSubscribe((subscription != null) ? new BridgedSubscription(subscription) : null);
		}

		@Override
		public void onNext(Object item) {
			this.target.onNext(item);
		}

		@Override
		public void onError(Throwable failure) {
			this.target.onError(failure);
		}

		@Override
		public void onComplete() {
			this.target.onComplete();
		}

	}

	private record BridgedSubscription(Subscription source) implements Flow.Subscription {

		@Override
		public void request(long n) {
			this.source.request(n);
		}

		@Override
		public void cancel() {
			this.source.cancel();
		}

	}

}
