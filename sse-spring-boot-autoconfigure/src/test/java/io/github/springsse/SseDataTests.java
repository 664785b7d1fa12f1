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

package io.github.springsse;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.springsse.SseData.Place;
import kotlin.jvm.functions.Function0;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.ResolvableType;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.PageImpl;
import org.springframework.data.domain.SliceImpl;
import org.springframework.data.util.Streamable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.View;
import org.springframework.web.servlet.function.ServerResponse;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.tuple;
import static org.mockito.BDDMockito.then;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link SseData}.
 */
class SseDataTests {

	static final List<Object> data = List.of("text", 1, true, Map.of("a", 1), List.of(), List.of(1, "x"),
			Collections.singletonList(null), new int[] { 1 }, new String[] { "x" }, new byte[] { 1 }, Path.of("a/b"),
			List.of(Optional.empty()), new Plain("x"), List.of(ProblemDetail.forStatus(400)));

	static final List<Object> noData = List.of(CompletableFuture.completedFuture(1), new FutureTask<>(() -> 1),
			new DeferredResult<>(), (Callable<Integer>) () -> 1, Mono.just(1), Flux.just(1),
			new SubmissionPublisher<>(), (org.reactivestreams.Publisher<Integer>) (subscriber) -> {
			}, (Supplier<Integer>) () -> 1, (Function0<Integer>) () -> 1, Stream.of(1), IntStream.of(1),
			List.of(1).iterator(), new SseEmitter(), ResponseEntity.ok(1), new ModelAndView("x"),
			(StreamingResponseBody) (output) -> {
			}, new ResponseStatusException(HttpStatus.BAD_REQUEST), new ByteArrayResource(new byte[0]),
			new ByteArrayInputStream(new byte[0]), SseEmitter.event().data(1), ServerSentEvent.builder(1).build(),
			SseEvent.of(1));

	@ParameterizedTest
	@FieldSource
	void data(Object value) {
		for (Place place : Place.values()) {
			assertThatNoException().isThrownBy(() -> SseData.check(value, place));
		}
		assertThat(SseData.snapshot(value, SsePayloadHints.NONE)).singleElement().satisfies((event) -> {
			assertThat(event.getName()).isEqualTo("snapshot");
			assertThat(event.getData()).isSameAs(value);
		});
	}

	@ParameterizedTest
	@FieldSource
	void noData(Object value) {
		for (Place place : Place.values()) {
			refuses(value, place);
			refuses(List.of(1, value), place);
			refuses(new Object[] { 1, value }, place);
			refuses(Map.of("key", value), place);
		}
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> SseData.snapshot(SseEvent.of("name", value), SsePayloadHints.NONE));
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> SseData.published(SseEvent.of("name", value), "", SsePayloadHints.NONE));
	}

	@Test
	void sourcesThatTheReturnTypeDoesNotTellAreToBeDeclared() {
		assertThatExceptionOfType(InvalidSseDataException.class)
			.isThrownBy(() -> SseData.check(Flux.just(1), Place.SNAPSHOT))
			.satisfies((ex) -> assertThat(ex.getAction()).startsWith("Return it from a method that declares it"));
	}

	private static void refuses(Object value, Place place) {
		assertThatExceptionOfType(InvalidSseDataException.class).isThrownBy(() -> SseData.check(value, place))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).contains(" cannot be ", value.getClass().getTypeName());
				assertThat(ex.getAction()).doesNotContain("%");
				assertThat(ex).hasMessage(ex.getFault() + ". " + ex.getAction());
			});
	}

	@ParameterizedTest
	@EnumSource
	void refusesOptionals(Place place) {
		refuses(Optional.of(1), place);
		refuses(OptionalLong.of(1), place);
	}

	@Test
	void takesAProblemThatIsNoAnswer() {
		ProblemDetail problem = ProblemDetail.forStatus(400);
		assertThatNoException().isThrownBy(() -> SseData.check(problem, Place.PUBLISH));
		refuses(problem, Place.SNAPSHOT);
	}

	@ParameterizedTest
	@FieldSource
	void suppliersThatAreIterable(Object value) {
		for (Place place : Place.values()) {
			assertThatNoException().isThrownBy(() -> SseData.check(value, place));
			assertThatNoException().isThrownBy(
					() -> SseData.checkDeclared(ResolvableType.forClassWithGenerics(Page.class, Plain.class), place));
		}
		assertThat(SseData.snapshot(value, SsePayloadHints.NONE)).singleElement()
			.extracting(SseEvent::getData)
			.isSameAs(value);
		assertThat(SseData.snapshot((Supplier<?>) () -> value, SsePayloadHints.NONE)).singleElement()
			.extracting(SseEvent::getData)
			.isSameAs(value);
	}

	static final List<Object> suppliersThatAreIterable = List.of(new PageImpl<>(List.of(new Plain("x"))),
			new SliceImpl<>(List.of(1)), Streamable.of(1, 2).map((value) -> value));

	@Test
	void pagesAreWrittenWhole() {
		ResolvableType page = ResolvableType.forClassWithGenerics(Page.class, Plain.class);
		for (Place place : Place.values()) {
			assertThat(SseData.writtenType(page, place)).hasToString(page.toString());
		}
		assertThat(SseData.unwrap(ResolvableType.forClassWithGenerics(Supplier.class, page), Place.SNAPSHOT))
			.hasToString(page.toString());
	}

	@ParameterizedTest
	@EnumSource
	void refusesIterablesThatAreReadOnce(Place place) {
		Stream<Integer> stream = Stream.of(1, 2);
		Iterable<Integer> once = stream::iterator;
		refuses(once, place);
		refuses(List.of(once), place);
		assertThatNoException().as("not read").isThrownBy(stream::iterator);
	}

	@Test
	void readsIterablesThatAreReadOnceForASnapshot() {
		Iterable<Integer> once = Stream.of(1, 2)::iterator;
		assertThat(SseData.snapshot(once, SsePayloadHints.NONE)).singleElement()
			.extracting(SseEvent::getData)
			.isEqualTo(List.of(1, 2));
		Iterable<SseEvent> events = Stream.of(SseEvent.of("a", 1), SseEvent.of("b", 2))::iterator;
		assertThat(SseData.snapshot(events, SsePayloadHints.NONE)).extracting(SseEvent::getName)
			.containsExactly("a", "b");
	}

	@Test
	void takesValuesOutOfWhatIsReturned() {
		assertThat(SseData.snapshot(null, SsePayloadHints.NONE)).isEmpty();
		assertThat(SseData.snapshot((Supplier<?>) Optional::empty, SsePayloadHints.NONE)).isEmpty();
		assertThat(SseData.snapshot(OptionalLong.empty(), SsePayloadHints.NONE)).isEmpty();
		assertThat(SseData.isSnapshotPossible(OptionalLong.empty())).isFalse();
		assertThat(SseData.snapshot(OptionalLong.of(2), SsePayloadHints.NONE)).extracting(SseEvent::getData)
			.containsExactly(2L);
		assertThat(SseData.snapshot(IntStream.of(1, 2), SsePayloadHints.NONE)).extracting(SseEvent::getData)
			.containsExactly(List.of(1, 2));
		assertThat(SseData.published(Optional.empty(), "x", SsePayloadHints.NONE)).isNull();
		assertThat(SseData.published(OptionalLong.of(2), "x", SsePayloadHints.NONE))
			.extracting(SseEvent::getName, SseEvent::getData)
			.containsExactly("x", 2L);
	}

	@Test
	void closesStreams() {
		Runnable close = mock();
		SseData.snapshot(Stream.of(1).onClose(close), SsePayloadHints.NONE);
		then(close).should().run();
	}

	@Test
	void takesNameAndDataOfTheEventsOfSpring() {
		assertThat(SseData.snapshot(Arrays.asList(SseEmitter.event().name("a").data("b\nc\ndata:d"),
				ServerSentEvent.builder("e").event("f").build()), SsePayloadHints.NONE))
			.extracting(SseEvent::getName, SseEvent::getData)
			.containsExactly(tuple("a", "b\nc\ndata:d"), tuple("f", "e"));
		for (Object event : List.of(SseEmitter.event(), SseEmitter.event().name("x"), SseEmitter.event().comment("x"),
				SseEmitter.event().id("1").data(1), SseEmitter.event().data(1).reconnectTime(1),
				SseEmitter.event().data(1).data(2), ServerSentEvent.builder().build(),
				ServerSentEvent.builder(1).id("1").build(), ServerSentEvent.builder(1).comment("x").build())) {
			assertThatExceptionOfType(InvalidSseDataException.class)
				.isThrownBy(() -> SseData.snapshot(event, SsePayloadHints.NONE))
				.satisfies((ex) -> assertThat(ex.getAction()).isEqualTo("Return SseEvent.of(name, data)"));
		}
	}

	@ParameterizedTest
	@MethodSource
	void declaredTypes(ResolvableType type, boolean result, boolean snapshot) {
		assertThat(isTaken(type, Place.RESULT)).as("result").isEqualTo(result);
		assertThat(isTaken(type, Place.SNAPSHOT)).as("snapshot").isEqualTo(snapshot);
	}

	static Stream<Object[]> declaredTypes() throws Exception {
		return Arrays.stream(Declared.class.getDeclaredMethods()).map((method) -> {
			String name = method.getName();
			return new Object[] { ResolvableType.forMethodReturnType(method), name.contains("Result"),
					name.contains("Snapshot") };
		});
	}

	private static boolean isTaken(ResolvableType type, Place place) {
		try {
			SseData.checkDeclared(type, place);
			return true;
		}
		catch (InvalidSseDataException ex) {
			assertThat(ex.getAction()).startsWith((type.toClass() == ProblemDetail.class) ? "Throw" : "Return ");
			return false;
		}
	}

	record Plain(String name) {

	}

	abstract static class Declared {

		abstract Object objectResultSnapshot();

		abstract int intResultSnapshot();

		abstract List<?> listResultSnapshot();

		abstract Map<String, List<Plain>> mapResultSnapshot();

		abstract Plain[] arrayResultSnapshot();

		abstract Path pathResultSnapshot();

		abstract Optional<List<Plain>> optionalResultSnapshot();

		abstract OptionalLong optionalLongResultSnapshot();

		abstract SseEvent eventResultSnapshot();

		abstract CompletionStage<Optional<SseEvent>> stageResult();

		abstract CompletableFuture<Plain> futureResult();

		abstract ProblemDetail problemResult();

		abstract Supplier<Optional<SseEvent>> supplierSnapshot();

		abstract List<SseEvent> eventsSnapshot();

		abstract SseEvent[] eventArraySnapshot();

		abstract Stream<SseEvent> eventStreamSnapshot();

		abstract Stream<Plain> streamSnapshot();

		abstract IntStream intStreamSnapshot();

		abstract ServerSentEvent<Plain> springSnapshot();

		abstract List<SseEmitter.SseEventBuilder> springListSnapshot();

		abstract Map<String, SseEvent> eventMap();

		abstract Future<Plain> onlyFuture();

		abstract Mono<Plain> mono();

		abstract Flow.Publisher<Plain> flow();

		abstract Callable<Plain> callable();

		abstract DeferredResult<Plain> deferred();

		abstract Supplier<Mono<Plain>> supplierOfMono();

		abstract CompletionStage<Mono<Plain>> stageOfMono();

		abstract List<Flux<Plain>> listOfFlux();

		abstract Supplier<Supplier<Plain>> supplierOfSupplier();

		abstract Function0<Plain> kotlin();

		abstract kotlin.sequences.Sequence<Plain> sequence();

		abstract SseEmitter emitter();

		abstract SseStream stream();

		abstract ResponseEntity<Plain> entity();

		abstract ModelAndView modelAndView();

		abstract View view();

		abstract ServerResponse response();

		abstract ByteArrayResource resource();

	}

}
