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

package io.github.springsse.security;

import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * A segment of a {@link RulePattern} as a set of texts: one text, or all texts with a
 * prefix and a suffix and at least one character in between. Immutable.
 *
 * @param prefix the text, or the prefix of all texts
 * @param suffix the suffix of all texts
 * @param literal whether the segment is one text
 * @param variable the name of the variable between prefix and suffix, if there is one
 */
record RuleSegment(String prefix, String suffix, boolean literal, @Nullable String variable) {

	/** Any text. */
	static final RuleSegment ANY = new RuleSegment("", "", false, null);

	static RuleSegment literal(String text) {
		return new RuleSegment(text, "", true, null);
	}

	/**
	 * Return a segment of a rule.
	 * @param text the segment, which is well formed
	 * @param pattern the pattern of the segment
	 * @return the segment
	 * @throws IllegalArgumentException if its variables cannot have unique values
	 */
	static RuleSegment of(String text, String pattern) {
		int start = text.indexOf('{');
		if (start == -1) {
			return text.equals("*") ? ANY : literal(text);
		}
		int end = text.indexOf('}');
		Assert.isTrue(text.indexOf('{', end) == -1, () -> "Invalid topic pattern '" + pattern + "': the segment '"
				+ text + "' has two variables. Put a '/' between them");
		String variable = text.substring(start + 1, end);
		Assert.isTrue(!variable.startsWith("#"), () -> "Invalid topic pattern '" + pattern + "': the variable '"
				+ variable + "' of a rule gets its value from the topic, not from the principal. Remove the '#'");
		return new RuleSegment(text.substring(0, start), text.substring(end + 1), false, variable);
	}

	boolean covers(RuleSegment other) {
		if (this.literal) {
			return other.literal && other.prefix.equals(this.prefix);
		}
		if (other.literal) {
			return matches(other.prefix);
		}
		return other.prefix.startsWith(this.prefix) && other.suffix.endsWith(this.suffix);
	}

	boolean intersects(RuleSegment other) {
		if (this.literal || other.literal) {
			return this.literal ? other.covers(this) : covers(other);
		}
		return (this.prefix.startsWith(other.prefix) || other.prefix.startsWith(this.prefix))
				&& (this.suffix.endsWith(other.suffix) || other.suffix.endsWith(this.suffix));
	}

	private boolean matches(String text) {
		return text.length() > this.prefix.length() + this.suffix.length() && text.startsWith(this.prefix)
				&& text.endsWith(this.suffix);
	}

	/**
	 * Return the value of the variable in another segment, which this segment intersects.
	 * @return the value, or {@code null} if the other segment is not one text
	 */
	@Nullable String value(RuleSegment other) {
		return other.literal
				? other.prefix.substring(this.prefix.length(), other.prefix.length() - this.suffix.length()) : null;
	}

}
