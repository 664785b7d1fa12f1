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

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import com.fasterxml.jackson.annotation.JsonView;
import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.InvalidTopicException;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SsePublish;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import io.github.springsse.delivery.Delivery;
import io.github.springsse.webmvc.RefusalMode;
import io.github.springsse.webmvc.ResponseSettings;
import io.github.springsse.webmvc.SseWebMvcConfigurer;
import io.github.springsse.webmvc.transport.TransportMode;
import jakarta.servlet.Servlet;
import kotlin.coroutines.Continuation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.stereotype.Controller;
import org.springframework.stereotype.Service;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SseWebMvcAutoConfiguration}.
 */
class SseWebMvcAutoConfigurationTests {

	private final WebApplicationContextRunner contextRunner = new WebApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, SseAutoConfiguration.class, SseWebMvcAutoConfiguration.class));

	@Test
	void contributesAConfigurer() {
		this.contextRunner.withUserConfiguration(GoodController.class)
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(SseWebMvcConfigurer.class));
	}

	@Test
	void nothingWithoutServlets() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(Servlet.class))
			.run((context) -> assertThat(context).doesNotHaveBean(SseWebMvcConfigurer.class));
	}

	@Test
	void nothingWithoutSpringMvc() {
		this.contextRunner.withClassLoader(new FilteredClassLoader(WebMvcConfigurer.class))
			.run((context) -> assertThat(context).doesNotHaveBean(SseWebMvcConfigurer.class));
	}

	@Test
	void nothingWithoutDelivery() {
		new WebApplicationContextRunner().withConfiguration(AutoConfigurations.of(SseWebMvcAutoConfiguration.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(SseWebMvcConfigurer.class));
	}

	@Test
	void backsOffForAConfigurer() {
		this.contextRunner.withUserConfiguration(OwnConfigurer.class)
			.run((context) -> assertThat(context).hasSingleBean(SseWebMvcConfigurer.class).hasBean("ownConfigurer"));
	}

	@Test
	void wrongTopicsFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(WrongTopicController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + WrongTopicController.class.getName()
							+ ".open: Invalid topic template 'a/{b': '{' without '}' at position 2.")
					.hasAction("Correct the topic.")));
	}

	@Test
	void moreTopicsThanAStreamMayHaveFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(SeveralTopicsController.class)
			.withPropertyValues("sse.limits.topics-per-stream=2")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + SeveralTopicsController.class.getName()
							+ ".open: it has 3 topics, but sse.limits.topics-per-stream is 2, so that every request "
							+ "would be refused.")
					.hasAction("Use a pattern for several topics, or increase sse.limits.topics-per-stream.")));
		for (int limit : new int[] { 0, 3 }) {
			this.contextRunner.withUserConfiguration(SeveralTopicsController.class)
				.withPropertyValues("sse.limits.topics-per-stream=" + limit)
				.run((context) -> assertThat(context).hasNotFailed());
		}
	}

	@Test
	void longerTopicsThanAStreamMayHaveFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(SeveralTopicsController.class)
			.withPropertyValues("sse.limits.topic-length=7")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + SeveralTopicsController.class.getName()
							+ ".open: the topic 'users/{user}/b' has 8 characters without its variables, but "
							+ "sse.limits.topic-length is 7, so that every request would be refused.")
					.hasAction("Use a shorter topic, or increase sse.limits.topic-length.")));
		this.contextRunner.withUserConfiguration(SeveralTopicsController.class)
			.withPropertyValues("sse.limits.topic-length=8")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void unknownVariablesFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(UnknownVariableController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + UnknownVariableController.class.getName()
							+ ".open: the variable 'branhc' of topic 'branches/{branhc}' is not in the path "
							+ "'/branches/{branch}'.")
					.hasAction(
							"Use a variable of the path, a @RequestParam or @RequestHeader of the method, {user} for "
									+ "the name of the authenticated user, or a property as in {#principal.tenant}.")));
	}

	@Test
	void unsupportedReturnTypesFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(FutureController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + FutureController.class.getName()
							+ ".open: java.util.concurrent.CompletableFuture cannot be a snapshot: its value comes later.")
					.hasAction(
							"Return the value when it is available, or nothing. For topics known only at run time, leave "
									+ "out the annotation and return SseEmitterRegistry.subscribe(...).")));
	}

	@Test
	void suspendingFunctionsFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(SuspendingController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + SuspendingController.class.getName()
							+ ".open: it is a suspending function, whose result is not available when it returns.")
					.hasAction("Leave out suspend, and return the data of the snapshot, or nothing. For topics known "
							+ "only at run time, leave out the annotation and return "
							+ "SseEmitterRegistry.subscribe(...).")));
	}

	@Test
	void viewsFailTheStartWhereNothingAppliesThemAndAreExplained() {
		this.contextRunner.withUserConfiguration(ViewController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + ViewController.class.getName()
							+ ".open: it has a @JsonView, and " + TextPayloadEncoder.class.getName()
							+ " does not support views.")
					.hasAction("Leave out @JsonView, and return only data that clients may see; "
							+ "or let Jackson write the data.")));
		this.contextRunner
			.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class, SseJacksonAutoConfiguration.class))
			.withUserConfiguration(ViewController.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void streamsAsArgumentsOfOtherMethodsFailTheStartAndAreExplained() {
		this.contextRunner.withUserConfiguration(StreamArgumentController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + StreamArgumentController.class.getName()
							+ ".open: it is missing, and only a method with @SseTopic can have an SseStream argument.")
					.hasAction("Add @SseTopic, or get a stream from SseEmitterRegistry.subscribe(...).")));
	}

	@Test
	void streamsThatComeFromElsewhereMayBeArgumentsOfOtherMethods() {
		this.contextRunner.withUserConfiguration(StreamAttributeController.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void topicsMayHavePlaceholders() {
		this.contextRunner.withUserConfiguration(PlaceholderController.class)
			.withPropertyValues("app.topic=branches/{branch}")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@ValueSource(classes = { PropertyPlaceholderAutoConfiguration.class, Object.class })
	void placeholdersThatNothingResolvesFailTheStartAndAreExplained(Class<?> configuration) {
		this.contextRunner.withUserConfiguration(configuration, PlaceholderController.class)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + PlaceholderController.class.getName()
							+ ".open: a placeholder of topic '${app.topic}' cannot be resolved.")
					.hasAction("Set the property, or give the placeholder a default, as in ${name:default}.")));
	}

	@ParameterizedTest
	@ValueSource(classes = { UnmappedController.class, PartlyMappedController.class, ProxiedController.class })
	void methodsOfControllersThatAreNotMappedFailTheStartAndAreExplained(Class<?> controller) {
		this.contextRunner.withUserConfiguration(controller)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + controller.getName()
							+ ".open: no request is mapped to it.")
					.hasAction("Add @GetMapping, or another mapping.")));
	}

	@ParameterizedTest
	@ValueSource(classes = { FeedService.class, ProxiedFeedService.class })
	void methodsOfOtherBeansFailTheStartAndAreExplained(Class<?> service) {
		this.contextRunner.withUserConfiguration(service)
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> FailureAnalyses.assertThatAnalysisOf(failure)
					.hasDescription("@SseTopic cannot work on method " + service.getName()
							+ ".open: no request is mapped to it.")
					.hasAction("Move it to a class with @RestController or @Controller, and add @GetMapping.")));
	}

	@Test
	void methodsOfOtherBeansMayBeMappedByTheApplication() {
		this.contextRunner.withUserConfiguration(FeedService.class)
			.withUserConfiguration(OwnMappingOfService.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void checksMethodsOfLazyApplicationsToo() {
		this.contextRunner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withUserConfiguration(WrongTopicController.class)
			.withBean(LazyInitializationExcludeFilter.class,
					() -> LazyInitializationExcludeFilter.forBeanTypes(SmartInitializingSingleton.class))
			.run((context) -> assertThat(context).getFailure()
				.hasRootCauseInstanceOf(InvalidTopicException.class)
				.hasStackTraceContaining(InvalidSseMethodException.class.getName()));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConfigurer {

		@Bean
		SseWebMvcConfigurer ownConfigurer(Delivery delivery, SsePayloadEncoder encoder) {
			return new SseWebMvcConfigurer(delivery, encoder, new ResponseSettings(TransportMode.ASYNC, 1024,
					Duration.ZERO, Duration.ZERO, 0, 0, 1024, 1024, 1, RefusalMode.RECONNECT), List.of());
		}

	}

	@Service
	static class FeedService {

		@SseTopic("feed")
		void open() {
		}

	}

	@Service
	@Scope(proxyMode = ScopedProxyMode.TARGET_CLASS)
	static class ProxiedFeedService {

		@SseTopic("feed")
		void open() {
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMappingOfService {

		@Bean
		InitializingBean ownMapping(RequestMappingHandlerMapping mapping, FeedService service) {
			return () -> mapping.registerMapping(RequestMappingInfo.paths("/feed").build(), service,
					FeedService.class.getDeclaredMethod("open"));
		}

	}

	@RestController
	static class GoodController {

		@GetMapping("/branches/{branch}")
		@SseTopic({ "branches/{branch}", "users/{user}", "all/**" })
		void open(@PathVariable String branch) {
		}

	}

	@RestController
	static class SeveralTopicsController {

		@GetMapping("/several")
		@SseTopic({ "a", "users/{user}/b", "c/*", "a" })
		void open() {
		}

	}

	@RestController
	static class WrongTopicController {

		@GetMapping("/open")
		@SseTopic("a/{b")
		void open() {
		}

	}

	@RestController
	static class UnknownVariableController {

		@GetMapping("/branches/{branch}")
		@SseTopic("branches/{branhc}")
		void open() {
		}

	}

	@RestController
	static class ViewController {

		@GetMapping("/open")
		@SseTopic("a")
		@JsonView(Object.class)
		Object open() {
			return new Object();
		}

	}

	@RestController
	static class StreamArgumentController {

		@GetMapping("/open")
		void open(SseStream stream) {
		}

	}

	@RestController
	static class StreamAttributeController {

		@GetMapping("/open")
		void open(@RequestAttribute SseStream stream) {
		}

	}

	@RestController
	static class PlaceholderController {

		@GetMapping("/branches/{branch}")
		@SseTopic("${app.topic}")
		void open() {
		}

	}

	@RestController
	static class UnmappedController {

		@SseTopic("a")
		void open() {
		}

	}

	@Controller
	static class PartlyMappedController {

		@GetMapping("/other")
		@SseTopic("a")
		void other() {
		}

		@SseTopic("a")
		void open() {
		}

	}

	@RestController
	static class ProxiedController {

		@SseTopic("a")
		@SsePublish("a")
		String open() {
			return "";
		}

	}

	/**
	 * What Kotlin compiles {@code suspend fun open(): List<Int>} to.
	 */
	@RestController
	static class SuspendingController {

		@GetMapping("/open")
		@SseTopic("a")
		Object open(Continuation<? super List<Integer>> continuation) {
			return List.of(1);
		}

	}

	@RestController
	static class FutureController {

		@GetMapping("/open")
		@SseTopic("a")
		CompletableFuture<String> open() {
			return new CompletableFuture<>();
		}

	}

}
