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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.EventLogUnavailableException;
import io.github.springsse.OpenAiFormat;
import io.github.springsse.PublishingGate;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SourceEndedException;
import io.github.springsse.SseAnswerEndedEvent;
import io.github.springsse.SseAnswerOutcome;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublishOptions;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.Topic;
import io.github.springsse.log.EventId;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.InMemoryEventLog;
import io.github.springsse.log.LeaseLostException;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.LogEntryWriter;
import io.github.springsse.log.SourceLeases;
import io.github.springsse.testsupport.DelegatingEventLog;
import io.github.springsse.testsupport.EventStreamClient;
import org.hamcrest.Matchers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link AnswerEngine} and {@link Answer}.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class AnswerEngineTests {

	private final RecordedLog recorded = new RecordedLog();

	private final ManualPublisher source = new ManualPublisher();

	@AfterEach
	void close() {
		this.recorded.close();
	}

	@Test
	void elementsComeInOrderBetweenBeginningAndEnd() {
		SsePublication publication = this.recorded
			.publish(List.of("one ", SseEvent.of("named", "two"), Map.of("three", 3), "four"));
		assertThat(publication.topic()).isEqualTo("answer");
		assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED);
		assertThat(publication).hasToString("SsePublication[topic=answer, state=COMPLETED]");
		assertThat(publication.state()).isEqualTo(State.COMPLETED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one ", "(named:two)", "(json:{three=3})", "four",
				"END");
		assertThat(publication.cancel()).isFalse();
		assertThat(this.recorded.engine.running()).isZero();
		assertThat(this.recorded.engine.statistics().ended(SseAnswerOutcome.COMPLETED)).isOne();
		assertThat(this.recorded.engine.statistics().pieces()).isEqualTo(2);
	}

	@Test
	void failureIsToldWithoutItsMessageAfterWhatCameBefore(CapturedOutput output) {
		SsePublication publication = this.recorded
			.publish(Flux.just("one", "two").concatWith(Flux.error(new IllegalStateException("secret"))));
		assertThat(RecordedLog.await(publication)).isEqualTo(State.FAILED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "two", "(failed:{\"kind\":\"failed\"})",
				"END");
		assertThat(output).contains("WARN").contains("The source of topic 'answer' has failed").contains("secret");
	}

	@Test
	void warningsOfManyFailuresAreOneAMinute(CapturedOutput output) {
		for (int i = 0; i < 10; i++) {
			RecordedLog.await(this.recorded.publish(Flux.error(new IllegalStateException("secret"))));
		}
		this.recorded.timer.advanceMillis(60_000);
		RecordedLog.await(this.recorded.publish(Flux.error(new IllegalStateException("secret"))));
		assertThat(output.getAll().lines().filter((line) -> line.contains("has failed")).toList()).hasSize(2)
			.last()
			.asString()
			.contains("9 other sources");
	}

	@Test
	void secondSourceIsRefusedWhileOneIsLive() {
		AtomicBoolean closed = new AtomicBoolean();
		SsePublication publication = this.recorded.publish(this.source);
		assertThatExceptionOfType(SourceBusyException.class)
			.isThrownBy(() -> this.recorded.publish(Stream.of("two").onClose(() -> closed.set(true))))
			.withMessageContaining("'answer'");
		EventStreamClient.await().untilTrue(closed);
		this.source.complete();
		RecordedLog.await(publication);
		assertThat(RecordedLog.await(this.recorded.publish(List.of("three")))).isEqualTo(State.COMPLETED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "END", "BEGIN", "three", "END");
	}

	@Test
	void cancellationEndsTheTopicAtOnceAlsoWhereTheSourceBlocksItsCanceller() throws Exception {
		CountDownLatch byteOfTheModel = new CountDownLatch(1);
		AtomicReference<@Nullable Thread> canceller = new AtomicReference<>();
		this.source.onCancel = () -> {
			canceller.set(Thread.currentThread());
			awaitUninterruptibly(byteOfTheModel);
		};
		SsePublication publication = this.recorded.publish(this.source);
		this.source.give("one");
		this.recorded.awaitTold("BEGIN", "one");
		assertThat(publication.cancel()).isTrue();
		assertThat(publication.state()).isEqualTo(State.CANCELLED);
		assertThat(publication.cancel()).isFalse();
		assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "END");
		this.source.give("late");
		assertThat(RecordedLog.await(this.recorded.publish(List.of("next")))).isEqualTo(State.COMPLETED);
		EventStreamClient.await().until(() -> canceller.get() != null);
		assertThat(canceller.get()).isNotNull().extracting(Thread::getName).asString().startsWith("sse-answers-source");
		byteOfTheModel.countDown();
		assertThat(this.source.cancellations).hasValue(1);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "END", "BEGIN", "next", "END");
	}

	@Test
	void cancellationByTopicNeedsNoSource() {
		this.recorded.engine.cancel(RecordedLog.TOPIC);
		assertThat(this.recorded.told()).isEmpty();
		SsePublication publication = this.recorded.publish(this.source);
		this.recorded.engine.cancel(RecordedLog.TOPIC);
		assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "END");
	}

	@Test
	void whatCannotBeWrittenFailsThePublicationAndCancelsTheSource() {
		SsePublication publication = this.recorded.publish(this.source);
		this.source.give("one", CompletableFuture.completedFuture("two"), "three");
		assertThat(RecordedLog.await(publication)).isEqualTo(State.FAILED);
		EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "(failed:{\"kind\":\"failed\"})", "END");
	}

	@Test
	void tooLargeElementFailsThePublication() {
		SsePublication publication = this.recorded.publish(List.of("one", "x".repeat(100_001)));
		assertThat(RecordedLog.await(publication)).isEqualTo(State.FAILED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "(failed:{\"kind\":\"failed\"})", "END");
	}

	@Test
	void tooManyEventsEndItAsTooLarge(CapturedOutput output) {
		try (RecordedLog small = new RecordedLog(new AnswerSettings(3, 1_000, Duration.ZERO))) {
			AtomicInteger given = new AtomicInteger();
			assertThat(RecordedLog.await(small.publish(Stream.generate(() -> "" + given.incrementAndGet()))))
				.isEqualTo(State.FAILED);
			assertThat(small.told()).containsExactly("BEGIN", "1", "2", "3", "(failed:{\"kind\":\"too-large\"})",
					"END");
			assertThat(given).hasValueLessThanOrEqualTo(Source.WINDOW + 2);
			assertThat(small.engine.statistics().ended(SseAnswerOutcome.TOO_LARGE)).isOne();
			assertThat(output).contains("sse.answers.max-events: 3");
		}
	}

	@Test
	void tooManyBytesEndItAsTooLarge() {
		try (RecordedLog small = new RecordedLog(new AnswerSettings(100, 9, Duration.ZERO))) {
			assertThat(RecordedLog.await(small.publish(List.of("ä".repeat(4), "b", "c")))).isEqualTo(State.FAILED);
			assertThat(small.told()).containsExactly("BEGIN", "ääää", "b", "(failed:{\"kind\":\"too-large\"})", "END");
		}
	}

	@Test
	void formatTellsFailuresAndEnds() {
		SsePublishOptions options = SsePublishOptions.DEFAULT.format(new SseSourceFormat() {

			@Override
			public List<SseEvent> failure(Failure kind, @Nullable Throwable failure) {
				return List.of(SseEvent.of("error-part " + kind + " " + failure));
			}

			@Override
			public List<SseEvent> end() {
				return List.of(SseEvent.of("[DONE]"));
			}

			@Override
			public boolean cutsAfterFailure() {
				return true;
			}

		});
		RecordedLog.await(this.recorded.publish(List.of("a"), options));
		RecordedLog.await(this.recorded.publish(Flux.error(new IllegalStateException("chosen")), options));
		assertThat(this.recorded.told()).containsExactly("BEGIN", "a", "([DONE])", "END", "BEGIN",
				"(error-part FAILED java.lang.IllegalStateException: chosen)", "CUT");
	}

	@Test
	void textsOfAFormatOfDataAloneAreEventsOfTheirOwn() {
		SsePublishOptions options = SsePublishOptions.DEFAULT.format(new OpenAiFormat()).join(Duration.ofMinutes(1));
		RecordedLog.await(this.recorded.publish(List.of("{}", "{}"), options));
		assertThat(this.recorded.told()).containsExactly("BEGIN", "({})", "({})", "([DONE])", "END");
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void formatThatFailsEndsTheTopicAllTheSame(boolean error) {
		SsePublishOptions options = SsePublishOptions.DEFAULT.format((kind, failure) -> {
			if (error) {
				throw new NoClassDefFoundError("format");
			}
			throw new IllegalStateException("format");
		});
		assertThat(RecordedLog.await(this.recorded.publish(Flux.error(new IllegalStateException()), options)))
			.isEqualTo(State.FAILED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "END");
	}

	@Test
	void sourceIsCancelledAlsoWhereAContextCannotBeOpened() {
		AtomicBoolean broken = new AtomicBoolean();
		CallerContext context = () -> () -> {
			if (broken.get()) {
				throw new IllegalStateException("no context");
			}
			return () -> {
			};
		};
		try (RecordedLog log = new RecordedLog((builder) -> builder.contexts(List.of(context)))) {
			CompletableFuture<Void> cancelled = new CompletableFuture<>();
			CountDownLatch requested = new CountDownLatch(1);
			SsePublication publication = log.publish(Flux.never()
				.doOnRequest((count) -> requested.countDown())
				.doOnCancel(() -> cancelled.complete(null)));
			awaitUninterruptibly(requested);
			broken.set(true);
			publication.cancel();
			cancelled.orTimeout(10, TimeUnit.SECONDS).join();
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		}
	}

	@Test
	void stopWaitsForSourcesThatEnd() {
		SsePublication publication = this.recorded.publish(this.source);
		this.source.give("one");
		CompletableFuture<Void> stopped = CompletableFuture
			.runAsync(() -> this.recorded.engine.stop(Duration.ofSeconds(30)), new SimpleAsyncTaskExecutor());
		EventStreamClient.await()
			.untilAsserted(() -> assertThatIllegalStateException()
				.isThrownBy(() -> this.recorded.engine.publish(Topic.of("other"), List.of(), SsePublishOptions.DEFAULT,
						PublishingGate.OPEN))
				.withMessageContaining("shutting down"));
		assertThat(stopped).isNotDone();
		this.source.complete();
		stopped.orTimeout(10, TimeUnit.SECONDS).join();
		assertThat(publication.state()).isEqualTo(State.COMPLETED);
		this.recorded.engine.accept();
		assertThat(RecordedLog.await(this.recorded.publish(List.of()))).isEqualTo(State.COMPLETED);
	}

	@Test
	void stopInterruptsSourcesThatDoNotEnd() {
		SsePublication publication = this.recorded.publish(this.source);
		this.source.give("one");
		this.recorded.awaitTold("BEGIN", "one");
		this.recorded.engine.stop(Duration.ofMillis(1));
		assertThat(publication.state()).isEqualTo(State.INTERRUPTED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "one", "(failed:{\"kind\":\"interrupted\"})", "END");
		EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
	}

	@Test
	void manyReactiveSourcesNeedFewThreads() {
		int count = 500;
		List<SsePublication> publications = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			publications.add(this.recorded.engine.publish(Topic.of("many/" + i),
					Flux.interval(Duration.ofMillis(20)).map((tick) -> "piece " + tick).take(25).onBackpressureBuffer(),
					SsePublishOptions.DEFAULT, PublishingGate.OPEN));
		}
		long appenders = Thread.getAllStackTraces()
			.keySet()
			.stream()
			.map(Thread::getName)
			.filter((name) -> name.startsWith("sse-answers-") && !name.startsWith("sse-answers-source"))
			.count();
		assertThat(appenders).isLessThanOrEqualTo(AnswerThreads.APPENDERS + 1);
		publications.forEach((publication) -> assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED));
		assertThat(this.recorded.entries).hasSize(count * 27);
		assertThat(this.recorded.entries.stream()
			.filter((entry) -> entry.topic().equals(Topic.of("many/7")))
			.map(LogEntry::data)).containsExactlyElementsOf(
					Stream.of(Stream.of(""), IntStream.range(0, 25).mapToObj((tick) -> "piece " + tick), Stream.of(""))
						.flatMap((part) -> part)
						.toList());
	}

	@Test
	void leaseThatIsLostCancelsTheSourceAndAppendsNothing() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			this.source.give("one");
			EventStreamClient.await().until(() -> log.entries.size() == 2);
			log.failure = () -> new LeaseLostException(RecordedLog.TOPIC);
			this.source.give("two");
			assertThat(RecordedLog.await(publication)).isEqualTo(State.INTERRUPTED);
			assertThat(log.entries).extracting(LogEntry::kind)
				.containsExactly(LogEntry.Kind.BEGIN, LogEntry.Kind.PIECE);
			EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
		}
	}

	@Test
	void endWaitsForALogThatCannotBeReached() {
		FragileLog log = new FragileLog();
		ManualTimer timer = new ManualTimer();
		AnswerEngine engine = AnswerEngine.of(log, new LogEntryWriter(Object::toString, DataSize.ofMegabytes(1)))
			.build(timer);
		SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
				PublishingGate.OPEN);
		this.source.give("one");
		EventStreamClient.await().until(() -> log.entries.size() == 2);
		log.failure = () -> new EventLogUnavailableException("gone", null);
		publication.cancel();
		EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
		assertThat(publication.completion()).isNotDone();
		assertThat(engine.running()).isOne();
		log.failure = null;
		EventStreamClient.await().until(() -> timer.size() == 1);
		timer.advanceMillis(1000);
		assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		assertThat(log.entries).last().extracting(LogEntry::kind).isEqualTo(LogEntry.Kind.END);
		assertThat(engine.running()).isZero();
		engine.close();
	}

	@Test
	void commandOfAnotherNodeCancelsTheSource() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			assertThat(log.followers).hasValue(0);
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			assertThat(log.followers).hasValue(1);
			log.append(LogEntry.cancel(Topic.of("other")));
			assertThat(publication.state()).isEqualTo(State.RUNNING);
			try (AnswerEngine other = engine(log)) {
				other.cancel(RecordedLog.TOPIC);
			}
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
			EventStreamClient.await().untilAtomic(log.followers, Matchers.is(0));
		}
	}

	@Test
	void endThatSomebodyElseHasAppendedEndsTheSourceAndGivesTheTopicBack() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			this.source.give("one");
			EventStreamClient.await().until(() -> log.entries.size() == 2);
			log.append(LogEntry.end(RecordedLog.TOPIC));
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
			EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
			assertThat(log.isLeased(RecordedLog.TOPIC)).isFalse();
		}
	}

	@Test
	void commandThatIsReadBeforeTheSourceIsKnownHereCancelsIt() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			log.acquired = () -> log.append(LogEntry.cancel(RecordedLog.TOPIC));
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
			log.acquired = () -> {
			};
			ManualPublisher next = new ManualPublisher();
			SsePublication other = engine.publish(RecordedLog.TOPIC, next, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			next.complete();
			assertThat(RecordedLog.await(other)).isEqualTo(State.COMPLETED);
		}
	}

	@Test
	void topicCanBeHadByTheNextSourceAsSoonAsItsEndIsTold() throws Exception {
		CompletableFuture<SsePublication> next = new CompletableFuture<>();
		ManualPublisher nextSource = new ManualPublisher();
		this.recorded.log.follow(this.recorded.log.head(), (id, entry) -> {
			if (entry.kind() == LogEntry.Kind.END && !next.isDone()) {
				Thread client = new Thread(() -> {
					try {
						next.complete(this.recorded.publish(nextSource));
					}
					catch (RuntimeException ex) {
						next.completeExceptionally(ex);
					}
				});
				client.start();
				try {
					client.join(200);
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
			}
		});
		this.recorded.publish(this.source);
		this.source.give("one");
		this.source.complete();
		SsePublication publication = next.get(10, TimeUnit.SECONDS);
		nextSource.complete();
		assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED);
		this.recorded.awaitTold("BEGIN", "one", "END", "BEGIN", "END");
	}

	@Test
	void charactersAndLineEndsAreNotCutApart() {
		this.recorded
			.publish(List.of("a\uD83D", "\uDE00b\r", "\nc\r", "\uD83D", "\uDE00", SseEvent.of("d\uD83D"), "e\r"));
		this.recorded.awaitTold("BEGIN", "a", "\uD83D\uDE00b", "\r\nc", "\r", "\uD83D\uDE00", "(d\uD83D)", "e", "\r",
				"END");
	}

	@Test
	void commandForTheSourceBeforeIsNotForThisOne() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			EventId before = Objects.requireNonNull(log.append(LogEntry.cancel(RecordedLog.TOPIC)));
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			engine.cancelHere(before, RecordedLog.TOPIC);
			assertThat(publication.state()).isEqualTo(State.RUNNING);
			log.append(LogEntry.cancel(RecordedLog.TOPIC));
			assertThat(RecordedLog.await(publication)).isEqualTo(State.CANCELLED);
		}
	}

	@Test
	void leaseThatIsFoundToBeLostCancelsASourceThatGivesNothing() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			SsePublication publication = engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT,
					PublishingGate.OPEN);
			this.source.give("one");
			EventStreamClient.await().until(() -> log.entries.size() == 2);
			Objects.requireNonNull(log.claim).lost().run();
			assertThat(RecordedLog.await(publication)).isEqualTo(State.INTERRUPTED);
			assertThat(log.entries).extracting(LogEntry::kind)
				.containsExactly(LogEntry.Kind.BEGIN, LogEntry.Kind.PIECE);
			EventStreamClient.await().untilAtomic(this.source.cancellations, Matchers.is(1));
		}
	}

	@Test
	void formatOfASourceGoesWithItsLease() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT.format(new OpenAiFormat()),
					PublishingGate.OPEN);
			List<LogEntry> ending = Objects.requireNonNull(log.claim).ending();
			assertThat(ending).extracting(LogEntry::kind).containsExactly(LogEntry.Kind.EVENT, LogEntry.Kind.END);
			assertThat(ending.get(0).data()).contains("interrupted");
			assertThat(ending.get(1).isCut()).isTrue();
		}
	}

	@Test
	void interruptionOfASourceThatMayBeStartedAgainIsTheEndAlone() {
		SsePublishOptions options = SsePublishOptions.DEFAULT.restartInterrupted(true);
		SsePublication publication = this.recorded.publish(this.source, options.format(new OpenAiFormat()));
		this.source.give(SseEvent.of("one"));
		this.recorded.awaitTold("BEGIN", "(one)");
		this.recorded.engine.stop(Duration.ofMillis(1));
		assertThat(publication.state()).isEqualTo(State.INTERRUPTED);
		assertThat(this.recorded.told()).containsExactly("BEGIN", "(one)", "END");
		assertThat(this.recorded.entries.get(2).isInterrupted()).isTrue();
		assertThat(this.recorded.engine.statistics().ended(SseAnswerOutcome.INTERRUPTED)).isOne();
		this.recorded.engine.accept();
		RecordedLog.await(this.recorded.publish(Flux.error(new IllegalStateException("failed")), options));
		assertThat(this.recorded.told().subList(3, 6)).as("only where it is interrupted")
			.containsExactly("BEGIN", "(failed:{\"kind\":\"failed\"})", "END");
		assertThat(this.recorded.entries.get(5).isInterrupted()).isFalse();
	}

	@Test
	void endOfALostNodeWhoseSourceMayBeStartedAgainGoesWithItsLease() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			engine.publish(RecordedLog.TOPIC, this.source, SsePublishOptions.DEFAULT.restartInterrupted(true),
					PublishingGate.OPEN);
			assertThat(Objects.requireNonNull(log.claim).ending())
				.containsExactly(LogEntry.interruptedEnd(RecordedLog.TOPIC));
		}
	}

	@Test
	void sourceIsNotStartedAgainWhereTheOptionsSaySo() {
		RecordedLog ended = new RecordedLog((builder) -> builder.ended(RecordedLog.TOPIC::equals));
		try (ended) {
			assertThatExceptionOfType(SourceEndedException.class)
				.isThrownBy(() -> ended.publish(this.source, SsePublishOptions.DEFAULT.startAgain(false)))
				.withMessageContaining("answer");
			assertThat(this.source.subscriptions).hasValue(0);
			assertThat(ended.entries).isEmpty();
			ended.publish(this.source);
			ended.awaitTold("BEGIN");
		}
	}

	@Test
	void endOfALostNodeIsThatOfAnInterruption() {
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = engine(log)) {
			assertThat(engine.running()).isZero();
			assertThat(log.ending).isNotNull();
			assertThat(log.ending.of(RecordedLog.TOPIC)).extracting(LogEntry::data)
				.containsExactly("{\"kind\":\"interrupted\"}", "");
		}
	}

	@Test
	void sourceAppendsItselfWhereTheLogHasRoom() {
		this.recorded.publish(this.source);
		this.recorded.awaitTold("BEGIN");
		// NOTE: the thread that started the source may be about to look for the first
		// element
		EventStreamClient.await().until(() -> {
			this.source.give("piece");
			return this.recorded.appender == Thread.currentThread();
		});
		this.recorded.room = () -> false;
		this.source.give("last");
		EventStreamClient.await().until(() -> this.recorded.told().contains("last"));
		assertThat(this.recorded.appender).isNotEqualTo(Thread.currentThread());
	}

	@Test
	void violationsOfTheSpecificationFailThePublication() {
		this.recorded.room = () -> false;
		assertFails((subscriber) -> subscriber.onNext(null));
		assertFails((subscriber) -> subscriber.onError(null));
		assertFails((subscriber) -> subscriber.onSubscribe(new ManualPublisher().newSubscription()));
		assertFails((subscriber) -> {
			for (int i = 0; i < 100_000; i++) {
				subscriber.onNext("unasked");
			}
		});
	}

	@SuppressWarnings("NullAway")
	private void assertFails(Consumer<Flow.Subscriber<? super Object>> violation) {
		ManualPublisher source = new ManualPublisher();
		SsePublication publication = this.recorded.publish(source);
		Flow.Subscriber<? super Object> subscriber = source.subscriber();
		violation.accept(subscriber);
		assertThat(RecordedLog.await(publication)).isEqualTo(State.FAILED);
		assertThat(this.recorded.told().stream().filter("(failed:{\"kind\":\"failed\"})"::equals)).hasSize(1);
		assertThat(source.subscriptions).hasValue(1);
		assertThat(source.cancellations).hasValueLessThanOrEqualTo(1);
		subscriber.onNext("late");
		subscriber.onComplete();
		subscriber.onError(new IllegalStateException("late"));
		assertThat(this.recorded.told()).last().isEqualTo("END");
		this.recorded.entries.clear();
	}

	@Test
	void sourceThatThrowsFromSubscribeOrRequestFails() {
		Flow.Publisher<Object> throwing = (subscriber) -> {
			throw new IllegalStateException("subscribe");
		};
		assertThat(RecordedLog.await(this.recorded.publish(throwing))).isEqualTo(State.FAILED);
		Flow.Publisher<Object> throwingLater = (subscriber) -> subscriber.onSubscribe(new Flow.Subscription() {

			@Override
			public void request(long n) {
				throw new IllegalStateException("request");
			}

			@Override
			public void cancel() {
			}

		});
		assertThat(RecordedLog.await(this.recorded.publish(throwingLater))).isEqualTo(State.FAILED);
	}

	@Test
	void futureOfTheCallerDoesNotTouchThePublication() {
		SsePublication publication = this.recorded.publish(this.source);
		publication.completion().cancel(true);
		publication.completion().complete(State.FAILED);
		assertThat(publication.state()).isEqualTo(State.RUNNING);
		CompletableFuture<String> thread = publication.completion()
			.thenApply((state) -> Thread.currentThread().getName());
		this.source.complete();
		assertThat(thread.orTimeout(10, TimeUnit.SECONDS).join()).startsWith("sse-answers-source");
		assertThat(RecordedLog.await(publication)).isEqualTo(State.COMPLETED);
	}

	private static AnswerEngine engine(EventLog log) {
		return AnswerEngine.of(log, new LogEntryWriter(Object::toString, DataSize.ofMegabytes(1)))
			.build(new ManualTimer());
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void listenerIsToldOfEachEndOnceWhenItIsInTheLog() {
		List<SseAnswerEndedEvent> ended = new CopyOnWriteArrayList<>();
		List<Integer> entries = new CopyOnWriteArrayList<>();
		AtomicReference<@Nullable RecordedLog> log = new AtomicReference<>();
		try (RecordedLog told = new RecordedLog((builder) -> builder.listener((event) -> {
			entries.add(log.get().entries.size());
			ended.add(event);
		}))) {
			log.set(told);
			RecordedLog.await(told.publish(List.of("one")));
			EventStreamClient.await().until(() -> ended.size() == 1);
			assertThat(entries).containsExactly(3);
			IllegalStateException failure = new IllegalStateException("model");
			RecordedLog.await(told.publish(Flux.error(failure)));
			EventStreamClient.await().until(() -> ended.size() == 2);
			SsePublication running = told.publish(this.source);
			assertThatIllegalStateException().isThrownBy(() -> told.publish(List.of("refused")));
			running.cancel();
			EventStreamClient.await().until(() -> ended.size() == 3);
			RecordedLog.await(told.engine.publish(RecordedLog.TOPIC, List.of(), SsePublishOptions.DEFAULT, (held) -> {
				held.discard();
				return true;
			}));
			told.publish(new ManualPublisher());
			told.engine.stop(Duration.ZERO);
			assertThat(ended).containsExactly(new SseAnswerEndedEvent("answer", SseAnswerOutcome.COMPLETED, null),
					new SseAnswerEndedEvent("answer", SseAnswerOutcome.FAILED, failure),
					new SseAnswerEndedEvent("answer", SseAnswerOutcome.CANCELLED, null),
					new SseAnswerEndedEvent("answer", SseAnswerOutcome.INTERRUPTED, null));
		}
	}

	@Test
	void stopWaitsForTheListenerAlsoWhereTheSourceHasEndedBefore() throws Exception {
		CountDownLatch entered = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		AtomicBoolean handled = new AtomicBoolean();
		try (RecordedLog told = new RecordedLog((builder) -> builder.listener((event) -> {
			entered.countDown();
			try {
				released.await();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
			handled.set(true);
		}))) {
			RecordedLog.await(told.publish(List.of("one")));
			assertThat(entered.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(told.engine.running()).isZero();
			Thread stopping = new Thread(() -> told.engine.stop(Duration.ZERO));
			stopping.start();
			EventStreamClient.await().until(() -> stopping.getState() == Thread.State.TIMED_WAITING);
			released.countDown();
			stopping.join();
			assertThat(handled).isTrue();
		}
	}

	@Test
	void failingListenerIsToldOfInTheLogAndHoldsUpNothing(CapturedOutput output) {
		try (RecordedLog told = new RecordedLog((builder) -> builder.listener((event) -> {
			throw new IllegalStateException("no database");
		}))) {
			assertThat(RecordedLog.await(told.publish(List.of("one")))).isEqualTo(State.COMPLETED);
			told.engine.stop(Duration.ZERO);
			assertThat(output).contains("failed to handle, the end of the source of topic 'answer'")
				.contains("no database")
				.doesNotContain("did not handle");
		}
	}

	@Test
	void listenerIsToldOfAnEndInPlaceOfANodeThatIsGone() {
		List<SseAnswerEndedEvent> ended = new CopyOnWriteArrayList<>();
		FragileLog log = new FragileLog();
		try (AnswerEngine engine = AnswerEngine.of(log, new LogEntryWriter(Object::toString, DataSize.ofBytes(1000)))
			.listener(ended::add)
			.build()) {
			SourceLeases.Ending ending = log.ending;
			assertThat(ending).isNotNull();
			assertThat(ending.of(RecordedLog.TOPIC)).hasSize(2);
			assertThat(ended).isEmpty();
			ending.appended(RecordedLog.TOPIC);
			engine.stop(Duration.ZERO);
			assertThat(ended).containsExactly(new SseAnswerEndedEvent("answer", SseAnswerOutcome.INTERRUPTED, null));
		}
	}

	/**
	 * A shared log whose leases fail on request.
	 */
	private static final class FragileLog extends DelegatingEventLog implements SourceLeases {

		private final SourceLeases leases = new InMemorySourceLeases(this.delegate);

		private final List<LogEntry> entries = new CopyOnWriteArrayList<>();

		private final AtomicInteger followers = new AtomicInteger();

		private volatile @Nullable Supplier<RuntimeException> failure;

		private volatile @Nullable Ending ending;

		private volatile @Nullable Claim claim;

		private volatile Runnable acquired = () -> {
		};

		FragileLog() {
			super(new InMemoryEventLog(1));
		}

		@Override
		public @Nullable Lease acquire(Topic topic, Claim claim) {
			this.claim = claim;
			Lease lease = this.leases.acquire(topic, claim);
			if (lease == null) {
				return null;
			}
			this.acquired.run();
			return new Lease() {

				@Override
				public EventId since() {
					return lease.since();
				}

				@Override
				public @Nullable EventId append(LogEntry entry) {
					Supplier<RuntimeException> failure = FragileLog.this.failure;
					if (failure != null) {
						throw failure.get();
					}
					FragileLog.this.entries.add(entry);
					return lease.append(entry);
				}

				@Override
				public void close() {
					lease.close();
				}

			};
		}

		@Override
		public boolean isLeased(Topic topic) {
			return this.leases.isLeased(topic);
		}

		@Override
		public void setEnding(Ending ending) {
			this.ending = ending;
		}

		@Override
		public Subscription follow(EventId cursor, Follower follower) {
			this.followers.incrementAndGet();
			Subscription subscription = super.follow(cursor, follower);
			return () -> {
				this.followers.decrementAndGet();
				subscription.close();
			};
		}

	}

}
