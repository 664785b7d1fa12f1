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
 * The methods with {@code @SseTopic}. Thread-safe.
 */
final class TopicMethods {

	private static final Set<RequestMethod> OF_SOURCES = Set.of(RequestMethod.GET, RequestMethod.HEAD,
			RequestMethod.POST);

	private final Map<Method, Optional<TopicMethod>> methods = new ConcurrentHashMap<>();

	private volatile StringValueResolver placeholders = (topic) -> topic;

	private volatile Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats = BeanUtils::instantiateClass;

	/**
	 * Set what resolves the placeholders of topics, before any method is asked for.
	 */
	void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Set what returns formats by their types, before any method is asked for.
	 */
	void setFormats(Function<Class<? extends SseSourceFormat>, SseSourceFormat> formats) {
		this.formats = formats;
	}

	/**
	 * Return what is to be known of a method. Of a bridge, as Kotlin makes for a method
	 * with a body in an interface, that is what it leads to, which knows its types.
	 */
	@Nullable TopicMethod get(Method method) {
		return this.methods
			.computeIfAbsent(method,
					(key) -> Optional.ofNullable(TopicMethod.of(BridgeMethodResolver.findBridgedMethod(key),
							this.placeholders, this.formats)))
			.orElse(null);
	}

	/**
	 * Check methods before there are requests for them.
	 * @param mappings the methods that are mapped
	 * @param encoder writes their snapshots
	 * @param admissions decide who may have their streams
	 * @throws InvalidSseMethodException if one has an annotation that cannot work, or
	 * needs one that it has not
	 */
	void check(Map<RequestMappingInfo, HandlerMethod> mappings, SsePayloadEncoder encoder,
			List<StreamAdmission> admissions) {
		mappings.forEach((mapping, handler) -> {
			TopicMethod method = get(handler.getMethod());
			if (method != null) {
				method.checkView(encoder);
				checkSource(method, mapping);
				mapping.getPatternValues().forEach(method::checkVariables);
				admissions.forEach((admission) -> admission.check(method.method(), method.topics()));
			}
			else if (AnnotatedElementUtils.hasAnnotation(handler.getMethod(), SseAnswer.class)) {
				throw withoutTopic(handler.getMethod());
			}
			else if (Arrays.stream(handler.getMethodParameters()).anyMatch(TopicMethods::isStream)) {
				throw new InvalidSseMethodException(SseTopic.class, handler.getMethod(),
						"it is not there, and only a method with @SseTopic has an SseStream as argument",
						"Add @SseTopic, or get a stream from SseEmitterRegistry.subscribe(...)", null);
			}
		});
	}

	/**
	 * Check that every method that has {@code @SseTopic} is mapped.
	 * @param methods those of all beans
	 * @param mapped the methods that are mapped
	 * @throws InvalidSseMethodException if one is not
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
	 * Check that no method has {@code @SseAnswer} alone.
	 * @param methods those of all beans that have it
	 * @throws InvalidSseMethodException if one has
	 */
	static void checkAnswers(Set<Method> methods) {
		for (Method method : methods) {
			if (!AnnotatedElementUtils.hasAnnotation(method, SseTopic.class)) {
				throw withoutTopic(method);
			}
		}
	}

	private static InvalidSseMethodException withoutTopic(Method method) {
		return new InvalidSseMethodException(SseAnswer.class, method, "it is not beside @SseTopic",
				"Add @SseTopic with the topic of the answer", null);
	}

	/**
	 * Check that requests may start the source that a method returns.
	 */
	private static void checkSource(TopicMethod method, RequestMappingInfo mapping) {
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (method.answer() != null && method.answer().source() != null && !OF_SOURCES.containsAll(methods)) {
			throw new InvalidSseMethodException(SseTopic.class, method.method(),
					"it returns a source, and is mapped to " + methods, "Map it to GET or POST", null);
		}
	}

	/**
	 * NOTE: what has annotations may come from elsewhere, such as an attribute of the
	 * request.
	 */
	static boolean isStream(MethodParameter parameter) {
		return SseStream.class.equals(parameter.getParameterType()) && !parameter.hasParameterAnnotations();
	}

}
