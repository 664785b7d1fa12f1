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

import java.util.concurrent.Flow;
import java.util.function.Supplier;

import org.springframework.util.Assert;

/**
 * A {@link DeferredSource} for applications without a reactive library: a
 * {@link Flow.Publisher} that gets its source from a {@code Supplier} when it is
 * subscribed to.
 */
final class DeferredFlow implements Flow.Publisher<Object> {

	private final Supplier<?> supplier;

	DeferredFlow(Supplier<?> supplier) {
		this.supplier = supplier;
	}

	/**
	 * Get the source from the supplier.
	 * @throws IllegalStateException if the supplier returns {@code null}
	 */
	static Object source(Supplier<?> supplier) {
		Object source = supplier.get();
		Assert.state(source != null, "The Supplier of a source returned null. If there is no source to "
				+ "start, return null from the method instead of the Supplier");
		return source;
	}

	@Override
	@SuppressWarnings("unchecked")
	public void subscribe(Flow.Subscriber<? super Object> subscriber) {
		Flow.Publisher<Object> source;
		try {
			source = (Flow.Publisher<Object>) source(this.supplier);
		}
		catch (RuntimeException | Error ex) {
			subscriber.onSubscribe(new NoSubscription());
			subscriber.onError(ex);
			return;
		}
		source.subscribe(subscriber);
	}

	private static final class NoSubscription implements Flow.Subscription {

		@Override
		public void request(long n) {
		}

		@Override
		public void cancel() {
		}

	}

}
