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

import java.beans.PropertyEditorSupport;
import java.security.Principal;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseTopic;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the values of variables in the topics of methods with {@link SseTopic}.
 */
class TopicVariableTests {

	private static final String ID = "0A1B2C3D-0000-4000-8000-00000000ABCD";

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class));

	@ParameterizedTest
	@CsvSource({ "/long/007, a/7", "/long/+7, a/7", "/uuid/" + ID + ", a/0a1b2c3d-0000-4000-8000-00000000abcd",
			"/date/01.02.2026, a/2026-02-01", "/enum/RED, a/red", "/other-name/007, a/7", "/generic/007, a/7",
			"/optional/007, a/7", "/text/007, a/007", "/not-an-argument/007, a/007", "/object/007, a/007",
			"/bound/xyz, a/bound xyz", "/advised/one, a/ONE", "/param?q=007, a/7", "/param-name?other=x, a/x",
			"/param-default, a/50", "/header, a/north", "/both/007?q=8, a/7/8" })
	void areThoseThatTheMethodGets(String uri, String topic) {
		this.contextRunner.withUserConfiguration(Controller.class, GenericController.class, Advice.class)
			.run((context) -> assertThat(topics(context, uri, null)).containsExactly(topic));
	}

	@ParameterizedTest
	@CsvSource({ "/long/x, 400", "/uuid/x, 400", "/param, 400", "/param?q=x, 400", "/text-param?q=a*b, 400",
			"/text-param?q=a/b, 400", "/text-param?q=, 400", "/text-param, 400", "/no-header, 400", "/tenant, 401" })
	void areCheckedAsSpringDoesAndAsTopicsNeedIt(String uri, int status) {
		this.contextRunner.withUserConfiguration(Controller.class)
			.run((context) -> assertThat(exchange(context, uri, null)).hasStatus(status));
	}

	@Test
	void mayBePropertiesOfThePrincipal() {
		this.contextRunner.withUserConfiguration(Controller.class).run((context) -> {
			assertThat(topics(context, "/tenant", new User("ann", "acme", Map.of()))).containsExactly("a/acme");
			assertThat(topics(context, "/claim", new User("ann", "acme", Map.of("org", 7)))).containsExactly("a/7");
			assertThat(topics(context, "/claim", new User("ann", "acme", Map.of("org", Colour.RED))))
				.containsExactly("a/red");
			assertThat(topics(context, "/tenant",
					new TestingAuthenticationToken(new User("ann", "acme", Map.of()), "secret")))
				.as("as @AuthenticationPrincipal")
				.containsExactly("a/acme");
			assertThat(exchange(context, "/tenant", new User("ann", "a/b", Map.of()))).hasStatus(400);
			assertThat(exchange(context, "/tenant", new User("ann", "*", Map.of()))).hasStatus(400);
			assertThat(exchange(context, "/tenant", new User("ann", null, Map.of()))).hasStatus(403);
			assertThat(exchange(context, "/claim", new User("ann", "acme", Map.of()))).hasStatus(403);
			assertThat(exchange(context, "/tenant", () -> "ann")).hasStatus(403);
		});
	}

	@ParameterizedTest
	@MethodSource
	void failTheStartWhereTheyCannotBeResolved(Class<?> controller, String fault) {
		this.contextRunner.withUserConfiguration(controller)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class,
						(ex) -> assertThat(ex.getFault()).isEqualTo(fault)));
	}

	static Stream<Arguments> failTheStartWhereTheyCannotBeResolved() {
		return Stream.of(Arguments.of(Several.class, Several.FAULT), Arguments.of(TwoPlaces.class, TwoPlaces.FAULT),
				Arguments.of(NotPrincipal.class, NotPrincipal.FAULT), Arguments.of(NoProperty.class, NoProperty.FAULT),
				Arguments.of(Dash.class, Dash.FAULT), Arguments.of(UserParameter.class, UserParameter.FAULT));
	}

	private static List<String> topics(ApplicationContext context, String uri, @Nullable Principal user) {
		SseEmitterRegistry registry = context.getBean(SseEmitterRegistry.class);
		assertThat(exchange((WebApplicationContext) context, uri, user)).hasStatusOk();
		Awaitility.await().until(() -> registry.count() == 1);
		List<String> result = registry.streams().iterator().next().getTopics();
		registry.streams().forEach((stream) -> stream.complete());
		Awaitility.await().until(() -> registry.count() == 0);
		return result;
	}

	private static MvcTestResult exchange(WebApplicationContext context, String uri, @Nullable Principal user) {
		MockMvcTester.MockMvcRequestBuilder request = MockMvcTester.from(context).get().uri(uri);
		if (uri.equals("/header")) {
			request.header("X-Branch", "north");
		}
		return ((user != null) ? request.principal(user) : request).asyncExchange();
	}

	enum Colour {

		RED;

		@Override
		public String toString() {
			return "red";
		}

	}

	record User(String name, @Nullable String tenant, Map<String, Object> claims) implements Principal {

		@Override
		public String getName() {
			return this.name;
		}

	}

	@RestController
	static class Controller {

		@GetMapping("/long/{id}")
		@SseTopic("a/{id}")
		void number(@PathVariable long id) {
		}

		@GetMapping("/uuid/{id}")
		@SseTopic("a/{id}")
		void uuid(@PathVariable UUID id) {
		}

		@GetMapping("/date/{day}")
		@SseTopic("a/{day}")
		void date(@PathVariable @DateTimeFormat(pattern = "dd.MM.yyyy") LocalDate day) {
		}

		@GetMapping("/enum/{id}")
		@SseTopic("a/{id}")
		void colour(@PathVariable Colour id) {
		}

		@GetMapping("/other-name/{id}")
		@SseTopic("a/{id}")
		void otherName(@PathVariable("id") Integer number) {
		}

		@GetMapping("/optional/{id}")
		@SseTopic("a/{id}")
		void optional(@PathVariable Optional<Long> id) {
		}

		@GetMapping("/text/{id}")
		@SseTopic("a/{id}")
		void text(@PathVariable String id) {
		}

		@GetMapping("/not-an-argument/{id}")
		@SseTopic("a/{id}")
		void notAnArgument() {
		}

		@GetMapping("/object/{id}")
		@SseTopic("a/{id}")
		void object(@PathVariable Order id) {
		}

		@GetMapping("/bound/{bound}")
		@SseTopic("a/{bound}")
		void bound(@PathVariable String bound) {
		}

		@GetMapping("/advised/{advised}")
		@SseTopic("a/{advised}")
		void advised(@PathVariable String advised) {
		}

		@GetMapping("/param")
		@SseTopic("a/{q}")
		void param(@RequestParam int q) {
		}

		@GetMapping("/text-param")
		@SseTopic("a/{q}")
		void textParam(@RequestParam(required = false) @Nullable String q) {
		}

		@GetMapping("/param-name")
		@SseTopic("a/{other}")
		void paramName(@RequestParam("other") String q) {
		}

		@GetMapping("/param-default")
		@SseTopic("a/{q}")
		void paramDefault(@RequestParam(defaultValue = "50") int q) {
		}

		@GetMapping({ "/header", "/no-header" })
		@SseTopic("a/{X-Branch}")
		void header(@RequestHeader("X-Branch") String branch) {
		}

		@GetMapping("/both/{id}")
		@SseTopic("a/{id}/{q}")
		void both(@PathVariable long id, @RequestParam String q) {
		}

		@GetMapping("/tenant")
		@SseTopic("a/{#principal.tenant}")
		void tenant() {
		}

		@GetMapping("/claim")
		@SseTopic("a/{#principal.claims.org}")
		void claim() {
		}

		@InitBinder("bound")
		void bind(WebDataBinder binder) {
			binder.registerCustomEditor(String.class, new PropertyEditorSupport() {

				@Override
				public void setAsText(String text) {
					setValue("bound " + text);
				}

			});
		}

	}

	@ControllerAdvice
	static class Advice {

		@InitBinder("advised")
		void bind(WebDataBinder binder) {
			binder.registerCustomEditor(String.class, new PropertyEditorSupport() {

				@Override
				public void setAsText(String text) {
					setValue(text.toUpperCase(Locale.ROOT));
				}

			});
		}

	}

	public record Order(String id) {

	}

	abstract static class GenericBase<T> {

		@GetMapping("/generic/{id}")
		@SseTopic("a/{id}")
		void generic(@PathVariable T id) {
		}

	}

	@RestController
	static class GenericController extends GenericBase<Long> {

	}

	@RestController
	static class Several {

		static final String FAULT = "the variable 'q' of topic 'a/{q}' is an argument of type List, which is not "
				+ "a single value";

		@GetMapping("/several")
		@SseTopic("a/{q}")
		void several(@RequestParam List<String> q) {
		}

	}

	@RestController
	@RequestMapping("/{id}")
	static class TwoPlaces {

		static final String FAULT = "the variable 'id' of topic 'a/{id}' is in the path '/{id}/x', and also another "
				+ "argument of the method";

		@GetMapping("/x")
		@SseTopic("a/{id}")
		void two(@RequestParam String id) {
		}

	}

	@RestController
	static class NotPrincipal {

		static final String FAULT = "the variable '#user.name' of topic 'a/{#user.name}' is not a property of "
				+ "#principal";

		@GetMapping("/x")
		@SseTopic("a/{#user.name}")
		void open() {
		}

	}

	@RestController
	static class NoProperty {

		static final String FAULT = "the variable '#principal' of topic 'a/{#principal}' is not a property of "
				+ "#principal";

		@GetMapping("/x")
		@SseTopic("a/{#principal}")
		void open() {
		}

	}

	@RestController
	static class Dash {

		static final String FAULT = "the variable '#principal.a-b' of topic 'a/{#principal.a-b}' is not a property "
				+ "of #principal";

		@GetMapping("/x")
		@SseTopic("a/{#principal.a-b}")
		void open() {
		}

	}

	@RestController
	static class UserParameter {

		static final String FAULT = "the variable 'user' of topic 'a/{user}' is the authenticated user, but also an "
				+ "argument of the method";

		@GetMapping("/x")
		@SseTopic("a/{user}")
		void open(@RequestParam String user) {
		}

	}

}
