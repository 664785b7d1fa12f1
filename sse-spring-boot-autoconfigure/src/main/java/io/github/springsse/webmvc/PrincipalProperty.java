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

import java.security.Principal;

import io.github.springsse.TopicTemplate;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.EvaluationContext;
import org.springframework.expression.EvaluationException;
import org.springframework.expression.Expression;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.expression.spel.support.DataBindingPropertyAccessor;
import org.springframework.expression.spel.support.MapAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.http.HttpStatus;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * A property of the principal of a request, such as {@code #principal.tenant}. With
 * Spring Security it is a property of the principal of the {@code Authentication}, as for
 * {@code @AuthenticationPrincipal}. Entries of a map are properties, too. Immutable.
 */
final class PrincipalProperty {

	private static final String PREFIX = "#principal.";

	private static final EvaluationContext PROPERTIES = SimpleEvaluationContext
		.forPropertyAccessors(new MapAccessor(false), DataBindingPropertyAccessor.forReadOnlyAccess())
		.build();

	private static final SpelExpressionParser parser = new SpelExpressionParser();

	private static final Expression principalOfAuthentication = parser.parseExpression("principal");

	private static final @Nullable Class<?> authentication = authentication();

	private final String variable;

	private final Expression expression;

	/**
	 * Create a property.
	 * @param variable the topic variable: <code>#principal.</code> and the path of the
	 * property
	 */
	PrincipalProperty(String variable) {
		this.variable = variable;
		this.expression = parser.parseExpression(variable.substring(PREFIX.length()));
	}

	private static @Nullable Class<?> authentication() {
		String name = "org.springframework.security.core.Authentication";
		ClassLoader classLoader = PrincipalProperty.class.getClassLoader();
		return ClassUtils.isPresent(name, classLoader) ? ClassUtils.resolveClassName(name, classLoader) : null;
	}

	/**
	 * Return the value of the property.
	 * @param user the principal of a request
	 * @return the value
	 * @throws ResponseStatusException if there is no principal, or it has no such value
	 */
	String value(@Nullable Principal user) {
		if (user == null) {
			throw new ResponseStatusException(HttpStatus.UNAUTHORIZED, "Only for authenticated users");
		}
		try {
			Object root = (authentication != null && authentication.isInstance(user))
					? principalOfAuthentication.getValue(PROPERTIES, user) : user;
			String value = TopicTemplate.text(this.expression.getValue(PROPERTIES, root));
			if (value == null) {
				throw forbidden(null);
			}
			return value;
		}
		catch (EvaluationException ex) {
			throw forbidden(ex);
		}
	}

	private ResponseStatusException forbidden(@Nullable Exception cause) {
		return new ResponseStatusException(HttpStatus.FORBIDDEN,
				"The authenticated user has no value for variable '" + this.variable + "'", cause);
	}

}
