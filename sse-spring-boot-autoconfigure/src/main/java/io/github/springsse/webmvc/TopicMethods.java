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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseAnswer;
import io.github.springsse.SsePayloadEncoder;
import io.github.springsse.SseSourceFormat;
import io.github.springsse.SseStream;
import io.github.springsse.SseTopic;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.stereotype.Controller;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;

/**
 * The registry of controller methods with {@code @SseTopic}. Thread-safe.
 */
final class TopicMethods {

	private static final Set<RequestMethod> OF_SOURCES = Set.of(RequestMethod.GET, RequestMethod.HEAD,
			RequestMethod.POST);

	private final Map<Method, Optional<TopicMethod>> methods = new ConcurrentHashMap<>();

	private volatile StringValueResolver placeholders = (topic) -> topic;

	private volatile Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats = BeanUtils::instantiateClass;

	/**
	 * Set the resolver for placeholders in topics, before the first call of {@link #get}.
	 */
	void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Set the function that returns a format by its type, before the first call of
	 * {@link #get}.
	 */
	void setFormats(Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		this.formats = formats;
	}

	/**
	 * Return the properties of a method. For a bridge method, such as Kotlin creates for
	 * an interface method with a body, these are the properties of the bridged method,
	 * which has the actual types.
	 */
	@Nullable TopicMethod get(Method method) {
		return this.methods
			.computeIfAbsent(method,
					(key) -> Optional.ofNullable(TopicMethod.of(BridgeMethodResolver.findBridgedMethod(key),
							this.placeholders, this.formats)))
			.orElse(null);
	}

	/**
	 * Check mapped methods, before they receive requests.
	 * @param mappings the mapped methods
	 * @param encoder writes the snapshots
	 * @param admissions decide whether a request may open a stream
	 * @throws InvalidSseMethodException if an annotation cannot work on its method, or a
	 * required annotation is missing
	 */
	void check(Map<RequestMappingInfo, HandlerMethod> mappings, SsePayloadEncoder encoder,
			List<StreamAdmission> admissions) {
		mappings.forEach((mapping, handler) -> {
			TopicMethod method = get(handler.getMethod());
			if (method != null) {
				method.checkView(encoder);
				checkSource(method, mapping);
				if (method.shared() != null) {
					method.shared().check(handler, mapping);
				}
				mapping.getPatternValues().forEach(method::checkVariables);
				admissions.forEach((admission) -> admission.check(method.method(), method.topics()));
			}
			else if (AnnotatedElementUtils.hasAnnotation(handler.getMethod(), SseAnswer.class)) {
				throw withoutTopic(handler.getMethod());
			}
			else if (Arrays.stream(handler.getMethodParameters()).anyMatch(TopicMethods::isStream)) {
				throw new InvalidSseMethodException(SseTopic.class, handler.getMethod(),
						"it is missing, and only a method with @SseTopic can have an SseStream argument",
						"Add @SseTopic, or get a stream from SseEmitterRegistry.subscribe(...)", null);
			}
		});
	}

	/**
	 * Check that every method with {@code @SseTopic} is mapped.
	 * @param methods the methods with {@code @SseTopic} of all beans
	 * @param mapped the mapped methods
	 * @throws InvalidSseMethodException if a method is not mapped
	 */
	static void checkMapped(Set<Method> methods, Set<Method> mapped) {
		for (Method method : methods) {
			if (!mapped.contains(method)) {
				boolean controller = AnnotatedElementUtils.hasAnnotation(method.getDeclaringClass(), Controller.class);
				throw new InvalidSseMethodException(SseTopic.class, method, "no request is mapped to it",
						controller ? "Add @GetMapping, or another mapping"
								: "Move it to a class with @RestController or @Controller, and add @GetMapping",
						null);
			}
		}
	}

	/**
	 * Check that no method has {@code @SseAnswer} without {@code @SseTopic}.
	 * @param methods the methods with {@code @SseAnswer} of all beans
	 * @throws InvalidSseMethodException if a method lacks {@code @SseTopic}
	 */
	static void checkAnswers(Set<Method> methods) {
		for (Method method : methods) {
			if (!AnnotatedElementUtils.hasAnnotation(method, SseTopic.class)) {
				throw withoutTopic(method);
			}
		}
	}

	private static InvalidSseMethodException withoutTopic(Method method) {
		return new InvalidSseMethodException(SseAnswer.class, method, "the method has no @SseTopic",
				"Add @SseTopic with the topic of the answer", null);
	}

	/**
	 * Check that a method which returns a source is mapped to HTTP methods that may start
	 * one.
	 */
	private static void checkSource(TopicMethod method, RequestMappingInfo mapping) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (method.answer() != null && method.answer().source() != null && !OF_SOURCES.containsAll(methods)) {
			throw new InvalidSseMethodException(SseTopic.class, method.method(),
					"it returns a source, but is mapped to " + methods, "Map it to GET or POST", null);
		}
	}

	/**
	 * NOTE: an annotated argument may have another source, such as a request attribute.
	 */
	static boolean isStream(MethodParameter parameter) {
		return SseStream.class.equals(parameter.getParameterType()) && !parameter.hasParameterAnnotations();
	}

}
