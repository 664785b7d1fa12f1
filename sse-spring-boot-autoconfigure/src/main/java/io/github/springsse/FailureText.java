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

/**
 * Default texts of failures for clients, and JSON strings. Stateless.
 */
final class FailureText {

	private FailureText() {
	}

	/**
	 * Return the text of a failure, for users.
	 */
	static String of(SseSourceFormat.Failure kind) {
		return switch (kind) {
			case FAILED -> "The answer could not be completed.";
			case INTERRUPTED -> "The answer was interrupted.";
			case TOO_LARGE -> "The answer is too large.";
		};
	}

	/**
	 * Write a text as a JSON string. Does not use Jackson, which may be missing.
	 */
	static String quote(String text) {
		StringBuilder result = new StringBuilder(text.length() + 2).append('"');
		for (int i = 0; i < text.length(); i++) {
			char c = text.charAt(i);
			if (c == '"' || c == '\\') {
				result.append('\\').append(c);
			}
			else if (c < ' ' || Character.isSurrogate(c)) {
				result.append("\\u%04x".formatted((int) c));
			}
			else {
				result.append(c);
			}
		}
		return result.append('"').toString();
	}

}
