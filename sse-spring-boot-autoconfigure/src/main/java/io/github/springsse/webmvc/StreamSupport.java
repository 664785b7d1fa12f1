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

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseTopic;
import org.jspecify.annotations.Nullable;

import org.springframework.core.MethodParameter;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.handler.AbstractHandlerMapping;
import org.springframework.web.servlet.handler.HandlerExceptionResolverComposite;
import org.springframework.web.servlet.mvc.method.annotation.ExceptionHandlerExceptionResolver;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.ServletModelAttributeMethodProcessor;

/**
 * The components that open streams, and their registration with parts of Spring MVC to
 * which no {@code WebMvcConfigurer} is applied, as with a subclass of
 * {@code WebMvcConfigurationSupport}.
 *
 * @param interceptor prepares the streams of methods with {@link SseTopic}
 * @param argumentResolver resolves arguments of type {@code SseStream}
 * @param returnValueHandler opens streams
 * @param failureResolver refuses streams that lack resources
 */
record StreamSupport(TopicInterceptor interceptor, StreamArgumentResolver argumentResolver,
		StreamReturnValueHandler returnValueHandler, StreamFailureResolver failureResolver) {

	/**
	 * Add the interceptor as the last one, so that requests which the application refuses
	 * take no resources of the library.
	 * @param mapping a mapping that has not been initialized
	 */
	void addTo(AbstractHandlerMapping mapping) {
		mapping.setInterceptors(this.interceptor);
	}

	/**
	 * Add the argument resolver and the return value handler, before handlers of the
	 * adapter that would treat streams as something else.
	 * @param adapter an adapter that has been initialized
	 */
	void addTo(RequestMappingHandlerAdapter adapter) {
		List<HandlerMethodReturnValueHandler> handlers = copyOf(adapter.getReturnValueHandlers());
		handlers.removeIf(StreamReturnValueHandler.class::isInstance);
		handlers.add(0, this.returnValueHandler);
		adapter.setReturnValueHandlers(handlers);
		List<HandlerMethodArgumentResolver> resolvers = copyOf(adapter.getArgumentResolvers());
		if (resolvers.stream().noneMatch(StreamArgumentResolver.class::isInstance)) {
			resolvers.add(placeIn(resolvers), this.argumentResolver);
			adapter.setArgumentResolvers(resolvers);
		}
	}

	/**
	 * Return the index after the resolvers for annotations, and before the resolver that
	 * creates an object of any type.
	 */
	private static int placeIn(List<HandlerMethodArgumentResolver> resolvers) {
		int result = resolvers.size();
		while (result > 0 && resolvers.get(result - 1) instanceof ServletModelAttributeMethodProcessor) {
			result--;
		}
		return result;
	}

	/**
	 * Add the failure resolver before the resolvers of the application, which would
	 * answer with an error.
	 * @param resolvers the resolvers of Spring MVC
	 */
	void addTo(HandlerExceptionResolverComposite resolvers) {
		List<HandlerExceptionResolver> list = copyOf(resolvers.getExceptionResolvers());
		if (list.stream().noneMatch(StreamFailureResolver.class::isInstance)) {
			list.add(0, this.failureResolver);
			resolvers.setExceptionResolvers(list);
		}
		list.forEach(StreamSupport::addErrorBodyHandler);
	}

	/**
	 * Keep the status of an {@code @ExceptionHandler} if its return value cannot be
	 * written.
	 * @param resolver any resolver
	 */
	static void addErrorBodyHandler(HandlerExceptionResolver resolver) {
		if (resolver instanceof ExceptionHandlerExceptionResolver handlers) {
			ErrorBodyHandler.addTo(handlers);
		}
	}

	private static <T> List<T> copyOf(@Nullable List<T> list) {
		return (list != null) ? new ArrayList<>(list) : new ArrayList<>();
	}

	/**
	 * Check that a mapping has the interceptor. If snapshots are shared, it must be the
	 * last one: others would be left out for requests for which the method does not run.
	 * @param method a method with {@link SseTopic}
	 * @param shared whether its snapshots are shared
	 * @param name the name of the mapping
	 * @param mapping the mapping
	 * @throws InvalidSseMethodException if the mapping does not have it, or not as the
	 * last one
	 */
	static void check(HandlerMethod method, boolean shared, String name, AbstractHandlerMapping mapping) {
		HandlerInterceptor[] interceptors = mapping.getAdaptedInterceptors();
		if (interceptors == null || Arrays.stream(interceptors).noneMatch(TopicInterceptor.class::isInstance)) {
			throw new InvalidSseMethodException(SseTopic.class, method.getMethod(),
					"the handler mapping '" + name + "' that maps it lacks the interceptor that opens streams",
					"Create the mapping as a bean of a context with the auto-configuration of this library, and not as "
							+ "a dependency of a BeanPostProcessor, for which it would be created too early",
					null);
		}
		Optional<HandlerInterceptor> left = Arrays.stream(interceptors)
			.dropWhile((interceptor) -> !(interceptor instanceof TopicInterceptor))
			.filter((interceptor) -> !(interceptor instanceof TopicInterceptor))
			.findFirst();
		if (shared && left.isPresent()) {
			throw new InvalidSseMethodException(SseTopic.class, method.getMethod(),
					"its snapshots cannot be shared (snapshot = SHARED): the interceptor "
							+ left.get().getClass().getName() + " of the handler mapping '" + name
							+ "' comes after the one that opens streams, and would not apply to all requests",
					"Register it with an order before Ordered.LOWEST_PRECEDENCE", null);
		}
	}

	/**
	 * Check that an adapter has the components that open streams. Handlers and resolvers
	 * of the application may replace them.
	 * @param method a method with {@link SseTopic}
	 * @param name the name of the adapter
	 * @param adapter the adapter
	 * @throws InvalidSseMethodException if a component of Spring MVC would handle the
	 * return value of the method or its argument instead
	 */
	static void check(HandlerMethod method, String name, RequestMappingHandlerAdapter adapter) {
		List<HandlerMethodReturnValueHandler> handlers = copyOf(adapter.getReturnValueHandlers());
		if (handlers.stream().noneMatch(StreamReturnValueHandler.class::isInstance)) {
			ofSpring(handlers, (handler) -> handler.supportsReturnType(method.getReturnType())).ifPresent((handler) -> {
				throw lost(method, name, "return value handler",
						handler + " would write the return value of the method",
						"existing handlers of the adapter where you set its return value handlers");
			});
		}
		List<HandlerMethodArgumentResolver> resolvers = copyOf(adapter.getArgumentResolvers());
		for (MethodParameter parameter : method.getMethodParameters()) {
			if (TopicMethods.isStream(parameter)
					&& resolvers.stream().noneMatch(StreamArgumentResolver.class::isInstance)) {
				ofSpring(resolvers, (resolver) -> resolver.supportsParameter(parameter)).ifPresent((resolver) -> {
					throw lost(method, name, "argument resolver", resolver + " would create the argument of the method",
							"existing resolvers of the adapter where you set its argument resolvers");
				});
			}
		}
	}

	/**
	 * Return the name of the component that would be used, if it belongs to Spring.
	 */
	private static <T> Optional<String> ofSpring(List<T> parts, Predicate<T> supports) {
		return parts.stream()
			.filter(supports)
			.findFirst()
			.map(Object::getClass)
			.filter((type) -> type.getName().startsWith("org.springframework."))
			.map(Class::getSimpleName);
	}

	private static InvalidSseMethodException lost(HandlerMethod method, String adapter, String part, String effect,
			String keep) {
		return new InvalidSseMethodException(SseTopic.class, method.getMethod(), "the RequestMappingHandlerAdapter '"
				+ adapter + "' has lost the " + part + " for streams, and " + effect, "Keep the " + keep, null);
	}

}
