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
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import io.github.springsse.testsupport.EventStreamClient;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.PropertyValues;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.InstantiationAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.PriorityOrdered;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurationSupport;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.mvc.method.annotation.RequestResponseBodyMethodProcessor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams work in applications that configure Spring MVC by themselves, or are
 * told at start that they do not.
 */
class OwnMvcConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class))
		.withBean(Feeds.class);

	@ParameterizedTest
	@ValueSource(classes = { Object.class, Enabled.class, Support.class, OwnMapping.class, SupportAndOwnMapping.class,
			OwnAdapter.class })
	void methodsOpenStreams(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			assertThat(context).hasNotFailed();
			opens(context, "/list", "event: snapshot", "data: 1");
			opens(context, "/nothing", "event: cursor");
			opens(context, "/argument", "data: early");
			opens(context, "/subscribed", "event: snapshot", "data: subscribed");
			MvcTestResult attribute = MockMvcTester.from(context)
				.get()
				.uri("/attribute")
				.requestAttr("stream", context.getBean(SseEmitterRegistry.class).subscribe("a", "b"))
				.exchange();
			assertThat(attribute).bodyText().isEqualTo("[a, b]");
		});
	}

	private static void opens(WebApplicationContext context, String path, String... expected) {
		SseEmitterRegistry registry = context.getBean(SseEmitterRegistry.class);
		MvcTestResult result = MockMvcTester.from(context).get().uri(path).asyncExchange();
		assertThat(result).hasStatusOk().headers().hasValue("Content-Type", "text/event-stream");
		EventStreamClient.await().untilAsserted(() -> assertThat(result).bodyText().contains(expected));
		assertThat(registry.count("feed")).isOne();
		registry.disconnectTopic("feed");
		EventStreamClient.await().until(() -> registry.count() == 0);
	}

	@ParameterizedTest
	@ValueSource(classes = { Refusing.class, RefusingSupport.class })
	void interceptorsOfTheApplicationComeFirst(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration).run((context) -> {
			MvcTestResult result = MockMvcTester.from(context).get().uri("/user").exchange();
			assertThat(result).hasStatus(418);
		});
	}

	@Test
	void handlersThatTheApplicationTakesAwayFailTheStart() {
		this.contextRunner.withUserConfiguration(Replacing.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (ex) -> {
					assertThat(ex.getFault()).isEqualTo("the RequestMappingHandlerAdapter "
							+ "'requestMappingHandlerAdapter' has lost the return value handler for streams, and "
							+ "RequestResponseBodyMethodProcessor would write the return value of the method");
					assertThat(ex.getAction())
						.isEqualTo("Keep the existing handlers of the adapter where you set its return value handlers");
				}));
	}

	@Test
	void handlersThatTheApplicationWrapsOpenStreams() {
		this.contextRunner.withUserConfiguration(Wrapping.class).run((context) -> {
			assertThat(context).hasNotFailed();
			opens(context, "/list", "event: snapshot");
		});
	}

	@Test
	void mappingsThatAreCreatedTooEarlyFailTheStart() {
		this.contextRunner.withUserConfiguration(EarlyMapping.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (ex) -> {
					assertThat(ex.getFault()).isEqualTo("the handler mapping 'earlyMapping' that maps it lacks the "
							+ "interceptor that opens streams");
					assertThat(ex.getAction()).startsWith("Create the mapping as a bean");
				}));
	}

	@Test
	void interceptorsThatSharedSnapshotsWouldLeaveOutFailTheStart() {
		WebApplicationContextRunner runner = this.contextRunner.withBean(SharedFeed.class);
		runner.run((context) -> assertThat(context).hasNotFailed());
		runner.withUserConfiguration(Enabled.class, Refusing.class)
			.run((context) -> assertThat(context).as("comes first").hasNotFailed());
		runner.withBean(LateInterceptor.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOfSatisfying(InvalidSseMethodException.class, (ex) -> {
					assertThat(ex.getMethod().getName()).isEqualTo("shared");
					assertThat(ex.getFault()).endsWith("the interceptor " + Refusing.class.getName()
							+ " of the handler mapping 'requestMappingHandlerMapping' comes after the one that opens "
							+ "streams, and would not apply to all requests");
				}));
	}

	@RestController
	static class SharedFeed {

		@GetMapping("/shared")
		@SseTopic(value = "feed", snapshot = SseTopic.Sharing.SHARED)
		int shared() {
			return 1;
		}

	}

	/**
	 * Adds an interceptor after those of all configurers.
	 */
	static class LateInterceptor implements InstantiationAwareBeanPostProcessor {

		@Override
		public PropertyValues postProcessProperties(PropertyValues values, Object bean, String name) {
			if (bean instanceof RequestMappingHandlerMapping mapping) {
				mapping.setInterceptors(new Refusing());
			}
			return values;
		}

	}

	@RestController
	static class Feeds {

		private final SseEmitterRegistry registry;

		Feeds(SseEmitterRegistry registry) {
			this.registry = registry;
		}

		@GetMapping("/list")
		@SseTopic("feed")
		int list() {
			return 1;
		}

		@GetMapping("/nothing")
		@SseTopic("feed")
		void nothing() {
		}

		@GetMapping("/argument")
		@SseTopic("feed")
		void argument(SseStream stream) {
			stream.send("early");
		}

		@GetMapping("/subscribed")
		SseStream subscribed() {
			return this.registry.subscribe(List.of("feed"), () -> "subscribed");
		}

		@GetMapping("/attribute")
		String attribute(@RequestAttribute SseStream stream) {
			return stream.getTopics().toString();
		}

		@GetMapping("/user")
		@SseTopic("users/{user}")
		void user() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableWebMvc
	static class Enabled {

	}

	@Configuration(proxyBeanMethods = false)
	static class Support extends WebMvcConfigurationSupport {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMapping {

		@Bean
		RequestMappingHandlerMapping ownMapping() {
			RequestMappingHandlerMapping result = new RequestMappingHandlerMapping();
			result.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return result;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class SupportAndOwnMapping extends WebMvcConfigurationSupport {

		@Bean
		RequestMappingHandlerMapping ownMapping() {
			return new OwnMapping().ownMapping();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAdapter {

		@Bean
		RequestMappingHandlerAdapter ownAdapter() {
			RequestMappingHandlerAdapter result = new RequestMappingHandlerAdapter();
			result.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return result;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Refusing implements WebMvcConfigurer, HandlerInterceptor {

		@Override
		public void addInterceptors(InterceptorRegistry registry) {
			registry.addInterceptor(this);
		}

		@Override
		public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
			response.setStatus(418);
			return false;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class RefusingSupport extends WebMvcConfigurationSupport {

		@Override
		protected void addInterceptors(InterceptorRegistry registry) {
			registry.addInterceptor(new Refusing());
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Replacing {

		Replacing(RequestMappingHandlerAdapter adapter) {
			adapter.setReturnValueHandlers(
					List.of(new RequestResponseBodyMethodProcessor(List.of(new StringHttpMessageConverter()))));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Wrapping {

		Wrapping(RequestMappingHandlerAdapter adapter) {
			adapter.setReturnValueHandlers(adapter.getReturnValueHandlers()
				.stream()
				.map(DelegatingReturnValueHandler::new)
				.map(HandlerMethodReturnValueHandler.class::cast)
				.toList());
		}

	}

	private record DelegatingReturnValueHandler(
			HandlerMethodReturnValueHandler delegate) implements HandlerMethodReturnValueHandler {

		@Override
		public boolean supportsReturnType(MethodParameter returnType) {
			return this.delegate.supportsReturnType(returnType);
		}

		@Override
		public void handleReturnValue(@Nullable Object returnValue, MethodParameter returnType,
				ModelAndViewContainer container, NativeWebRequest webRequest) throws Exception {
			this.delegate.handleReturnValue(returnValue, returnType, container, webRequest);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class EarlyMapping {

		@Bean
		static RequestMappingHandlerMapping earlyMapping() {
			return new RequestMappingHandlerMapping();
		}

		@Bean
		static BeanPostProcessor needsMapping(RequestMappingHandlerMapping earlyMapping) {
			return new NeedsMapping();
		}

	}

	private static final class NeedsMapping implements BeanPostProcessor, PriorityOrdered {

		@Override
		public int getOrder() {
			return HIGHEST_PRECEDENCE;
		}

	}

}
