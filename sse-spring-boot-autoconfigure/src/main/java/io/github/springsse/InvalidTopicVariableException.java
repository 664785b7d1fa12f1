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

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a variable of a topic has no value, or a value that a topic cannot contain.
 *
 * @since 0.1.0
 */
public class InvalidTopicVariableException extends SseException {

	private final String variable;

	/**
	 * Create an exception.
	 * @param template the template that has the variable
	 * @param variable the name of the variable
	 * @param fault what is wrong with its value, {@code null} if it has none
	 * @param cause the cause, if there is one
	 */
	public InvalidTopicVariableException(String template, String variable, @Nullable String fault,
			@Nullable Throwable cause) {
		super("Variable '" + variable + "' of topic '" + template + "': " + fault, cause);
		this.variable = variable;
	}

	/**
	 * Return the name of the variable.
	 * @return the name
	 */
	public String getVariable() {
		return this.variable;
	}

}
