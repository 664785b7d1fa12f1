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
import java.security.Principal;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.SseTopic.From;
import io.github.springsse.SseTopic.Sharing;
import io.github.springsse.TopicPattern;
import jakarta.annotation.security.RolesAllowed;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.beans.BeanUtils;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.context.support.StaticApplicationContext;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.access.annotation.Secured;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.util.ReflectionUtils;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.MatrixVariable;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.context.annotation.SessionScope;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link SharedMethod}.
 */
class SharedMethodTests {

	private static final SsePayloadEncoder ENCODER = Object::toString;

	@AfterEach
	void resetLocale() {
		LocaleContextHolder.resetLocaleContext();
	}

	@Test
	void snapshotsAreNotSharedUnlessAskedFor() {
		assertThat(topicMethod(method(Accepted.class, "notShared")).shared()).isNull();
	}

	@ParameterizedTest
	@MethodSource
	void acceptsWhatDependsOnVariablesOnly(Method method) {
		SharedMethod shared = shared(method);
		shared.check(new HandlerMethod(new Accepted(), method), get());
	}

	static Stream<Method> acceptsWhatDependsOnVariablesOnly() {
		return Arrays.stream(Accepted.class.getDeclaredMethods())
			.filter((method) -> !method.isSynthetic() && !method.getName().equals("notShared"));
	}

	@ParameterizedTest
	@MethodSource
	void refusesWhatMayDependOnTheUser(Method method) {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod(method))
			.satisfies((ex) -> {
				assertThat(ex.getMethod()).isEqualTo(method);
				assertThat(ex.getFault()).startsWith("its snapshots cannot be shared (snapshot = SHARED): ");
				assertThat(ex.getAction()).contains("eave out snapshot = SHARED");
			});
	}

	static Stream<Method> refusesWhatMayDependOnTheUser() {
		return Arrays.stream(Refused.class.getDeclaredMethods()).filter((method) -> !method.isSynthetic());
	}

	@ParameterizedTest
	@ValueSource(classes = { SecuredClass.class, WithModel.class, OfSession.class, OfSecuredType.class })
	void refusesClasses(Class<?> type) {
		Method method = method(type, "feed");
		SharedMethod shared = shared(method);
		assertThatExceptionOfType(InvalidSseMethodException.class)
			.isThrownBy(() -> shared.check(new HandlerMethod(BeanUtils.instantiateClass(type), method), get()))
			.satisfies((ex) -> assertThat(ex.getFault()).contains(": its class has "));
	}

	@Test
	void refusesOtherHttpMethods() {
		Method method = method(Accepted.class, "plain");
		HandlerMethod handler = new HandlerMethod(new Accepted(), method);
		SharedMethod shared = shared(method);
		assertFault(() -> shared.check(handler, RequestMappingInfo.paths("/").build()),
				"it is mapped to all HTTP methods");
		assertFault(() -> shared.check(handler, RequestMappingInfo.paths("/").methods(RequestMethod.POST).build()),
				"it is mapped to [POST]");
		TopicMethods methods = new TopicMethods();
		assertFault(() -> methods.check(Map.of(RequestMappingInfo.paths("/").build(), handler), ENCODER, List.of()),
				"it is mapped to all HTTP methods");
	}

	private static void assertFault(ThrowingCallable call, String fault) {
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.getFault()).endsWith(fault));
	}

	@Test
	void ageIsAText() {
		assertThat(shared(method(Accepted.class, "plain")).maxAge()).isZero();
		assertThat(shared(method(Accepted.class, "aged")).maxAge()).isEqualTo(Duration.ofMillis(500));
		assertThat(shared(method(Accepted.class, "agedByProperty")).maxAge()).isEqualTo(Duration.ofSeconds(2));
	}

	@ParameterizedTest
	@CsvSource({ "negative, it is negative", "malformed, ''", "unknown, No such property",
			"alone, snapshotMaxAge is for shared snapshots" })
	void refusesWrongAges(String name, String fault) {
		Method method = method(WrongAges.class, name);
		assertThatExceptionOfType(InvalidSseMethodException.class).isThrownBy(() -> topicMethod(method))
			.satisfies((ex) -> {
				assertThat(ex.getFault()).startsWith("snapshotMaxAge is ").contains(fault);
				assertThat(ex).hasMessageContaining(name);
			});
	}

	@Test
	void keyHasTheValuesOfTheArguments() {
		Method method = method(Accepted.class, "both");
		MockHttpServletRequest request = request();
		request.addParameter("page", "1");
		Object key = key(method, request);
		assertThat(key(method, request)).isEqualTo(key).hasSameHashCodeAs(key);
		request.addParameter("other", "x");
		assertThat(key(method, request)).as("not an argument").isEqualTo(key);
		request.addPreferredLocale(Locale.FRENCH);
		LocaleContextHolder.setLocale(Locale.FRENCH);
		assertThat(key(method, request)).as("numbers are the same").isEqualTo(key);
		request.addParameter("page", "2");
		assertThat(key(method, request)).as("all values").isNotEqualTo(key);
		request.removeParameter("page");
		assertThat(key(method, request)).isNotEqualTo(key);
		MockHttpServletRequest other = request();
		other.addParameter("page", "1");
		other.setAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of("name", "b"));
		assertThat(key(method, other)).isNotEqualTo(key);
	}

	@Test
	void keyHasTheLocaleIfAnArgumentDependsOnIt() {
		Method method = method(Accepted.class, "date");
		LocaleContextHolder.setLocale(Locale.US);
		MockHttpServletRequest request = request();
		request.addParameter("day", "1/2/26");
		Object key = key(method, request);
		LocaleContextHolder.setLocale(Locale.FRENCH);
		assertThat(key(method, request)).isNotEqualTo(key);
	}

	@Test
	void keyHasMethodAndTopics() {
		MockHttpServletRequest request = request();
		Object key = key(method(Accepted.class, "plain"), request);
		assertThat(key(method(Accepted.class, "aged"), request)).isNotEqualTo(key);
		Method method = method(Accepted.class, "plain");
		assertThat(shared(method).key(new HandlerMethod("bean", method), List.of(TopicPattern.of("other")), request))
			.isNotEqualTo(key);
	}

	@Test
	void keyRefersToTheBeanByItsName() {
		Method method = method(Accepted.class, "plain");
		StaticApplicationContext context = new StaticApplicationContext();
		context.registerPrototype("bean", Accepted.class);
		HandlerMethod handler = new HandlerMethod("bean", context, method);
		List<TopicPattern> topics = List.of(TopicPattern.of("a"));
		SharedMethod shared = shared(method);
		assertThat(shared.key(handler.createWithResolvedBean(), topics, request()))
			.isEqualTo(shared.key(handler.createWithResolvedBean(), topics, request()));
		context.close();
	}

	private static MockHttpServletRequest request() {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE, Map.of("name", "a"));
		return request;
	}

	private static Object key(Method method, HttpServletRequest request) {
		return shared(method).key(new HandlerMethod("bean", method), List.of(TopicPattern.of("a")), request);
	}

	private static RequestMappingInfo get() {
		return RequestMappingInfo.paths("/").methods(RequestMethod.GET).build();
	}

	private static SharedMethod shared(Method method) {
		SharedMethod result = topicMethod(method).shared();
		assertThat(result).isNotNull();
		return result;
	}

	private static TopicMethod topicMethod(Method method) {
		TopicMethod result = TopicMethod.of(method, SharedMethodTests::resolve, BeanUtils::instantiateClass);
		assertThat(result).isNotNull();
		return result;
	}

	private static String resolve(String text) {
		if (text.contains("${unknown}")) {
			throw new IllegalArgumentException("No such property");
		}
		return text.replace("${age}", "2s").replace("${param}", "page");
	}

	private static Method method(Class<?> type, String name) {
		return Arrays.stream(ReflectionUtils.getDeclaredMethods(type))
			.filter((method) -> method.getName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@PreAuthorize("hasRole('x')")
	@interface OnlyX {

	}

	static class Accepted {

		@SseTopic("a")
		String notShared(Principal user) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String plain() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED, snapshotMaxAge = "500ms")
		String aged() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED, snapshotMaxAge = "${age}")
		String agedByProperty() {
			return "";
		}

		@SseTopic(value = "a/{name}", snapshot = Sharing.SHARED)
		String both(@PathVariable String name, @RequestParam("${param}") int page) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		List<String> date(@RequestParam LocalDate day) {
			return List.of();
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		Optional<String> several(@RequestParam List<UUID> ids, @RequestParam Optional<Long> page,
				@RequestParam RequestMethod[] kinds, @RequestParam(defaultValue = "3") Integer size) {
			return Optional.empty();
		}

	}

	static class Refused {

		@SseTopic(value = "users/{user}", snapshot = Sharing.SHARED)
		String user() {
			return "";
		}

		@SseTopic(value = "tenants/{#principal.tenant}", snapshot = Sharing.SHARED)
		String tenant() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String principal(Principal user) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String authenticationPrincipal(@AuthenticationPrincipal String user) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String request(HttpServletRequest request) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String session(HttpSession session) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String header(@RequestHeader String name) {
			return "";
		}

		@SseTopic(value = "a/{name}", snapshot = Sharing.SHARED)
		String headerAsVariable(@RequestHeader String name) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String cookie(@CookieValue String name) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String matrix(@MatrixVariable String name) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String locale(Locale locale) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String unannotated(String name) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String map(@RequestParam Map<String, String> parameters) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String model(@ModelAttribute Object model) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String stream(SseStream stream) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String converted(@RequestParam Thread name) {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String expression(@RequestParam(defaultValue = "#{request.remoteUser}") String name) {
			return "";
		}

		@PreAuthorize("permitAll()")
		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String preAuthorize() {
			return "";
		}

		@PostAuthorize("permitAll()")
		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String postAuthorize() {
			return "";
		}

		@Secured("ROLE_X")
		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String secured() {
			return "";
		}

		@RolesAllowed("x")
		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String rolesAllowed() {
			return "";
		}

		@OnlyX
		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String meta() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		void nothing() {
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		Flux<String> source() {
			return Flux.empty();
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED, from = From.START)
		Supplier<String> start() {
			return () -> "";
		}

	}

	static class WrongAges {

		@SseTopic(value = "a", snapshot = Sharing.SHARED, snapshotMaxAge = "-1s")
		String negative() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED, snapshotMaxAge = "soon")
		String malformed() {
			return "";
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED, snapshotMaxAge = "${unknown}")
		String unknown() {
			return "";
		}

		@SseTopic(value = "a", snapshotMaxAge = "1s")
		String alone() {
			return "";
		}

	}

	@PreAuthorize("hasRole('x')")
	static class SecuredClass {

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String feed() {
			return "";
		}

	}

	@RolesAllowed("x")
	interface SecuredType {

	}

	static class OfSecuredType implements SecuredType {

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String feed() {
			return "";
		}

	}

	static class WithModel {

		@ModelAttribute
		void check(@Nullable Principal user) {
		}

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String feed() {
			return "";
		}

	}

	@SessionScope
	static class OfSession {

		@SseTopic(value = "a", snapshot = Sharing.SHARED)
		String feed() {
			return "";
		}

	}

}
