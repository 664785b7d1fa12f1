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
 * What the parts of Spring MVC need to open streams, for those that get nothing from
 * {@code WebMvcConfigurer}s, as with a subclass of {@code WebMvcConfigurationSupport}.
 *
 * @param interceptor begins what methods with {@link SseTopic} open
 * @param argumentResolver gives them the stream
 * @param returnValueHandler opens streams
 * @param failureResolver refuses streams that lack resources
 */
record StreamSupport(TopicInterceptor interceptor, StreamArgumentResolver argumentResolver,
		StreamReturnValueHandler returnValueHandler, StreamFailureResolver failureResolver) {

	/**
	 * Add the interceptor, as the last one: what the application refuses takes nothing of
	 * ours.
	 * @param mapping a mapping that has not been initialized
	 */
	void addTo(AbstractHandlerMapping mapping) {
		mapping.setInterceptors(this.interceptor);
	}

	/**
	 * Have the adapter know streams before its own handlers take them for something else.
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
	 * After those for annotations, and before the one that makes an object of any type.
	 */
	private static int placeIn(List<HandlerMethodArgumentResolver> resolvers) {
		int result = resolvers.size();
		while (result > 0 && resolvers.get(result - 1) instanceof ServletModelAttributeMethodProcessor) {
			result--;
		}
		return result;
	}

	/**
	 * Have streams refused before the application answers with an error.
	 * @param resolvers those of Spring MVC
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
	 * Have what an {@code @ExceptionHandler} returns answered with its status where
	 * nothing can write it.
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
	 * Check that a mapping has the interceptor.
	 * @param method a method with {@link SseTopic}
	 * @param name the name of the mapping
	 * @param mapping the mapping
	 * @throws InvalidSseMethodException if it has not
	 */
	static void check(HandlerMethod method, String name, AbstractHandlerMapping mapping) {
		HandlerInterceptor[] interceptors = mapping.getAdaptedInterceptors();
		if (interceptors == null || Arrays.stream(interceptors).noneMatch(TopicInterceptor.class::isInstance)) {
			throw new InvalidSseMethodException(SseTopic.class, method.getMethod(),
					"the handler mapping '" + name + "' that maps it has not the interceptor that opens streams",
					"Have the mapping created as a bean of a context with the auto-configuration of this library, "
							+ "and not for a BeanPostProcessor, which comes too early",
					null);
		}
	}

	/**
	 * Check that an adapter has what opens streams. What it has of the application's own
	 * may do so, too.
	 * @param method a method with {@link SseTopic}
	 * @param name the name of the adapter
	 * @param adapter the adapter
	 * @throws InvalidSseMethodException if something of Spring's would take what the
	 * method returns, or its argument
	 */
	static void check(HandlerMethod method, String name, RequestMappingHandlerAdapter adapter) {
		List<HandlerMethodReturnValueHandler> handlers = copyOf(adapter.getReturnValueHandlers());
		if (handlers.stream().noneMatch(StreamReturnValueHandler.class::isInstance)) {
			ofSpring(handlers, (handler) -> handler.supportsReturnType(method.getReturnType())).ifPresent((handler) -> {
				throw lost(method, name, "return value handler", handler + " would write what the method returns",
						"handlers that the adapter has already where you set its return value handlers");
			});
		}
		List<HandlerMethodArgumentResolver> resolvers = copyOf(adapter.getArgumentResolvers());
		for (MethodParameter parameter : method.getMethodParameters()) {
			if (TopicMethods.isStream(parameter)
					&& resolvers.stream().noneMatch(StreamArgumentResolver.class::isInstance)) {
				ofSpring(resolvers, (resolver) -> resolver.supportsParameter(parameter)).ifPresent((resolver) -> {
					throw lost(method, name, "argument resolver", resolver + " would make the argument of the method",
							"resolvers that the adapter has already where you set its argument resolvers");
				});
			}
		}
	}

	/**
	 * Return the name of the part that would be used, if it is one of Spring's.
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
