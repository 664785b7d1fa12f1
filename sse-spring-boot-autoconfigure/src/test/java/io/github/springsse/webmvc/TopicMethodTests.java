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

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonView;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.BeanUtils;
import org.springframework.core.annotation.AliasFor;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link TopicMethod}.
 */
class TopicMethodTests {

	@Test
	void isNullWithoutTheAnnotation() {
		assertThat(TopicMethod.of(method("plain"), (topic) -> topic, BeanUtils::instantiateClass)).isNull();
	}

	@Test
	void hasTheTopicsOfTheAnnotation() {
		assertThat(topicMethod("several").topics()).extracting(TopicTemplate::toString)
			.containsExactly("a", "b/{c}", "d/**");
	}

	@Test
	void findsTheAnnotationOnInterfacesAndOtherAnnotations() {
		assertThat(topicMethod(ReflectionUtils.findMethod(Implementation.class, "onInterface")).topics())
			.extracting(TopicTemplate::toString)
			.containsExactly("interface");
		assertThat(topicMethod("meta").topics()).extracting(TopicTemplate::toString).containsExactly("meta/x");
	}

	@Test
	void refusesWhatHasNoTopic() {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod("empty"))
			.satisfies((ex) -> {
				assertThat(ex.getAnnotation()).isEqualTo(SseTopic.class);
				assertThat(ex.getMethod()).isEqualTo(method("empty"));
				assertThat(ex.getFault()).isEqualTo("it has no topic");
				assertThat(ex.getAction()).isEqualTo("Name at least one");
				assertThat(ex).hasMessage("@SseTopic on " + method("empty") + ": it has no topic. Name at least one");
			});
	}

	@Test
	void refusesAStatusThatIsNoStream() {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod("created"))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).isEqualTo("it always answers with status 201 CREATED");
				assertThat(ex.getAction()).isEqualTo("Leave out @ResponseStatus");
			});
		assertThat(topicMethod("ok").topics()).hasSize(1);
	}

	@Test
	void hasTheViewWhereverItIsDeclared() {
		for (String name : List.of("view", "metaView")) {
			TopicMethod method = topicMethod(name);
			assertThat(method.view()).isEqualTo(Object.class);
			SsePayloadEncoder encoder = Object::toString;
			assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> method.checkView(encoder))
				.satisfies((ex) -> {
					assertThat(ex.getFault()).isEqualTo(
							"it has a @JsonView, and " + encoder.getClass().getName() + " does not support views");
					assertThat(ex.getAction()).startsWith("Leave out @JsonView, and return only data");
				});
		}
		assertThat(topicMethod("ok").view()).isNull();
	}

	@Test
	void refusesSeveralViews() {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod("views"))
			.satisfies((ex) -> assertThat(ex.getFault())
				.isEqualTo("@JsonView has 2 classes, but data is written with one view"));
	}

	@Test
	void refusesTopicsThatAreNotWellFormed() {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod("malformed"))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).isEqualTo("Invalid topic template 'b//{c}': empty segment at position 2");
				assertThat(ex.getAction()).isEqualTo("Correct the topic");
			});
	}

	@ParameterizedTest
	@CsvSource({ "shared, {tenant}-{room}", "adjacent, {a}{b}", "resolved, {c}x{d}" })
	void refusesTwoVariablesInOneSegment(String name, String segment) {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod(name))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).startsWith("the segment '" + segment + "' of topic '")
					.endsWith("' has two variables, so that part of one value may be taken for part of the other");
				assertThat(ex.getAction()).isEqualTo("Put a '/' between them");
			});
	}

	@Test
	void placeholdersAreResolvedBeforeVariables() {
		assertThat(topicMethod("placeholder").topics()).extracting(TopicTemplate::toString)
			.containsExactly("c/{c}/d/#{d}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "unknown", "left", "nothing" })
	void refusesPlaceholdersThatAreNotResolved(String name) {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod(name))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).isEqualTo("a placeholder of topic '${" + name + "}/{c}' cannot be resolved");
				assertThat(ex.getAction())
					.isEqualTo("Set the property, or give the placeholder a default, as in ${name:default}");
			});
	}

	private static @Nullable String resolve(String topic) {
		if (topic.startsWith("${unknown}")) {
			throw new IllegalArgumentException("No such property");
		}
		return topic.startsWith("${nothing}") ? null : topic.replace("${c}", "c/{c}");
	}

	@ParameterizedTest
	@MethodSource
	void refusesMethodsThatReturnNoSnapshot(Method method) {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod(method))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).startsWith(method.getReturnType().getName() + " cannot be a snapshot: it");
				assertThat(ex.getAction()).startsWith("Return ")
					.contains(", or nothing. For topics known only at run time")
					.contains("return SseEmitterRegistry.subscribe(...)");
			});
	}

	static Stream<Method> refusesMethodsThatReturnNoSnapshot() {
		return Arrays.stream(NoSnapshots.class.getDeclaredMethods()).filter((method) -> !method.isSynthetic());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			value = { "/x/{c}", "/x/{c:[a-z]+}", "/{c}/{other}/**", "/x-{c}.json", "/{a:\\d{3}}/{c}" })
	void findsVariablesInPaths(String path) {
		assertThatNoException().isThrownBy(() -> topicMethod("several").checkVariables(path));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "/", "/x", "/{C}", "/{cc}/x", "/{c.d}" })
	void refusesVariablesThatAreNotInThePath(String path) {
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> topicMethod("several").checkVariables(path))
			.satisfies((ex) -> {
				assertThat(ex.getFault())
					.isEqualTo("the variable 'c' of topic 'b/{c}' is not in the path '" + path + "'");
				assertThat(ex.getAction()).isEqualTo(
						"Use a variable of the path, a @RequestParam or @RequestHeader of the method, {user} for "
								+ "the name of the authenticated user, or a property as in {#principal.tenant}");
			});
	}

	@Test
	void refusesVariablesThatAreSeveralSegments() {
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> topicMethod("several").checkVariables("/x/{*c}"))
			.satisfies((ex) -> {
				assertThat(ex.getFault())
					.isEqualTo("the variable 'c' of topic 'b/{c}' stands for several segments in the path '/x/{*c}'");
				assertThat(ex.getAction()).isEqualTo("Use a variable that is one segment of the path");
			});
	}

	@Test
	void userIsTheAuthenticatedOneAndNothingElse() {
		assertThatNoException().isThrownBy(() -> topicMethod("user").checkVariables("/inbox"));
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> topicMethod("user").checkVariables("/users/{user}/inbox"))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).isEqualTo("the variable 'user' of topic 'inbox/{user}' is the authenticated "
						+ "user, but also a variable of the path '/users/{user}/inbox'");
				assertThat(ex.getAction()).isEqualTo("Rename the variable of the path");
			});
	}

	private static TopicMethod topicMethod(String name) {
		return topicMethod(method(name));
	}

	private static TopicMethod topicMethod(Method method) {
		TopicMethod result = TopicMethod.of(method, TopicMethodTests::resolve, BeanUtils::instantiateClass);
		assertThat(result).isNotNull();
		return result;
	}

	private static Method method(String name) {
		Method result = ReflectionUtils.findMethod(Methods.class, name);
		assertThat(result).isNotNull();
		return result;
	}

	static class Methods {

		void plain() {
		}

		@SseTopic({ "a", "b/{c}", "d/**" })
		void several() {
		}

		@SseTopic({})
		void empty() {
		}

		@SseTopic({ "a", "b//{c}" })
		void malformed() {
		}

		@SseTopic("a")
		@ResponseStatus(HttpStatus.CREATED)
		void created() {
		}

		@SseTopic("a")
		@ResponseStatus(HttpStatus.OK)
		void ok() {
		}

		@SseTopic("a")
		@JsonView(Object.class)
		void view() {
		}

		@SseTopic("a")
		@JsonView({ Object.class, String.class })
		void views() {
		}

		@SseTopic("a")
		@MetaView
		void metaView() {
		}

		@SseTopic("${c}/d/#{d}")
		void placeholder() {
		}

		@SseTopic({ "a/{b}", "chat/{tenant}-{room}/x" })
		void shared() {
		}

		@SseTopic("{a}{b}")
		void adjacent() {
		}

		@SseTopic("a/${c}x{d}")
		void resolved() {
		}

		@SseTopic("${unknown}/{c}")
		void unknown() {
		}

		@SseTopic("${left}/{c}")
		void left() {
		}

		@SseTopic("${nothing}/{c}")
		void nothing() {
		}

		@SseTopic("inbox/{user}")
		void user() {
		}

		@Meta("meta/x")
		void meta() {
		}

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@SseTopic({})
	@interface Meta {

		@AliasFor(annotation = SseTopic.class, attribute = "value")
		String[] value();

	}

	@Retention(RetentionPolicy.RUNTIME)
	@Target(ElementType.METHOD)
	@JsonView(Object.class)
	@interface MetaView {

	}

	interface Interface {

		@SseTopic("interface")
		void onInterface();

	}

	static class Implementation implements Interface {

		@Override
		public void onInterface() {
		}

	}

	abstract static class NoSnapshots {

		@SseTopic("a")
		abstract SseEmitter emitter();

		@SseTopic("a")
		abstract SseStream stream();

		@SseTopic("a")
		abstract ResponseEntity<String> entity();

		@SseTopic("a")
		abstract Callable<String> callable();

		@SseTopic("a")
		abstract CompletableFuture<String> future();

		@SseTopic("a")
		abstract DeferredResult<String> deferred();

		@SseTopic("a")
		abstract ModelAndView modelAndView();

	}

}
