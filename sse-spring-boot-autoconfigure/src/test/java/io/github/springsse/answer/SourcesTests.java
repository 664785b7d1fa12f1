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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.testsupport.EventStreamClient;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Observable;
import io.reactivex.rxjava3.core.Single;
import kotlinx.coroutines.flow.FlowKt;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Sources} and {@link PulledSource}.
 */
@Timeout(60)
class SourcesTests {

	private final RecordedLog recorded = new RecordedLog();

	@AfterEach
	void close() {
		this.recorded.close();
	}

	static Stream<Object> sources() {
		return Stream.of(Flux.just("a", "b", "c"), Flowable.just("a", "b", "c"), Observable.just("a", "b", "c"),
				FlowKt.flowOf("a", "b", "c"), List.of("a", "b", "c"), Stream.of("a", "b", "c"),
				(Iterable<String>) () -> List.of("a", "b", "c").iterator(),
				(Publisher<String>) (subscriber) -> Flux.just("a", "b", "c").subscribe(subscriber));
	}

	@ParameterizedTest
	@MethodSource("sources")
	void elementsArePublished(Object source) {
		assertThat(RecordedLog.await(this.recorded.publish(source))).isEqualTo(State.COMPLETED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "a", "b", "c", "END");
	}

	@Test
	void publisherThatIsAQueueIsAPublisher() {
		Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
		assertThat(sink.asFlux()).isInstanceOf(Iterable.class);
		SsePublication publication = this.recorded.publish(sink.asFlux());
		sink.tryEmitNext("a");
		sink.tryEmitComplete();
		assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "a", "END");
	}

	@Test
	void publisherOfTheJdkIsASource() {
		try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
			SsePublication publication = this.recorded.publish(publisher);
			EventStreamClient.await().until(publisher::hasSubscribers);
			publisher.submit("a");
			publisher.close();
			assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED);
			assertThat(this.recorded.told()).containsExactly("BEGIN", "a", "END");
		}
	}

	static Stream<Function<AtomicInteger, Object>> endless() {
		return Stream.of(
				(cancellations) -> Flux.just("a").concatWith(Flux.never()).doOnCancel(cancellations::incrementAndGet),
				(cancellations) -> Flowable.just("a")
					.concatWith(Flowable.never())
					.doOnCancel(cancellations::incrementAndGet),
				(cancellations) -> Observable.just("a")
					.concatWith(Observable.never())
					.doOnDispose(cancellations::incrementAndGet));
	}

	@ParameterizedTest
	@MethodSource("endless")
	void cancellationReachesThePublisherOnce(Function<AtomicInteger, Object> source) {
		AtomicInteger cancellations = new AtomicInteger();
		SsePublication publication = this.recorded.publish(source.apply(cancellations));
		this.recorded.awaitTold("BEGIN", "a");
		publication.cancel();
		RecordedLog.await(publication);
		EventStreamClient.await().untilAtomic(cancellations, Matchers.is(1));
	}

	static Stream<Object> singles() {
		return Stream.of(Mono.just("a"), Single.just("a"), Maybe.just("a"), CompletableFuture.completedFuture("a"));
	}

	@ParameterizedTest
	@MethodSource("singles")
	void whatHasOneValueIsRefused(Object source) {
		assertThatExceptionOfType(InvalidSseDataException.class).isThrownBy(() -> this.recorded.publish(source))
			.withMessageContaining("it has at most one value. Publish its value");
		assertThat(this.recorded.told()).isEmpty();
	}

	static Stream<Object> others() {
		return Stream.of("text", Map.of(), new String[] { "a" }, Path.of("a"), List.of("a").iterator(),
				(Runnable) () -> {
				});
	}

	@ParameterizedTest
	@MethodSource("others")
	void whatIsNoSourceIsRefused(Object source) {
		assertThatExceptionOfType(InvalidSseDataException.class).isThrownBy(() -> this.recorded.publish(source))
			.withMessageContaining("is not a source. Use a");
		assertThat(this.recorded.told()).isEmpty();
	}

	@Test
	void streamIsClosedOnceOnEachPath() {
		AtomicInteger closed = new AtomicInteger();
		Runnable count = closed::incrementAndGet;
		RecordedLog.await(this.recorded.publish(Stream.of("a").onClose(count)));
		assertThat(closed).hasValue(1);
		assertThat(RecordedLog.await(this.recorded.publish(Stream.of("a").peek((element) -> {
			throw new IllegalStateException();
		}).onClose(count)))).isEqualTo(State.FAILED);
		assertThat(closed).hasValue(2);
		assertThat(RecordedLog.await(this.recorded.publish(Stream.of("a", null).onClose(count))))
			.isEqualTo(State.FAILED);
		assertThat(closed).hasValue(3);
		SsePublication cancelled = this.recorded.publish(IntStream.generate(() -> 1).onClose(count));
		cancelled.cancel();
		RecordedLog.await(cancelled);
		EventStreamClient.await().untilAtomic(closed, Matchers.is(4));
		this.recorded.engine.stop(Duration.ZERO);
		assertThatIllegalStateException().isThrownBy(() -> this.recorded.publish(Stream.of("a").onClose(count)));
		assertThat(closed).hasValue(5);
	}

	@Test
	void streamThatCannotBeClosedHasFailed() {
		assertThat(RecordedLog.await(this.recorded.publish(Stream.of("a").onClose(() -> {
			throw new UncheckedIOException(new IOException());
		})))).isEqualTo(State.FAILED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "a", "(failed:{\"kind\":\"failed\"})", "END");
	}

	@Test
	void readerThatWaitsIsInterruptedByACancellationAndItsThreadIsCleanAfterwards() {
		CountDownLatch never = new CountDownLatch(1);
		AtomicReference<@Nullable Thread> reader = new AtomicReference<>();
		AtomicReference<@Nullable Boolean> interruptedInClose = new AtomicReference<>();
		Stream<String> source = Stream.generate(() -> {
			reader.set(Thread.currentThread());
			try {
				never.await();
				return "";
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}).onClose(() -> interruptedInClose.set(Thread.currentThread().isInterrupted()));
		SsePublication publication = this.recorded.publish(source);
		EventStreamClient.await().until(() -> reader.get() != null);
		publication.cancel();
		assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		EventStreamClient.await().until(() -> interruptedInClose.get() != null);
		assertThat(interruptedInClose.get()).isFalse();
		assertThat(this.recorded.told()).containsExactly("BEGIN", "END");
	}

	@Test
	void iterableIsReadByOneThreadNoFurtherThanTheWindow() {
		AtomicInteger given = new AtomicInteger();
		SlowFollower slow = new SlowFollower(1);
		this.recorded.log.follow(this.recorded.log.head(), slow);
		Iterable<String> endless = () -> new Iterator<>() {

			@Override
			public boolean hasNext() {
				return true;
			}

			@Override
			public String next() {
				return "" + given.incrementAndGet();
			}

		};
		SsePublication publication = this.recorded.publish(endless);
		EventStreamClient.await().untilAtomic(given, Matchers.is(Source.WINDOW));
		slow.room.release(16);
		EventStreamClient.await().untilAtomic(given, Matchers.is(Source.WINDOW * 3 / 2));
		publication.cancel();
		slow.room.release(100_000);
		RecordedLog.await(publication);
		assertThat(given).hasValueLessThanOrEqualTo(Source.WINDOW * 2);
	}

}
