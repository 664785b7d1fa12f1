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

package io.github.springsse.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseDataException;
import io.github.springsse.PresenceDirectory;
import io.github.springsse.PublishFailureHandler;
import io.github.springsse.SourceBusyException;
import io.github.springsse.SourcePublisher;
import io.github.springsse.SseAnswerEndedEvent;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.github.springsse.SsePublish;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.Topic;
import io.github.springsse.answer.AnswerEngine;
import io.github.springsse.answer.CallerContext;
import io.github.springsse.log.EventLog;
import io.github.springsse.log.LogEntry;
import io.github.springsse.testsupport.EventStreamClient;
import io.micrometer.context.ContextRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.FlowAdapters;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseAnswersAutoConfiguration}.
 */
class SseAnswersAutoConfigurationTests {

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseTransactionAutoConfiguration.class, SseAutoConfiguration.class,
				SseAnswersAutoConfiguration.class));

	@Test
	void publishesWithoutAWebServer() {
		this.contextRunner.run((context) -> {
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			SsePublication publication = context.getBean(SseOperations.class).publishAll("answer", Flux.just("a", "b"));
			assertThat(await(publication)).isEqualTo(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data).containsExactly("", "a", "b", "");
		});
	}

	@Test
	void cancelsByTopic() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			sse.cancel("answer");
			SsePublication publication = sse.publishAll("answer", Flux.never());
			assertThatExceptionOfType(SourceBusyException.class)
				.isThrownBy(() -> sse.immediately().publishAll("answer", Flux.never()));
			sse.cancel("answer");
			assertThat(await(publication)).isEqualTo(State.CANCELLED);
		});
	}

	@Test
	void backsOffForASourcePublisher() {
		SourcePublisher own = mock(SourcePublisher.class);
		this.contextRunner.withBean(SourcePublisher.class, () -> own).run((context) -> {
			assertThat(context).hasSingleBean(SourcePublisher.class).doesNotHaveBean(AnswerEngine.class);
			context.getBean(SseOperations.class).cancel("answer");
			then(own).should().cancel(Topic.of("answer"));
		});
	}

	@Test
	void nothingWithoutALog() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(SseAnswersAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SourcePublisher.class));
	}

	@Test
	void usesTheFormatOfTheApplicationAndTheNameOfTheEvent() {
		SseSourceFormat own = (kind, failure) -> List.of(SseEvent.of("own " + kind));
		this.contextRunner.withBean(SseSourceFormat.class, () -> own)
			.run((context) -> assertThat(failing(context.getBean(EventLog.class), context.getBean(SseOperations.class)))
				.extracting(LogEntry::data)
				.containsExactly("", "own FAILED", ""));
		this.contextRunner.withPropertyValues("sse.answers.failed-event=broken")
			.run((context) -> assertThat(failing(context.getBean(EventLog.class), context.getBean(SseOperations.class)))
				.extracting(LogEntry::event)
				.containsExactly(null, "broken", null));
	}

	@Test
	void smallestEventSizeHasRoomForEachFailureAndOwnFormatsAreNotAsked() {
		this.contextRunner.withPropertyValues("sse.limits.event-size=22B").run((context) -> {
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			context.getBean(SseOperations.class).publishAll("answer", Flux.never());
			context.getBean(AnswerEngine.class).stop(Duration.ZERO);
			assertThat(entries).extracting(LogEntry::data).containsExactly("", "{\"kind\":\"interrupted\"}", "");
		});
		this.contextRunner.withPropertyValues("sse.limits.event-size=21B")
			.withBean(SseSourceFormat.class, () -> (kind, failure) -> List.of())
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void publishesAnEventOfTheContextWhenASourceHasEndedWithTheUserOfTheSource() {
		List<String> ended = new CopyOnWriteArrayList<>();
		this.contextRunner.withInitializer(listener(ended))
			.withPropertyValues("sse.shutdown.timeout=0s")
			.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				SecurityContextHolder.getContext().setAuthentication(new TestingAuthenticationToken("ada", "secret"));
				try {
					await(sse.publishAll("a", List.of("one")));
					EventStreamClient.await().until(() -> ended.size() == 1);
					await(sse.publishAll("b", Flux.error(new IllegalStateException("model"))));
					EventStreamClient.await().until(() -> ended.size() == 2);
				}
				finally {
					SecurityContextHolder.clearContext();
				}
				sse.publishAll("c", Flux.never());
				sse.cancel("c");
				EventStreamClient.await().until(() -> ended.size() == 3);
				sse.publishAll("d", Flux.never());
			});
		assertThat(ended).containsExactly("a COMPLETED null ada", "b FAILED model ada", "c CANCELLED null nobody",
				"d INTERRUPTED null nobody");
	}

	private static ApplicationContextInitializer<ConfigurableApplicationContext> listener(List<String> ended) {
		return (context) -> {
			context.addApplicationListener(ApplicationListener.forPayload((SseAnswerEndedEvent event) -> {
				Throwable cause = event.cause();
				ended.add(event.topic() + " " + event.outcome() + " " + ((cause != null) ? cause.getMessage() : null)
						+ " " + user());
			}));
		};
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsReadAppendCancelAndTell() {
		this.contextRunner.withPropertyValues("spring.threads.virtual.enabled=true").run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			List<Thread> threads = new CopyOnWriteArrayList<>();
			CompletableFuture<Thread> told = new CompletableFuture<>();
			context.getSourceApplicationContext()
				.addApplicationListener(ApplicationListener
					.forPayload((SseAnswerEndedEvent event) -> told.complete(Thread.currentThread())));
			assertThat(await(sse.publishAll("stream",
					Stream.of("a", "b").peek((element) -> threads.add(Thread.currentThread())))))
				.isEqualTo(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data).containsExactly("", "a", "b", "");
			CompletableFuture<Thread> cancelled = new CompletableFuture<>();
			CompletableFuture<Void> subscribed = new CompletableFuture<>();
			SsePublication never = sse.publishAll("never",
					Flux.never()
						.doOnCancel(() -> cancelled.complete(Thread.currentThread()))
						.doOnSubscribe((subscription) -> subscribed.complete(null)));
			subscribed.orTimeout(10, TimeUnit.SECONDS).join();
			sse.cancel("never");
			assertThat(await(never)).isEqualTo(State.CANCELLED);
			threads.add(cancelled.orTimeout(10, TimeUnit.SECONDS).join());
			threads.add(told.orTimeout(10, TimeUnit.SECONDS).join());
			assertThat(threads).hasSize(4).allMatch((thread) -> thread.toString().startsWith("VirtualThread"));
			assertThat(await(sse.publishAll("many", Flux.range(0, 5000).map((number) -> number + " "))))
				.isEqualTo(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data)
				.containsSubsequence(IntStream.range(0, 5000).mapToObj((number) -> number + " ").toList());
			sse.publishAll("last", Flux.never());
			context.getBean(AnswerEngine.class).stop(Duration.ZERO);
			assertThat(entries.get(entries.size() - 2).data()).isEqualTo("{\"kind\":\"interrupted\"}");
		});
	}

	private static List<LogEntry> failing(EventLog log, SseOperations sse) {
		List<LogEntry> entries = follow(log);
		assertThat(await(sse.publishAll("answer", Flux.error(new IllegalStateException("secret")))))
			.isEqualTo(State.FAILED);
		return entries;
	}

	@Test
	void limitsAreThoseThatAreConfigured() {
		this.contextRunner
			.withPropertyValues("sse.answers.max-events=2", "sse.answers.max-size=1KB", "sse.limits.event-size=100B")
			.run((context) -> {
				List<LogEntry> entries = follow(context.getBean(EventLog.class));
				SseOperations sse = context.getBean(SseOperations.class);
				assertThat(await(sse.publishAll("answer", List.of("a", "b", "c")))).isEqualTo(State.FAILED);
				assertThat(entries).extracting(LogEntry::data)
					.containsExactly("", "a", "b", "{\"kind\":\"too-large\"}", "")
					.doesNotContain("c");
			});
	}

	@ParameterizedTest
	@CsvSource({ "sse.answers.max-events,0,It must be 1 or more", "sse.answers.max-size,0B,It must be 1B or more",
			"sse.answers.keep,0s,It must be from 1ms to 365d", "sse.answers.abandon-after,99ms,It must be from 100ms",
			"sse.answers.abandon-after,-1s,It must be from 100ms",
			"sse.answers.failed-event,error,An EventSource fires 'error' itself",
			"sse.answers.failed-event,open,An EventSource fires 'open' itself",
			"sse.answers.failed-event,'',It must be a valid name of an event",
			"sse.limits.event-size,21B,It must be 22B or more",
			"sse.shutdown.timeout,-1s,It must be from 0ms to 365d" })
	void valuesThatCannotWorkAreExplained(String property, String value, String reason) {
		this.contextRunner.withPropertyValues(property + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure, property + "=" + value)
					.hasDescription("'" + property + "'", reason)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "a\nb", "a\rb", "a\0b" })
	void namesOfSeveralLinesAreRefused(String name) {
		this.contextRunner
			.withInitializer(
					(context) -> context.getEnvironment().getSystemProperties().put("sse.answers.failed-event", name))
			.run((context) -> {
				System.clearProperty("sse.answers.failed-event");
				assertThat(context).getFailure().rootCause().hasMessageContaining("must not have CR, LF or NUL");
			});
	}

	@Test
	void worksWithoutReactiveStreams() {
		this.contextRunner.withClassLoader(new FilteredClassLoader("org.reactivestreams", "reactor", "io.micrometer"))
			.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				assertThat(await(sse.publishAll("answer", List.of("a")))).isEqualTo(State.COMPLETED);
				assertThat(await(sse.publishAll("answer", Stream.of("a")))).isEqualTo(State.COMPLETED);
				try (SubmissionPublisher<String> publisher = new SubmissionPublisher<>()) {
					SsePublication publication = sse.publishAll("answer", publisher);
					publisher.close();
					assertThat(await(publication)).isEqualTo(State.COMPLETED);
				}
			});
	}

	@Test
	void nothingOfOthersIsNeeded() {
		this.contextRunner
			.withClassLoader(new FilteredClassLoader("org.springframework.security", "io.micrometer",
					"org.springframework.transaction"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(AnswerEngine.class)
				.doesNotHaveBean(CallerContext.class));
	}

	@Test
	void securityContextGoesAlongAndIsClearedAndOutlivesALogout() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			Authentication ada = new TestingAuthenticationToken("ada", "secret");
			SecurityContextHolder.getContext().setAuthentication(ada);
			CompletableFuture<Void> loggedOut = new CompletableFuture<>();
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			SsePublication stream = sse.publishAll("stream",
					Stream.generate(SseAnswersAutoConfigurationTests::user).limit(2).onClose(loggedOut::join));
			SsePublication flux = sse.publishAll("flux", Flux.defer(() -> {
				loggedOut.join();
				return Flux.just(user());
			}));
			Flow.Publisher<String> publisher = (subscriber) -> {
				loggedOut.join();
				Flux.just(user()).subscribe(FlowAdapters.toSubscriber(subscriber));
			};
			SsePublication flow = sse.publishAll("flow", publisher);
			// NOTE: as the logout does with the context of the session
			SecurityContextHolder.getContext().setAuthentication(null);
			SecurityContextHolder.clearContext();
			loggedOut.complete(null);
			assertThat(Stream.of(stream, flux, flow).map(SseAnswersAutoConfigurationTests::await))
				.containsOnly(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data)
				.filteredOn((data) -> !data.isEmpty())
				.hasSize(4)
				.containsOnly("ada");
			// the same threads, without a user
			assertThat(await(sse.publishAll("stream", Stream.of(1).map((element) -> user()))))
				.isEqualTo(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data).contains("nobody");
		});
	}

	private static String user() {
		Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
		return (authentication != null) ? authentication.getName() : "nobody";
	}

	@Test
	void propagatedContextGoesAlong() {
		ThreadLocal<String> trace = new ThreadLocal<>();
		ContextRegistry.getInstance().registerThreadLocalAccessor("test.trace", trace);
		try {
			this.contextRunner.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				List<LogEntry> entries = follow(context.getBean(EventLog.class));
				trace.set("trace-1");
				SsePublication stream = sse.publishAll("a", Stream.generate(() -> "" + trace.get()).limit(1));
				SsePublication flux = sse.publishAll("b",
						Flux.deferContextual((view) -> Flux.just("" + view.get("test.trace"))));
				trace.remove();
				assertThat(Stream.of(stream, flux).map(SseAnswersAutoConfigurationTests::await))
					.containsOnly(State.COMPLETED);
				assertThat(entries).extracting(LogEntry::data)
					.filteredOn((data) -> !data.isEmpty())
					.hasSize(2)
					.containsOnly("trace-1");
				assertThat(await(sse.publishAll("c", Stream.generate(() -> "" + trace.get()).limit(1))))
					.isEqualTo(State.COMPLETED);
				assertThat(entries).extracting(LogEntry::data).contains("null");
			});
		}
		finally {
			ContextRegistry.getInstance().removeThreadLocalAccessor("test.trace");
		}
	}

	@Test
	void beginsAfterTheCommit() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			AtomicReference<@Nullable SsePublication> publication = new AtomicReference<>();
			transaction().executeWithoutResult((status) -> {
				sse.publish("answer", "before");
				publication.set(sse.publishAll("answer", List.of("a")));
				assertThat(publication.get()).isNotNull().extracting(SsePublication::state).isEqualTo(State.WAITING);
				assertThat(entries).isEmpty();
			});
			assertThat(await(publication.get())).isEqualTo(State.COMPLETED);
			assertThat(entries).extracting(LogEntry::data).containsExactly("before", "", "a", "");
		});
	}

	@Test
	void rollbackCancelsIt() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			CompletableFuture<Void> closed = new CompletableFuture<>();
			AtomicReference<@Nullable SsePublication> publication = new AtomicReference<>();
			transaction().executeWithoutResult((status) -> {
				publication.set(sse.publishAll("answer", Stream.of("a").onClose(() -> closed.complete(null))));
				status.setRollbackOnly();
			});
			assertThat(await(publication.get())).isEqualTo(State.CANCELLED);
			closed.orTimeout(10, TimeUnit.SECONDS).join();
			assertThat(entries).isEmpty();
		});
	}

	@Test
	void cancelledBeforeTheCommitNeverBegins() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			List<LogEntry> entries = follow(context.getBean(EventLog.class));
			transaction().executeWithoutResult((status) -> {
				SsePublication publication = sse.publishAll("answer", List.of("a"));
				assertThat(publication.cancel()).isTrue();
				assertThat(await(publication)).isEqualTo(State.CANCELLED);
			});
			assertThat(entries).isEmpty();
		});
	}

	@Test
	void busyTopicAfterTheCommitIsToldToTheHandler() {
		AtomicReference<@Nullable RuntimeException> told = new AtomicReference<>();
		this.contextRunner.withBean(PublishFailureHandler.class, () -> (topic, event, failure) -> told.set(failure))
			.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				SsePublication first = sse.publishAll("answer", Flux.never());
				AtomicReference<@Nullable SsePublication> second = new AtomicReference<>();
				transaction().executeWithoutResult((status) -> second.set(sse.publishAll("answer", List.of("b"))));
				assertThat(await(second.get())).isEqualTo(State.FAILED);
				assertThat(told.get()).isInstanceOf(SourceBusyException.class).hasMessageContaining("'answer'");
				assertThat(first.state()).isEqualTo(State.RUNNING);
			});
	}

	@Test
	void abandonedWhereNobodyListensOnAnyNode() {
		this.contextRunner.withPropertyValues("sse.answers.abandon-after=100ms")
			.withBean(PresenceDirectory.class,
					() -> () -> List.of(new PresenceDirectory.Subscribers(List.of("heard"), null, 1)))
			.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				SsePublication heard = sse.publishAll("heard", Flux.never());
				assertThat(await(sse.publishAll("unheard", Flux.never()))).isEqualTo(State.CANCELLED);
				assertThat(heard.state()).isEqualTo(State.RUNNING);
			});
	}

	@Test
	void hasMeters() {
		new WebApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SseAutoConfiguration.class,
					SseAnswersAutoConfiguration.class, SseMetricsAutoConfiguration.class))
			.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				SseOperations sse = context.getBean(SseOperations.class);
				await(sse.publishAll("answer", List.of("a", "b")));
				SsePublication running = sse.publishAll("answer", Flux.never());
				assertThat(registry.get("sse.answers.running").gauge().value()).isOne();
				running.cancel();
				await(running);
				assertThat(registry.get("sse.answers.running").gauge().value()).isZero();
				assertThat(registry.get("sse.answers.pieces").functionCounter().count()).isEqualTo(2);
				assertThat(registry.get("sse.answers.duration").tag("outcome", "completed").functionTimer().count())
					.isOne();
				assertThat(registry.get("sse.answers.duration").tag("outcome", "cancelled").functionTimer().count())
					.isOne();
			});
	}

	@Test
	void refusesToBeginAfterAStop() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			SsePublication running = sse.publishAll("answer", Flux.never());
			context.getBean(AnswerEngine.class).stop(Duration.ZERO);
			assertThat(running.state()).isEqualTo(State.INTERRUPTED);
			assertThatIllegalStateException().isThrownBy(() -> sse.publishAll("answer", List.of()))
				.withMessageContaining("shutting down");
		});
	}

	@Test
	void methodsThatReturnASourceAreToldOfPublishAll() {
		this.contextRunner.withBean(FluxDesk.class)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("publishAll"));
		this.contextRunner.withBean(StreamDesk.class)
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("publishAll"));
		this.contextRunner.run((context) -> assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> context.getBean(SseOperations.class).publish("answer", Flux.just("a")))
			.withMessageContaining("SseOperations.publishAll(topic, source)"));
	}

	private static TransactionTemplate transaction() {
		return new TransactionTemplate(new AbstractPlatformTransactionManager() {

			@Override
			protected Object doGetTransaction() {
				return new Object();
			}

			@Override
			protected void doBegin(Object transaction, TransactionDefinition definition) {
			}

			@Override
			protected void doCommit(DefaultTransactionStatus status) {
			}

			@Override
			protected void doRollback(DefaultTransactionStatus status) {
			}

		});
	}

	private static List<LogEntry> follow(EventLog log) {
		List<LogEntry> result = new CopyOnWriteArrayList<>();
		log.follow(log.head(), (id, entry) -> result.add(entry));
		return result;
	}

	private static State await(@Nullable SsePublication publication) {
		if (publication == null) {
			throw new IllegalStateException("No publication");
		}
		return publication.completion().orTimeout(10, TimeUnit.SECONDS).join();
	}

	static class FluxDesk {

		@SsePublish(topic = "a")
		Flux<String> words() {
			return Flux.empty();
		}

	}

	static class StreamDesk {

		@SsePublish(topic = "a")
		Stream<String> words() {
			return Stream.empty();
		}

	}

}
