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

package io.github.springsse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeanUtils;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.support.DefaultConversionService;
import org.springframework.util.Assert;
import org.springframework.util.StringValueResolver;

/**
 * A topic or pattern with variables in braces, as annotations declare it, such as
 * <code>branches/{branch}/loans</code>. The name of a variable consists of letters,
 * digits, {@code _}, {@code $}, {@code -} and {@code .}, and may begin with {@code #}.
 * The value of a variable is always one segment or part of one, and never a wildcard.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class TopicTemplate {

	private static final String KIND = "topic template";

	private final String template;

	/** Literals at even indexes, names of variables at odd indexes. */
	private final List<String> parts;

	/** The result of a template without variables, otherwise {@code null}. */
	private final @Nullable TopicPattern constant;

	private TopicTemplate(String template) {
		this.template = template;
		this.parts = parse(template);
		check(TopicPattern::of);
		this.constant = (this.parts.size() == 1) ? TopicPattern.of(template) : null;
	}

	/**
	 * Parse a template.
	 * @param template the template as text
	 * @return the template
	 * @throws InvalidTopicException if it is not well formed
	 */
	public static TopicTemplate of(String template) {
		Assert.notNull(template, "'template' must not be null");
		if (template.length() > TopicSyntax.MAX_LENGTH) {
			throw new InvalidTopicException(KIND, template, TopicSyntax.MAX_LENGTH,
					"more than " + TopicSyntax.MAX_LENGTH + " characters");
		}
		return new TopicTemplate(template);
	}

	/**
	 * Parse a template after resolving placeholders such as <code>${name}</code>.
	 * @param template the template as text
	 * @param placeholders resolves them
	 * @return the template
	 * @throws InvalidTopicException if the result is not well formed
	 * @throws IllegalArgumentException if a placeholder cannot be resolved
	 */
	public static TopicTemplate of(String template, StringValueResolver placeholders) {
		String resolved;
		try {
			resolved = placeholders.resolveStringValue(template);
		}
		catch (IllegalArgumentException ex) {
			throw unresolved(template, ex);
		}
		// NOTE: by default, Spring leaves unresolvable placeholders unchanged
		if (resolved == null || resolved.contains("${")) {
			throw unresolved(template, null);
		}
		return of(resolved);
	}

	private static IllegalArgumentException unresolved(String template, @Nullable Exception cause) {
		return new IllegalArgumentException("a placeholder of topic '" + template + "' cannot be resolved", cause);
	}

	private static List<String> parse(String template) {
		List<String> parts = new ArrayList<>(3);
		int from = 0;
		int open = template.indexOf('{');
		while (open != -1) {
			int close = template.indexOf('}', open);
			if (close == -1) {
				throw new InvalidTopicException(KIND, template, open, "'{' without '}'");
			}
			checkVariable(template, open + 1, close);
			parts.add(literal(template, from, open));
			parts.add(template.substring(open + 1, close));
			from = close + 1;
			open = template.indexOf('{', from);
		}
		parts.add(literal(template, from, template.length()));
		return List.copyOf(parts);
	}

	private static String literal(String template, int start, int end) {
		String literal = template.substring(start, end);
		int close = literal.indexOf('}');
		if (close != -1) {
			throw new InvalidTopicException(KIND, template, start + close, "'}' without '{'");
		}
		return literal;
	}

	private static void checkVariable(String template, int start, int end) {
		int first = template.startsWith("#", start) ? start + 1 : start;
		if (first == end) {
			throw new InvalidTopicException(KIND, template, start - 1, "variable without a name");
		}
		for (int i = first; i < end; i++) {
			char c = template.charAt(i);
			if (!Character.isLetterOrDigit(c) && "_$-.".indexOf(c) == -1) {
				throw new InvalidTopicException(KIND, template, i,
						"the name of a variable may contain only letters, digits, '_', '$', '-' and '.'");
			}
		}
	}

	/**
	 * Check that this template produces topics, not patterns.
	 * @throws InvalidTopicException if it produces patterns
	 */
	public void checkTopic() {
		check(Topic::of);
	}

	/**
	 * Return whether this template produces topics, not patterns.
	 * @return whether it produces topics
	 */
	public boolean isTopic() {
		return TopicPattern.of(expand((variable) -> "x")).asTopic() != null;
	}

	/**
	 * Check the result of this template with placeholder values. The values have the
	 * length of the variables, so that positions in the result are positions in the
	 * template.
	 */
	private void check(Consumer<String> rules) {
		try {
			rules.accept(expand((variable) -> "x".repeat(variable.length() + 2)));
		}
		catch (InvalidTopicException ex) {
			throw new InvalidTopicException(KIND, this.template, ex.getPosition(), ex.fault());
		}
	}

	/**
	 * Return the names of the variables.
	 * @return the names, in order of first appearance
	 */
	public Set<String> variables() {
		Set<String> result = new LinkedHashSet<>();
		for (int i = 1; i < this.parts.size(); i += 2) {
			result.add(this.parts.get(i));
		}
		return result;
	}

	/**
	 * Replace the variables with values.
	 * @param values the value of each variable
	 * @return the topic or pattern
	 * @throws InvalidTopicVariableException if a value is missing or empty, or contains
	 * {@code /}, {@code *} or another character that a topic cannot contain
	 */
	public String expand(Function<String, @Nullable String> values) {
		StringBuilder result = new StringBuilder(this.parts.get(0));
		for (int i = 1; i < this.parts.size(); i += 2) {
			String variable = this.parts.get(i);
			result.append(checked(variable, values.apply(variable))).append(this.parts.get(i + 1));
		}
		return result.toString();
	}

	/**
	 * Replace the variables with values. A template without variables always returns the
	 * same object.
	 * @param values the value of each variable
	 * @return the pattern
	 * @throws InvalidTopicVariableException as {@link #expand} does
	 * @throws InvalidTopicException if the result is too long
	 */
	public TopicPattern toPattern(Function<String, @Nullable String> values) {
		return (this.constant != null) ? this.constant : TopicPattern.of(expand(values));
	}

	/**
	 * Return whether values of a type are converted to text with {@code toString()}.
	 * @param type the type
	 * @return {@code true} for a simple type, such as a number, a date or an enum
	 */
	public static boolean isText(Class<?> type) {
		return BeanUtils.isSimpleValueType(type);
	}

	/**
	 * Return the text of a value. For a value of a simple type, this is the text that
	 * appending it to a topic produces, as in <code>"orders/" + id</code>.
	 * @param value the value
	 * @return the text, {@code null} if there is none
	 * @throws ConversionException if the value has no simple type and cannot be converted
	 */
	public static @Nullable String text(@Nullable Object value) {
		if (value instanceof Optional<?> optional) {
			return text(optional.orElse(null));
		}
		return (value != null && isText(value.getClass())) ? value.toString()
				: DefaultConversionService.getSharedInstance().convert(value, String.class);
	}

	private String checked(String variable, @Nullable String value) {
		if (value == null) {
			throw new InvalidTopicVariableException(this.template, variable, "it has no value", null);
		}
		try {
			TopicSyntax.checkValue(value);
		}
		catch (InvalidTopicException ex) {
			throw new InvalidTopicVariableException(this.template, variable, ex.getMessage(), ex);
		}
		return value;
	}

	@Override
	public String toString() {
		return this.template;
	}

}
