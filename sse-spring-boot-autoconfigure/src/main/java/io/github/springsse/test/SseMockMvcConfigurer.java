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

package io.github.springsse.test;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseOperations;
import io.github.springsse.autoconfigure.SseAutoConfiguration;
import io.github.springsse.autoconfigure.SseJacksonAutoConfiguration;
import io.github.springsse.autoconfigure.SseTransactionAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcAutoConfiguration;
import io.github.springsse.autoconfigure.SseWebMvcSliceAutoConfiguration;
import io.github.springsse.webmvc.SseWebMvcConfigurer;
import io.github.springsse.webmvc.SseWebMvcPostProcessor;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.core.env.MapPropertySource;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.request.RequestPostProcessor;
import org.springframework.test.web.servlet.setup.ConfigurableMockMvcBuilder;
import org.springframework.test.web.servlet.setup.MockMvcConfigurer;
import org.springframework.test.web.servlet.setup.RouterFunctionMockMvcBuilder;
import org.springframework.test.web.servlet.setup.StandaloneMockMvcBuilder;
import org.springframework.util.Assert;
import org.springframework.util.ClassUtils;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * Enables streams for {@code MockMvcBuilders.standaloneSetup} and
 * {@code MockMvcBuilders.routerFunctions}, which use no auto-configuration.
 *
 * <pre class="code">
 * SseMockMvcConfigurer sse = SseMockMvcConfigurer.sseStreams();
 * MockMvc mvc = standaloneSetup(new FeedController(sse.getRegistry())).apply(sse).build();
 * sse.getOperations().publish("feed", "event");
 * </pre>
 *
 * It has an in-memory event log and delivery threads until it is {@linkplain #close()
 * closed}.
 *
 * @since 0.1.0
 */
public final class SseMockMvcConfigurer implements MockMvcConfigurer, AutoCloseable {

	private static final String JACKSON = "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration";

	private final AnnotationConfigWebApplicationContext context = new AnnotationConfigWebApplicationContext();

	private final SseWebMvcConfigurer configurer;

	private SseMockMvcConfigurer(Map<String, Object> properties) {
		this.context.setServletContext(new MockServletContext());
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("sseStreams", Map.copyOf(properties)));
		this.context.register(configurations());
		this.context.refresh();
		this.configurer = this.context.getBean(SseWebMvcConfigurer.class);
	}

	private static Class<?>[] configurations() {
		Stream<Class<?>> ours = Stream.of(SseWebMvcSliceAutoConfiguration.class, SseAutoConfiguration.class,
				SseTransactionAutoConfiguration.class, SseJacksonAutoConfiguration.class,
				SseWebMvcAutoConfiguration.class);
		ClassLoader classLoader = SseMockMvcConfigurer.class.getClassLoader();
		Stream<Class<?>> jackson = ClassUtils.isPresent(JACKSON, classLoader)
				? Stream.of(ClassUtils.resolveClassName(JACKSON, classLoader)) : Stream.empty();
		return Configurations.getClasses(AutoConfigurations.of(Stream.concat(jackson, ours).toArray(Class<?>[]::new)));
	}

	/**
	 * Create a configurer. Apply it to one builder only.
	 * @param properties properties of the application in the form {@code name=value}:
	 * those of this library, and those that are placeholders in topics
	 * @return the configurer
	 */
	public static SseMockMvcConfigurer sseStreams(String... properties) {
		Map<String, Object> map = new HashMap<>();
		for (String property : properties) {
			int equals = property.indexOf('=');
			Assert.isTrue(equals > 0, () -> "'" + property + "' is not name=value");
			map.put(property.substring(0, equals).trim(), property.substring(equals + 1).trim());
		}
		return new SseMockMvcConfigurer(map);
	}

	/**
	 * Return the operations that publish to the streams.
	 * @return the operations
	 */
	public SseOperations getOperations() {
		return this.context.getBean(SseOperations.class);
	}

	/**
	 * Return the registry of the open streams.
	 * @return the registry
	 */
	public SseEmitterRegistry getRegistry() {
		return this.context.getBean(SseEmitterRegistry.class);
	}

	@Override
	public void afterConfigurerAdded(ConfigurableMockMvcBuilder<?> builder) {
		if (builder instanceof StandaloneMockMvcBuilder standalone) {
			standalone.addInterceptors(this.configurer.interceptor());
		}
		else if (!(builder instanceof RouterFunctionMockMvcBuilder)) {
			throw new IllegalStateException(
					"SseMockMvcConfigurer is for standaloneSetup and routerFunctions. Remove it: "
							+ "an application context enables streams by auto-configuration");
		}
	}

	/**
	 * Add the components that open streams to Spring MVC, and check the mapped methods.
	 * @throws io.github.springsse.InvalidSseMethodException if an annotation cannot work
	 * on one of these methods
	 */
	@Override
	public RequestPostProcessor beforeMockMvcCreated(ConfigurableMockMvcBuilder<?> builder, WebApplicationContext mvc) {
		SseWebMvcPostProcessor postProcessor = new SseWebMvcPostProcessor(() -> this.configurer);
		parts(mvc).forEach((part) -> postProcessor.postProcessAfterInitialization(part, "part"));
		this.configurer.check(mvc);
		return (request) -> {
			request.setAttribute(SseWebMvcConfigurer.ATTRIBUTE, this.configurer);
			return request;
		};
	}

	private static List<?> parts(WebApplicationContext mvc) {
		return Stream.of(RequestMappingHandlerAdapter.class, HandlerExceptionResolver.class)
			.map((type) -> mvc.getBeansOfType(type).values())
			.flatMap(Collection::stream)
			.toList();
	}

	/**
	 * Close all streams, and stop the delivery threads.
	 */
	@Override
	public void close() {
		this.context.close();
	}

}
