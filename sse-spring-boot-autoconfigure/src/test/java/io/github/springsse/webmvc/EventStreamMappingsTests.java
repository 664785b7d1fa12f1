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

import java.util.List;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseTopic;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableWebApplicationContext;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for the media types that requests must accept to reach methods with
 * {@link SseTopic}.
 */
class EventStreamMappingsTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class));

	@Test
	void producesEventStreams() {
		this.contextRunner.withUserConfiguration(Feeds.class).run(EventStreamMappingsTests::assertMapped);
	}

	@Test
	void producesEventStreamsWithEnableWebMvc() {
		this.contextRunner.withUserConfiguration(Feeds.class, Own.class).run(EventStreamMappingsTests::assertMapped);
	}

	private static void assertMapped(AssertableWebApplicationContext context) {
		assertThat(produces(context, "/feeds/default")).containsExactly(MediaType.TEXT_EVENT_STREAM);
		assertThat(status(context, "/feeds/default", "text/event-stream")).isEqualTo(200);
		assertThat(status(context, "/feeds/default", "*/*")).isEqualTo(200);
		assertThat(status(context, "/feeds/default", null)).isEqualTo(200);
		assertThat(status(context, "/feeds/default", "text/html, */*;q=0.8")).isEqualTo(200);
		assertThat(status(context, "/feeds/default", "application/json")).isEqualTo(406);
		assertThat(status(context, "/feeds/default?other", "application/json")).as("parameters are kept")
			.isEqualTo(406);
		assertThat(status(context, "/feeds/param?q", "text/event-stream")).isEqualTo(200);
		assertThat(status(context, "/feeds/param", "text/event-stream")).isEqualTo(400);
		assertThat(status(context, "/feeds/any", "application/json")).isEqualTo(200);
		assertThat(status(context, "/feeds/explicit", "text/event-stream")).isEqualTo(200);
		assertThat(produces(context, "/feeds/explicit"))
			.containsExactly(MediaType.parseMediaType("text/event-stream;charset=UTF-8"));
		assertThat(produces(context, "/feeds/ordinary")).isEmpty();
		assertThat(status(context, "/feeds/ordinary", "application/json")).isEqualTo(200);
		MockMvcTester mvc = MockMvcTester.from(context);
		assertThat(mvc.options()
			.uri("/feeds/default")
			.header("Origin", "http://elsewhere.example")
			.header("Access-Control-Request-Method", "GET")).hasStatusOk()
			.hasHeader("Access-Control-Allow-Origin", "http://elsewhere.example");
	}

	@Test
	void errorsAreWrittenInWhateverFormTheyHave() {
		this.contextRunner.withUserConfiguration(Feeds.class).run((context) -> {
			MvcTestResult result = MockMvcTester.from(context).get().uri("/feeds/fails").exchange();
			assertThat(result).hasStatus(500).hasContentTypeCompatibleWith("application/json");
		});
	}

	@Test
	void refusesAnyAcceptBesideProduces() {
		assertRefused(BothOnMethod.class, "its mapping has 'produces' in addition to anyAccept",
				"Leave out one of the two");
		assertRefused(BothOnClass.class, "its mapping has 'produces' in addition to anyAccept",
				"Leave out one of the two");
	}

	@Test
	void refusesProducesWithoutEventStreams() {
		assertRefused(Json.class, "its mapping produces [application/json], which no EventSource accepts",
				"Add text/event-stream to 'produces' of the method, or leave it out; for clients that accept only other "
						+ "types, set anyAccept instead");
	}

	private void assertRefused(Class<?> controller, String fault, String action) {
		this.contextRunner.withUserConfiguration(controller)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (failure) -> {
					assertThat(failure.getFault()).isEqualTo(fault);
					assertThat(failure.getAction()).isEqualTo(action);
				}));
	}

	private static int status(WebApplicationContext context, String uri, @Nullable String accept) {
		MockMvcTester.MockMvcRequestBuilder request = MockMvcTester.from(context).get().uri(uri);
		if (accept != null) {
			request.header("Accept", accept);
		}
		return request.asyncExchange().getResponse().getStatus();
	}

	private static List<MediaType> produces(WebApplicationContext context, String path) {
		return context.getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
			.getHandlerMethods()
			.keySet()
			.stream()
			.filter((mapping) -> mapping.getPatternValues().contains(path))
			.flatMap((mapping) -> mapping.getProducesCondition().getProducibleMediaTypes().stream())
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class Own {

	}

	@RestController
	@RequestMapping("/feeds")
	static class Feeds {

		@GetMapping("/default")
		@SseTopic("feed")
		@CrossOrigin("http://elsewhere.example")
		void feed() {
		}

		@GetMapping(path = "/param", params = "q")
		@SseTopic("feed")
		void param() {
		}

		@GetMapping("/any")
		@SseTopic(value = "feed", anyAccept = true)
		void any() {
		}

		@GetMapping(path = "/explicit", produces = "text/event-stream;charset=UTF-8")
		@SseTopic("feed")
		void explicit() {
		}

		@GetMapping("/ordinary")
		List<Integer> ordinary() {
			return List.of(1);
		}

		@GetMapping("/fails")
		@SseTopic("feed")
		void fails() {
			throw new IllegalStateException();
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.INTERNAL_SERVER_ERROR)
		List<Integer> failed(IllegalStateException ex) {
			return List.of(2);
		}

	}

	@RestController
	static class BothOnMethod {

		@GetMapping(path = "/feed", produces = "text/event-stream")
		@SseTopic(value = "feed", anyAccept = true)
		void feed() {
		}

	}

	@RestController
	@RequestMapping(produces = "text/event-stream")
	static class BothOnClass {

		@GetMapping("/feed")
		@SseTopic(value = "feed", anyAccept = true)
		void feed() {
		}

	}

	@RestController
	@RequestMapping(produces = "application/json")
	static class Json {

		@GetMapping("/feed")
		@SseTopic("feed")
		void feed() {
		}

	}

}
