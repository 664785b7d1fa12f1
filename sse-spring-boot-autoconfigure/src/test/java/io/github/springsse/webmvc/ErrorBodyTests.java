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

import java.util.Map;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import io.github.springsse.test.SseMockMvcConfigurer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an {@code @ExceptionHandler} returns for a request that accepts an event stream
 * alone, as that of an {@code EventSource} does.
 */
class ErrorBodyTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class))
		.withUserConfiguration(Controller.class);

	@ParameterizedTest
	@ValueSource(strings = { "/feed/body", "/feed/entity", "/stream/body", "/stream/entity" })
	void isAnsweredWithItsStatusWhereNothingCanWriteIt(String path) {
		this.contextRunner.run((context) -> {
			MvcTestResult result = exchange(MockMvcTester.from(context), path, "text/event-stream");
			assertThat(result).hasStatus(409);
			assertThat(result).body().isEmpty();
			assertThat(result.getResponse().getContentType()).isNull();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "text/event-stream, application/json", "*/*" })
	void isWrittenWhereSomethingCan(String accept) {
		this.contextRunner.run((context) -> {
			for (String path : new String[] { "/feed/body", "/feed/entity", "/stream/body", "/stream/entity" }) {
				assertThat(exchange(MockMvcTester.from(context), path, accept)).hasStatus(409)
					.bodyText()
					.isEqualTo("{\"fault\":\"busy\"}");
			}
			assertThat(exchange(MockMvcTester.from(context), "/feed/problem", "text/event-stream")).hasStatus(410)
				.bodyText()
				.contains("\"status\":410");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { Enabled.class, Support.class, OwnResolver.class })
	void isAnsweredWithItsStatusWhereTheApplicationConfiguresSpringMvc(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			MvcTestResult result = exchange(MockMvcTester.from(context), "/feed/body", "text/event-stream");
			assertThat(result).hasStatus(409);
			assertThat(result).body().isEmpty();
		});
	}

	@Test
	void isAnsweredWithItsStatusWithoutAContext() {
		try (SseMockMvcConfigurer sse = SseMockMvcConfigurer.sseStreams()) {
			MockMvcTester mvc = MockMvcTester
				.create(MockMvcBuilders.standaloneSetup(new Controller(sse.getRegistry())).apply(sse).build());
			for (String path : new String[] { "/feed/body", "/stream/body" }) {
				MvcTestResult result = exchange(mvc, path, "text/event-stream");
				assertThat(result).hasStatus(409);
				assertThat(result).body().isEmpty();
			}
		}
	}

	@Test
	void otherMethodsAreAnsweredAsBefore() {
		this.contextRunner.run((context) -> {
			MvcTestResult result = exchange(MockMvcTester.from(context), "/ordinary", "text/event-stream");
			assertThat(result).failure().hasRootCauseInstanceOf(BusyException.class);
		});
	}

	private static MvcTestResult exchange(MockMvcTester mvc, String path, String accept) {
		return mvc.get().uri(path).header("Accept", accept).exchange();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class Enabled {

	}

	@Configuration(proxyBeanMethods = false)
	static class Support extends WebMvcConfigurationSupport {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnResolver {

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ExceptionHandlerExceptionResolver ownResolver() {
			ExceptionHandlerExceptionResolver result = new ExceptionHandlerExceptionResolver();
			result.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return result;
		}

	}

	@RestController
	static class Controller {

		private final SseEmitterRegistry registry;

		Controller(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/feed/{fault}")
		@SseTopic("feed")
		void feed(@PathVariable String fault) {
			fail(fault);
		}

		@GetMapping("/stream/{fault}")
		SseStream stream(@PathVariable String fault) {
			fail(fault);
			return this.registry.subscribe("feed");
		}

		@GetMapping("/ordinary")
		String ordinary() {
			throw new BusyException();
		}

		private static void fail(String fault) {
			throw switch (fault) {
				case "body" -> new BusyException();
				case "entity" -> new IllegalStateException();
				default -> new IllegalArgumentException();
			};
		}

		@ExceptionHandler
		@ResponseStatus(HttpStatus.CONFLICT)
		Map<String, String> body(BusyException ex) {
			return Map.of("fault", "busy");
		}

		@ExceptionHandler
		ResponseEntity<Map<String, String>> entity(IllegalStateException ex) {
			return ResponseEntity.status(409).body(Map.of("fault", "busy"));
		}

		@ExceptionHandler
		ProblemDetail problem(IllegalArgumentException ex) {
			return ProblemDetail.forStatus(HttpStatus.GONE);
		}

	}

	static class BusyException extends RuntimeException {

	}

}
