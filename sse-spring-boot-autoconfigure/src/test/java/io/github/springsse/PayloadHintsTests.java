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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.annotation.ReflectiveRuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.core.annotation.AliasFor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a native image can write the results of methods with {@link SsePublish} and
 * {@link SseTopic}.
 */
class PayloadHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	@ParameterizedTest
	@ValueSource(classes = { Published.class, Later.class, Maybe.class, Snapshot.class, Element.class, Supplied.class,
			Value.class, Nested.class, Inherited.class, Meta.class })
	void dataIsRegisteredForBinding(Class<?> type) {
		register();
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(type, "content")).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(this.hints);
	}

	@Test
	void argumentsWhosePropertiesTopicsHaveAreRegistered() {
		register();
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Argument.class, "content"))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Unused.class)).rejects(this.hints);
	}

	@Test
	void nothingElseIsRegistered() {
		register();
		assertThat(RuntimeHintsPredicates.reflection().onType(Other.class)).rejects(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(SseEvent.class)).rejects(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onType(Supplier.class)).rejects(this.hints);
	}

	private void register() {
		new ReflectiveRuntimeHintsRegistrar().registerRuntimeHints(this.hints, Bean.class);
	}

	record Published(Nested content) {

	}

	record Nested(String content) {

	}

	record Later(String content) {

	}

	record Maybe(String content) {

	}

	record Snapshot(String content) {

	}

	record Element(String content) {

	}

	record Supplied(String content) {

	}

	record Value(String content) {

	}

	record Inherited(String content) {

	}

	record Meta(String content) {

	}

	record Argument(String content) {

	}

	record Unused(String content) {

	}

	record Other(String content) {

	}

	interface Contract {

		@SsePublish("a")
		default Inherited inherited() {
			return new Inherited("");
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@SsePublish
	@interface Publishing {

		@AliasFor(annotation = SsePublish.class, attribute = "topic")
		String value();

	}

	abstract static class Bean implements Contract {

		@SsePublish("a/{argument.content}")
		abstract Published published(Argument argument, Unused unused);

		@SsePublish("a")
		abstract CompletableFuture<List<Later>> later();

		@SsePublish("a")
		abstract CompletableFuture<Optional<Maybe>> maybe();

		@SsePublish("a")
		abstract SseEvent event();

		@SsePublish("a")
		abstract <T extends Comparable<T>> T recursive();

		@Publishing("a")
		abstract Meta meta();

		@SseTopic("a")
		abstract Snapshot snapshot();

		@SseTopic("a")
		abstract List<Element> list();

		@SseTopic("a")
		abstract Supplier<List<Supplied>> supplied();

		@SseTopic("a")
		abstract Map<String, Value> map();

		@SseTopic("a")
		abstract void nothing();

		abstract Other other();

	}

}
