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
 * A topic or pattern with variables in braces, as annotations have it:
 * <code>branches/{branch}/loans</code>. The name of a variable is of letters, digits,
 * {@code _}, {@code $}, {@code -} and {@code .}, and may begin with {@code #}. What a
 * variable is replaced with is always one segment, or part of one, and never a wildcard.
 * Immutable.
 *
 * @since 0.1.0
 */
public final class TopicTemplate {

	private static final String KIND = "topic template";

	private final String template;

	/** Literals at even places, names of variables at odd ones. */
	private final List<String> parts;

	/** What comes of it in any case, {@code null} if there are variables. */
	private final @Nullable TopicPattern constant;

	private TopicTemplate(String template) {
		this.template = template;
		this.parts = parse(template);
		check(TopicPattern::of);
		this.constant = (this.parts.size() == 1) ? TopicPattern.of(template) : null;
	}

	/**
	 * Return a template.
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
	 * Return a template whose placeholders, as <code>${name}</code>, are resolved.
	 * @param template the template as text
	 * @param placeholders resolves them
	 * @return the template
	 * @throws InvalidTopicException if it is not well formed then
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
		// NOTE: where nothing says otherwise, Spring leaves those as they are that it
		// cannot resolve
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
						"name of a variable goes on with other than " + "letters, digits, '_', '$', '-' and '.'");
			}
		}
	}

	/**
	 * Check that this template gives a topic, not a pattern.
	 * @throws InvalidTopicException if it gives a pattern
	 */
	public void checkTopic() {
		check(Topic::of);
	}

	/**
	 * Tell whether what comes of this template is a topic, and not a pattern.
	 * @return whether it is a topic
	 */
	public boolean isTopic() {
		return TopicPattern.of(expand((variable) -> "x")).asTopic() != null;
	}

	/**
	 * Check what comes of this template. The values are as long as the variables, so that
	 * positions are those of the template.
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
	 * @return the names, in the order of their first appearance
	 */
	public Set<String> variables() {
		Set<String> result = new LinkedHashSet<>();
		for (int i = 1; i < this.parts.size(); i += 2) {
			result.add(this.parts.get(i));
		}
		return result;
	}

	/**
	 * Put values in the places of the variables.
	 * @param values the value of each variable
	 * @return the topic or pattern
	 * @throws InvalidTopicVariableException if a value is missing, empty, or has a
	 * {@code /} or {@code *} or another character that a topic cannot have
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
	 * Put values in the places of the variables. Without variables it is the same object
	 * each time.
	 * @param values the value of each variable
	 * @return the pattern
	 * @throws InvalidTopicVariableException as {@link #expand} does
	 * @throws InvalidTopicException if it has become too long
	 */
	public TopicPattern toPattern(Function<String, @Nullable String> values) {
		return (this.constant != null) ? this.constant : TopicPattern.of(expand(values));
	}

	/**
	 * Tell whether every value of a type is one text, that of {@link #text}.
	 * @param type the type
	 * @return {@code true} if it is a simple one, such as a number, a date or an enum
	 */
	public static boolean isText(Class<?> type) {
		return BeanUtils.isSimpleValueType(type);
	}

	/**
	 * Return the text of a value, which for a simple one is what an application gets that
	 * appends it to a topic, as in <code>"orders/" + id</code>.
	 * @param value the value
	 * @return its text, or {@code null} if there is none
	 * @throws ConversionException if it is no simple value, and cannot be converted
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
