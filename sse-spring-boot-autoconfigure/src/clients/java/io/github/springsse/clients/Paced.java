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

package io.github.springsse.clients;

import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

/**
 * What a model says, when a test has it say so. It can be subscribed to once.
 *
 * @param <T> the type of the pieces
 */
final class Paced<T> {

	private final Sinks.Many<T> sink = Sinks.many().unicast().onBackpressureBuffer();

	private final AtomicInteger subscriptions = new AtomicInteger();

	private final AtomicInteger cancellations = new AtomicInteger();

	/**
	 * Return the pieces as they come.
	 * @return the pieces
	 */
	Flux<T> pieces() {
		return this.sink.asFlux()
			.doOnSubscribe((subscription) -> this.subscriptions.incrementAndGet())
			.doOnCancel(this.cancellations::incrementAndGet);
	}

	@SafeVarargs
	final Paced<T> say(T... pieces) {
		for (T piece : pieces) {
			this.sink.tryEmitNext(piece).orThrow();
		}
		return this;
	}

	void end() {
		this.sink.tryEmitComplete().orThrow();
	}

	void fail() {
		this.sink.tryEmitError(new IllegalStateException("Secret of the model")).orThrow();
	}

	int subscriptions() {
		return this.subscriptions.get();
	}

	int cancellations() {
		return this.cancellations.get();
	}

}
