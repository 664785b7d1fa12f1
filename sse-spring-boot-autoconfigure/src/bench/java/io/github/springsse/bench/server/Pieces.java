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

package io.github.springsse.bench.server;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import reactor.core.publisher.Flux;

import org.springframework.http.codec.ServerSentEvent;

/**
 * The pieces of a streamed answer, each of which ends with a {@code #}.
 */
final class Pieces {

	private Pieces() {
	}

	/** Return pieces at a rate, or 0 for as many as are requested. */
	static Flux<String> of(int count, int perSecond) {
		Flux<Long> numbers = (perSecond > 0)
				? Flux.interval(Duration.ofNanos(1_000_000_000L / perSecond)).take(count).onBackpressureBuffer(count)
				: Flux.range(0, count).map(Integer::longValue);
		return numbers.map((number) -> " word" + number % 1000 + "#");
	}

	/** Return pieces as events, and count subscriptions. */
	static Flux<ServerSentEvent<String>> events(int count, int perSecond, AtomicInteger subscribed) {
		return of(count, perSecond)
			.index((number, piece) -> ServerSentEvent.builder(piece).id(Long.toString(number)).build())
			.doOnSubscribe((subscription) -> subscribed.incrementAndGet())
			.doFinally((signal) -> subscribed.decrementAndGet());
	}

}
