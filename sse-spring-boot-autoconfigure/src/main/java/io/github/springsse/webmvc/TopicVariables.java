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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import io.github.springsse.SseTopic;
import io.github.springsse.TopicTemplate;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.KotlinDetector;
import org.springframework.core.MethodParameter;
import org.springframework.core.Nullness;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The sources of the topic variables of a method with {@link SseTopic}: the path of the
 * request, arguments of the method, and the principal. Immutable.
 */
final class TopicVariables {

	/** The variable for the name of the authenticated user. */
	static final String USER = "user";

	private static final Pattern PRINCIPAL = Pattern.compile("#principal(\\.[\\p{L}_$][\\p{L}\\p{Nd}_$]*)+");

	/** The indexes of arguments with path variables, by name. */
	private final Map<String, Integer> ofPath = new HashMap<>();

	/** The indexes of arguments with request parameters or headers, by name. */
	private final Map<String, Integer> ofRequest = new HashMap<>();

	private final Map<String, PrincipalProperty> ofPrincipal = new HashMap<>();

	private final MethodParameter[] parameters;

	/**
	 * Find the sources of variables.
	 * @param method the method
	 * @param topics the topics of the method
	 */
	TopicVariables(Method method, List<TopicTemplate> topics) {
		this.parameters = new AnnotatedMethod(method).getMethodParameters();
		DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();
		for (MethodParameter parameter : this.parameters) {
			parameter.initParameterNameDiscovery(names);
			PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
			RequestParam param = parameter.getParameterAnnotation(RequestParam.class);
			RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
			if (path != null) {
				add(parameter, path.name(), this.ofPath);
			}
			else if (param != null) {
				add(parameter, param.name(), this.ofRequest);
			}
			else if (header != null) {
				add(parameter, header.name(), this.ofRequest);
			}
		}
		for (TopicTemplate topic : topics) {
			for (String variable : topic.variables()) {
				if (PRINCIPAL.matcher(variable).matches()) {
					this.ofPrincipal.computeIfAbsent(variable, PrincipalProperty::new);
				}
			}
		}
	}

	/**
	 * Whether the value of a variable depends on the authenticated user.
	 */
	static boolean isOfUser(String variable) {
		return variable.equals(USER) || variable.startsWith("#");
	}

	private static void add(MethodParameter parameter, String declared, Map<String, Integer> arguments) {
		String name = StringUtils.hasText(declared) ? declared : parameter.getParameterName();
		if (name != null
				&& (StringUtils.hasText(declared) || !Map.class.isAssignableFrom(parameter.getParameterType()))) {
			arguments.putIfAbsent(name, parameter.getParameterIndex());
		}
	}

	/**
	 * Check a variable.
	 * @param variable the name of the variable
	 * @param path a path that the method is mapped to
	 * @param pathVariables the variables of the path
	 * @return the fault and the action, or {@code null} if the value has exactly one
	 * source
	 */
	@Nullable Fault check(String variable, String path, List<String> pathVariables) {
		boolean inPath = pathVariables.contains(variable);
		Integer argument = this.ofRequest.get(variable);
		if (variable.startsWith("#")) {
			return this.ofPrincipal.containsKey(variable) ? null : new Fault("is not a property of #principal",
					"Name a property, or a path of properties separated by dots, as in {#principal.tenant}");
		}
		if (pathVariables.contains("*" + variable)) {
			return new Fault("stands for several segments in the path '" + path + "'",
					"Use a variable that is one segment of the path");
		}
		if (variable.equals(USER)) {
			return checkUser(path, inPath, argument);
		}
		if (inPath && argument != null) {
			return new Fault("is in the path '" + path + "', and also another argument of the method",
					"Rename one of them");
		}
		if (argument != null) {
			return checkType(this.parameters[argument]);
		}
		return inPath ? null
				: new Fault("is not in the path '" + path + "'",
						"Use a variable of the path, a @RequestParam or @RequestHeader of the method, {user} for the "
								+ "name of the authenticated user, or a property as in {#principal.tenant}");
	}

	private static @Nullable Fault checkUser(String path, boolean inPath, @Nullable Integer argument) {
		if (inPath) {
			return new Fault("is the authenticated user, but also a variable of the path '" + path + "'",
					"Rename the variable of the path");
		}
		return (argument != null) ? new Fault("is the authenticated user, but also an argument of the method",
				"Rename the parameter or header") : null;
	}

	/**
	 * NOTE: a type variable of the method may have a known type in the bean.
	 */
	private static @Nullable Fault checkType(MethodParameter parameter) {
		Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
		if (hasKotlinDefault(parameter)) {
			return new Fault("is an argument with a Kotlin default value, which is known only to the method",
					"Declare the default as defaultValue of @RequestParam or @RequestHeader");
		}
		boolean unknown = !(parameter.nestedIfOptional().getNestedGenericParameterType() instanceof Class);
		return (TopicTemplate.isText(type) || (unknown && type == Object.class)) ? null
				: new Fault("is an argument of type " + type.getSimpleName() + ", which is not a single value",
						"Use an argument of a type such as String, Long, UUID, an enum or a date");
	}

	/**
	 * Whether the default value of an argument is declared in Kotlin, not in its
	 * annotation.
	 */
	private static boolean hasKotlinDefault(MethodParameter parameter) {
		RequestParam param = parameter.getParameterAnnotation(RequestParam.class);
		RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
		String declared = (param != null) ? param.defaultValue()
				: (header != null) ? header.defaultValue() : ValueConstants.DEFAULT_NONE;
		return declared.equals(ValueConstants.DEFAULT_NONE)
				&& KotlinDetector.isKotlinType(parameter.getDeclaringClass())
				&& parameter.getParameterType() != Optional.class && parameter.isOptional()
				&& Nullness.forMethodParameter(parameter) == Nullness.NON_NULL;
	}

	/**
	 * Return the value of a variable for a request.
	 * @param variable the name of the variable
	 * @param handler the method and its bean
	 * @param request the request
	 * @param response its response
	 * @param arguments resolves arguments
	 * @return the value, or {@code null} if there is none
	 * @throws Exception the exception of Spring MVC if the argument cannot be resolved
	 */
	@Nullable String value(String variable, HandlerMethod handler, HttpServletRequest request, HttpServletResponse response,
			ArgumentResolution arguments) throws Exception {
		PrincipalProperty property = this.ofPrincipal.get(variable);
		if (property != null) {
			return property.value(request.getUserPrincipal());
		}
		Map<?, ?> path = (request
			.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> map) ? map : Map.of();
		String raw = (path.get(variable) instanceof String text) ? text : null;
		Integer argument = (raw != null) ? this.ofPath.get(variable) : this.ofRequest.get(variable);
		if (argument == null) {
			return raw;
		}
		Object value = arguments.resolve(handler, argument, request, response);
		value = (value instanceof Optional<?> optional) ? optional.orElse(null) : value;
		// NOTE: for any other object, use the text of the request, as applications
		// publish with it
		return (value != null && TopicTemplate.isText(value.getClass())) ? TopicTemplate.text(value) : raw;
	}

	/**
	 * A fault of a variable.
	 *
	 * @param fault the fault
	 * @param action how to correct it
	 */
	record Fault(String fault, String action) {

	}

}
