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

package io.github.springsse.publish;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseEvent;
import io.github.springsse.SsePublish;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.PayloadApplicationEvent;
import org.springframework.context.event.EventListener;
import org.springframework.transaction.event.TransactionalEventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link SsePublish} on event listeners, whose results Spring publishes too.
 */
class SsePublishListenerTests {

	@ParameterizedTest
	@MethodSource
	void refusesListenersThatHearWhatTheyReturn(Method method) {
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> PublishMethod.of(method, (topic) -> topic))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).startsWith("Spring publishes the result of an event listener, ")
					.endsWith(method.getName().matches("any|unknown")
							? ", which this listener may receive itself, in an endless loop"
							: ", which this listener receives itself, in an endless loop");
				assertThat(ex.getAction()).isEqualTo(
						"Make it a void method that publishes with SseOperations, or return a type that it does not "
								+ "listen to");
			});
	}

	static Stream<Method> refusesListenersThatHearWhatTheyReturn() {
		return methods(Loops.class);
	}

	@ParameterizedTest
	@MethodSource
	void takesListenersThatDoNot(Method method) {
		assertThatNoException().isThrownBy(() -> PublishMethod.of(method, (topic) -> topic));
	}

	static Stream<Method> takesListenersThatDoNot() {
		return methods(Listeners.class);
	}

	private static Stream<Method> methods(Class<?> type) {
		return Arrays.stream(type.getDeclaredMethods()).filter((method) -> !method.isSynthetic());
	}

	interface Event {

	}

	record OrderEvent(String id) implements Event {

	}

	record Generic<T>(T value) {

	}

	abstract static class Loops {

		@EventListener
		@SsePublish("a")
		abstract OrderEvent same(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract OrderEvent narrower(Event event);

		@EventListener
		@SsePublish("a")
		abstract Object any(OrderEvent event);

		@EventListener({ String.class, OrderEvent.class })
		@SsePublish("a")
		abstract OrderEvent declared();

		@TransactionalEventListener
		@SsePublish("a")
		abstract OrderEvent meta(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract CompletableFuture<OrderEvent> later(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract Collection<? extends OrderEvent> several(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract OrderEvent[] array(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract OrderEvent payload(PayloadApplicationEvent<OrderEvent> event);

		@EventListener
		@SsePublish("a")
		abstract String everything(Object event);

		@EventListener
		@SsePublish("a")
		abstract Generic<String> generic(Generic<String> event);

		@EventListener
		@SsePublish("a")
		abstract List<?> unknown(OrderEvent event);

	}

	abstract static class Listeners {

		@EventListener
		@SsePublish("a")
		abstract String other(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract SseEvent event(OrderEvent event);

		@EventListener
		@SsePublish("a")
		abstract Generic<Integer> generic(Generic<String> event);

		@EventListener(String.class)
		@SsePublish("a")
		abstract OrderEvent declared();

		@EventListener
		@SsePublish("a")
		abstract List<String> several(OrderEvent event);

		@SsePublish("a")
		abstract OrderEvent noListener(OrderEvent event);

	}

}
