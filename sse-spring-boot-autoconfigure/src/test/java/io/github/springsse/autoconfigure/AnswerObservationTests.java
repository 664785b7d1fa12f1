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

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.springsse.SourceBusyException;
import io.github.springsse.SseAnswerEndedEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublication;
import io.github.springsse.SsePublication.State;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The observation of the source of a streamed answer.
 */
class AnswerObservationTests {

	private final Recorder recorder = new Recorder();

	private final ObservationRegistry registry = ObservationRegistry.create();

	private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SseAutoConfiguration.class, SseAnswersAutoConfiguration.class))
		.withBean(ObservationRegistry.class, () -> this.registry);

	AnswerObservationTests() {
		this.registry.observationConfig().observationHandler(this.recorder);
	}

	@Test
	void theSourceAndTheListenersOfItsEndRunInAChildOfTheCallersObservation() {
		CompletableFuture<@Nullable Observation> ofListener = new CompletableFuture<>();
		this.contextRunner
			.withBean("listener", ApplicationListener.class,
					() -> ApplicationListener.forPayload(
							(SseAnswerEndedEvent event) -> ofListener.complete(this.registry.getCurrentObservation())))
			.run((context) -> {
				SseOperations sse = context.getBean(SseOperations.class);
				List<@Nullable Observation> ofSource = new CopyOnWriteArrayList<>();
				Observation request = Observation.createNotStarted("request", this.registry);
				SsePublication stream = request.observe(() -> sse.publishAll("a", Stream.generate(() -> {
					ofSource.add(this.registry.getCurrentObservation());
					return "piece";
				}).limit(1)));
				assertThat(await(stream)).isEqualTo(State.COMPLETED);
				Observation.Context answer = this.recorder.stopped("sse.answer");
				assertThat(ofSource).singleElement().extracting(Observation::getContext).isSameAs(answer);
				assertThat(ofListener.get(10, TimeUnit.SECONDS)).extracting(Observation::getContext).isSameAs(answer);
				assertThat(this.recorder.parents).containsExactly("none", "request");
				assertThat(answer.getLowCardinalityKeyValues()).containsExactly(KeyValue.of("outcome", "completed"));
				assertThat(answer.getHighCardinalityKeyValues()).containsExactly(KeyValue.of("topic", "a"));
				assertThat(answer.getError()).isNull();
			});
	}

	@Test
	void aFailureIsTheErrorOfTheObservation() {
		this.contextRunner.run((context) -> {
			IllegalStateException failure = new IllegalStateException("no model");
			SsePublication publication = context.getBean(SseOperations.class).publishAll("a", Flux.error(failure));
			assertThat(await(publication)).isEqualTo(State.FAILED);
			Observation.Context answer = this.recorder.stopped("sse.answer");
			assertThat(answer.getError()).isSameAs(failure);
			assertThat(answer.getLowCardinalityKeyValue("outcome")).isEqualTo(KeyValue.of("outcome", "failed"));
		});
	}

	@Test
	void whatTheCallersObservationRefersToIsReleasedWhileTheSourceRuns() {
		this.contextRunner.run((context) -> {
			Sinks.Many<String> sink = Sinks.many().unicast().onBackpressureBuffer();
			SseOperations sse = context.getBean(SseOperations.class);
			WeakReference<Observation.Context> request = publishInARequest(sse, sink.asFlux());
			Awaitility.await().untilAsserted(() -> {
				System.gc();
				assertThat(request.get()).isNull();
			});
			sse.cancel("a");
		});
	}

	private WeakReference<Observation.Context> publishInARequest(SseOperations sse, Flux<String> source) {
		Observation.Context context = new Observation.Context();
		Observation.createNotStarted("request", () -> context, this.registry)
			.observe(() -> sse.publishAll("a", source));
		this.recorder.stopped("request");
		return new WeakReference<>(context);
	}

	@ParameterizedTest
	@ValueSource(strings = { "start", "error", "scope" })
	void aHandlerThatFailsLeavesNoneRunning(String failing) {
		this.registry.observationConfig().observationHandler(new ObservationHandler<Observation.Context>() {

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}

			@Override
			public void onStart(Observation.Context context) {
				failAt("start");
			}

			@Override
			public void onError(Observation.Context context) {
				failAt("error");
			}

			@Override
			public void onScopeClosed(Observation.Context context) {
				failAt("scope");
			}

			private void failAt(String event) {
				if (event.equals(failing)) {
					throw new IllegalStateException("no tracer");
				}
			}

		});
		this.contextRunner.run((context) -> {
			SsePublication publication = context.getBean(SseOperations.class)
				.publishAll("a", Flux.error(new IllegalStateException("no model")));
			assertThat(await(publication)).isEqualTo(State.FAILED);
			assertThat(this.recorder.stopped("sse.answer").getError()).hasMessageStartingWith("no ");
		});
		this.registry.setCurrentObservationScope(null);
	}

	@Test
	void aRefusedSourceHasNone() {
		this.contextRunner.run((context) -> {
			SseOperations sse = context.getBean(SseOperations.class);
			SsePublication publication = sse.publishAll("a", Flux.never());
			assertThatExceptionOfType(SourceBusyException.class).isThrownBy(() -> sse.publishAll("a", Flux.never()));
			publication.cancel();
			assertThat(await(publication)).isEqualTo(State.CANCELLED);
			assertThat(this.recorder.stopped("sse.answer").getLowCardinalityKeyValue("outcome"))
				.isEqualTo(KeyValue.of("outcome", "cancelled"));
			assertThat(this.recorder.parents).containsExactly("none");
		});
	}

	@Test
	void thatOfTheCallerIsPropagatedIfAPredicateLeavesItOut() {
		this.registry.observationConfig().observationPredicate((name, context) -> !name.equals("sse.answer"));
		this.contextRunner.run((context) -> {
			CompletableFuture<@Nullable Observation> ofSource = new CompletableFuture<>();
			Observation request = Observation.createNotStarted("request", this.registry);
			request.observe(() -> context.getBean(SseOperations.class).publishAll("a", Flux.defer(() -> {
				ofSource.complete(this.registry.getCurrentObservation());
				return Flux.empty();
			})));
			assertThat(ofSource.get(10, TimeUnit.SECONDS)).isSameAs(request);
		});
	}

	private static State await(SsePublication publication) {
		return publication.completion().orTimeout(10, TimeUnit.SECONDS).join();
	}

	/**
	 * Records what is observed.
	 */
	private static final class Recorder implements ObservationHandler<Observation.Context> {

		/** The name of the parent of each observation. */
		private final List<String> parents = new CopyOnWriteArrayList<>();

		private final List<Observation.Context> stopped = new CopyOnWriteArrayList<>();

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

		@Override
		public void onStart(Observation.Context context) {
			ObservationView parent = context.getParentObservation();
			this.parents.add((parent != null) ? parent.getContextView().getName() : "none");
		}

		@Override
		public void onStop(Observation.Context context) {
			this.stopped.add(context);
		}

		/** Return the context of the only observation of a name, and forget it. */
		private Observation.Context stopped(String name) {
			Observation.Context result = Awaitility.await()
				.until(() -> this.stopped.stream().filter((context) -> name.equals(context.getName())).toList(),
						(found) -> !found.isEmpty())
				.get(0);
			this.stopped.clear();
			return result;
		}

	}

}
