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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.UUID;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseTopic;
import io.github.springsse.TopicPattern;
import io.github.springsse.TopicTemplate;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.context.annotation.Scope;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.format.annotation.NumberFormat;
import org.springframework.format.datetime.standard.DurationFormatterUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;
import org.springframework.util.StringValueResolver;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.context.WebApplicationContext;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;

/**
 * The properties of a controller method whose snapshots are shared: what they depend on,
 * and how long they may be reused. A method whose snapshots may depend on anything else,
 * or that checks access, is refused at the start.
 *
 * @param maxAge the age up to which a snapshot is reused, zero to share it only among
 * requests that wait at the same time
 * @param pathVariables the path variables that the arguments of the method take
 * @param parameters the request parameters that the arguments of the method take
 * @param localized whether the conversion of an argument depends on the locale
 */
record SharedMethod(Duration maxAge, List<String> pathVariables, List<String> parameters, boolean localized) {

	private static final Set<RequestMethod> GET_AND_HEAD = Set.of(RequestMethod.GET, RequestMethod.HEAD);

	/**
	 * Annotations that check access when the method is called, or make its result depend
	 * on the user. Spring Security is optional.
	 */
	private static final List<String> SECURITY = List.of("org.springframework.security.access.prepost.PreAuthorize",
			"org.springframework.security.access.prepost.PostAuthorize",
			"org.springframework.security.access.prepost.PreFilter",
			"org.springframework.security.access.prepost.PostFilter",
			"org.springframework.security.access.annotation.Secured",
			"org.springframework.security.authorization.method.AuthorizeReturnObject",
			"jakarta.annotation.security.RolesAllowed", "jakarta.annotation.security.DenyAll",
			"jakarta.annotation.security.RunAs");

	/** The scopes of controllers that have a state for each user. */
	private static final Set<String> SCOPES = Set.of(WebApplicationContext.SCOPE_REQUEST,
			WebApplicationContext.SCOPE_SESSION);

	private static final Set<Class<?>> UNLOCALIZED = Set.of(String.class, CharSequence.class, Boolean.class,
			Character.class, UUID.class);

	private static final String PRIVATE = ", or leave out snapshot = SHARED";

	/**
	 * Return the properties of a method.
	 * @param method the method
	 * @param annotation its annotation
	 * @param topics the topics and patterns of the method
	 * @param fromStart whether its streams begin at the start of the topics
	 * @param placeholders resolves the placeholders of the annotations
	 * @return the properties, {@code null} if its snapshots are not shared
	 * @throws InvalidSseMethodException if they cannot be shared
	 */
	static @Nullable SharedMethod of(Method method, SseTopic annotation, List<TopicTemplate> topics, boolean fromStart,
			StringValueResolver placeholders) {
		String age = annotation.snapshotMaxAge();
		if (annotation.snapshot() != SseTopic.Sharing.SHARED) {
			if (!age.isEmpty()) {
				throw new InvalidSseMethodException(SseTopic.class, method,
						"snapshotMaxAge is for shared snapshots, and each request has a snapshot of its own",
						"Add snapshot = SHARED, or leave out snapshotMaxAge", null);
			}
			return null;
		}
		if (fromStart) {
			throw refused(method, "its streams begin at the start of their topics and not with a snapshot",
					"Leave out snapshot = SHARED");
		}
		Class<?> returned = method.getReturnType();
		if (returned == void.class || returned == Void.class || returned.getName().equals("kotlin.Unit")) {
			throw refused(method, "it returns no snapshot", "Return one" + PRIVATE);
		}
		for (TopicTemplate topic : topics) {
			for (String variable : topic.variables()) {
				if (TopicVariables.isOfUser(variable)) {
					throw refused(method,
							"the variable '" + variable + "' of topic '" + topic + "' depends on the user",
							"Use a topic that is the same for all users" + PRIVATE);
				}
			}
		}
		checkSecurity(method, MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY), "it");
		List<String> pathVariables = new ArrayList<>();
		List<String> parameters = new ArrayList<>();
		boolean localized = false;
		for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
			parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
			Class<?> type = simpleType(parameter);
			String path = name(parameter, PathVariable.class, placeholders);
			String param = name(parameter, RequestParam.class, placeholders);
			if (type == null || (path == null) == (param == null) || !hasOnlyKnownSource(parameter)) {
				throw refused(method,
						"its argument " + parameter.getParameterIndex() + " of type "
								+ parameter.getParameterType().getSimpleName()
								+ " may depend on the user or on more of the request than a variable",
						"Use only arguments with @PathVariable or @RequestParam, of a type such as String, Long, "
								+ "UUID, an enum or a date" + PRIVATE);
			}
			if (path != null) {
				pathVariables.add(path);
			}
			else {
				parameters.add(Objects.requireNonNull(param));
			}
			localized |= isLocalized(parameter, type);
		}
		return new SharedMethod(maxAge(method, age, placeholders), List.copyOf(pathVariables), List.copyOf(parameters),
				localized);
	}

	/**
	 * NOTE: a default value or a name may be an expression that refers to the request.
	 */
	private static boolean hasOnlyKnownSource(MethodParameter parameter) {
		RequestParam param = parameter.getParameterAnnotation(RequestParam.class);
		PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
		return (param == null || !(param.defaultValue() + param.name()).contains("#{"))
				&& (path == null || !path.name().contains("#{"));
	}

	private static @Nullable String name(MethodParameter parameter, Class<? extends Annotation> type,
			StringValueResolver placeholders) {
		Annotation annotation = parameter.getParameterAnnotation(type);
		if (annotation == null) {
			return null;
		}
		String declared = (annotation instanceof PathVariable path) ? path.name() : ((RequestParam) annotation).name();
		return StringUtils.hasText(declared) ? placeholders.resolveStringValue(declared) : parameter.getParameterName();
	}

	/**
	 * Return the type of an argument, or of its elements, {@code null} if it is not
	 * simple.
	 */
	private static @Nullable Class<?> simpleType(MethodParameter parameter) {
		ResolvableType type = ResolvableType.forMethodParameter(parameter);
		if (type.toClass() == Optional.class) {
			type = type.getGeneric();
		}
		if (type.isArray()) {
			type = type.getComponentType();
		}
		else if (Collection.class.isAssignableFrom(type.toClass())) {
			type = type.asCollection().getGeneric();
		}
		Class<?> result = type.resolve();
		return (result != null && BeanUtils.isSimpleValueType(result)) ? result : null;
	}

	/**
	 * Whether the text of an argument may have another meaning in another language, as
	 * the text of a date.
	 */
	private static boolean isLocalized(MethodParameter parameter, Class<?> type) {
		Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
		boolean plain = UNLOCALIZED.contains(boxed) || boxed.isEnum() || Number.class.isAssignableFrom(boxed);
		return !plain || parameter.hasParameterAnnotation(DateTimeFormat.class)
				|| parameter.hasParameterAnnotation(NumberFormat.class);
	}

	private static Duration maxAge(Method method, String text, StringValueResolver placeholders) {
		if (text.isEmpty()) {
			return Duration.ZERO;
		}
		Duration result;
		try {
			String resolved = placeholders.resolveStringValue(text);
			result = DurationFormatterUtils.detectAndParse((resolved != null) ? resolved.trim() : "");
		}
		catch (RuntimeException ex) {
			throw wrongAge(method, ex.getMessage(), ex);
		}
		if (result.isNegative()) {
			throw wrongAge(method, "it is negative", null);
		}
		return result;
	}

	private static InvalidSseMethodException wrongAge(Method method, @Nullable String fault,
			@Nullable Throwable cause) {
		return new InvalidSseMethodException(SseTopic.class, method, "snapshotMaxAge is not valid: " + fault,
				"Write a time as 500ms or 2s", cause);
	}

	private static InvalidSseMethodException refused(Method method, String fault, String action) {
		return new InvalidSseMethodException(SseTopic.class, method,
				"its snapshots cannot be shared (snapshot = SHARED): " + fault, action, null);
	}

	private static void checkSecurity(Method method, MergedAnnotations annotations, String owner) {
		for (String type : SECURITY) {
			if (annotations.isPresent(type)) {
				throw refused(method,
						owner + " has @" + ClassUtils.getShortName(type)
								+ ", which would apply only to the requests for which the method runs",
						"Check access by a rule for the request or the topic" + PRIVATE);
			}
		}
	}

	/**
	 * Check the mapping and the controller of the method.
	 * @param handler the method and its bean
	 * @param mapping the mapping of the method
	 * @throws InvalidSseMethodException if the snapshots of the method cannot be shared
	 */
	void check(HandlerMethod handler, RequestMappingInfo mapping) {
		Method method = handler.getMethod();
		Class<?> type = handler.getBeanType();
		Set<RequestMethod> methods = mapping.getMethodsCondition().getMethods();
		if (methods.isEmpty() || !GET_AND_HEAD.containsAll(methods)) {
			throw refused(method, methods.isEmpty() ? "it is mapped to all HTTP methods" : "it is mapped to " + methods,
					"Map it with @GetMapping" + PRIVATE);
		}
		checkSecurity(method, MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY), "its class");
		if (!MethodIntrospector.selectMethods(type, RequestMappingHandlerAdapter.MODEL_ATTRIBUTE_METHODS).isEmpty()) {
			throw refused(method, "its class has methods with @ModelAttribute, which run only before the method",
					"Move the method to another class" + PRIVATE);
		}
		Scope scope = AnnotatedElementUtils.findMergedAnnotation(type, Scope.class);
		if (scope != null && SCOPES.contains(scope.scopeName())) {
			throw refused(method, "its class has the scope '" + scope.scopeName() + "'",
					"Move the method to a class without a scope" + PRIVATE);
		}
	}

	/**
	 * Return what the snapshot for a request depends on.
	 * @param handler the method and its bean
	 * @param topics the topics of the request
	 * @param request the request
	 * @return an object that equals that of another request if both have the same
	 * snapshot
	 */
	Object key(HandlerMethod handler, List<TopicPattern> topics, HttpServletRequest request) {
		Map<?, ?> path = (request
			.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> map) ? map : Map.of();
		List<@Nullable Object> values = new ArrayList<>();
		for (String name : this.pathVariables) {
			values.add(path.get(name));
		}
		for (String name : this.parameters) {
			String[] texts = request.getParameterValues(name);
			values.add((texts != null) ? Arrays.asList(texts) : null);
		}
		HandlerMethod original = handler.getResolvedFromHandlerMethod();
		return new Key((original != null) ? original : handler, topics, values,
				this.localized ? LocaleContextHolder.getLocale() : null,
				this.localized ? LocaleContextHolder.getTimeZone() : null);
	}

	/**
	 * What a snapshot depends on.
	 *
	 * @param handler the method and its bean
	 * @param topics the topics and patterns
	 * @param values the values of the path variables and request parameters, as text
	 * @param locale the locale of the request if it matters
	 * @param zone the time zone of the request if it matters
	 */
	private record Key(HandlerMethod handler, List<TopicPattern> topics, List<@Nullable Object> values,
			@Nullable Locale locale, @Nullable TimeZone zone) {

	}

}
