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

import java.lang.reflect.Method;
import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;

/**
 * Hints for writing the data that a method returned.
 *
 * @param type the declared type of the method, with its generics; {@code null} if unknown
 * @param view the class of the {@code @JsonView} of the method, {@code null} if there is
 * none
 * @since 0.1.0
 */
public record SsePayloadHints(@Nullable Type type, @Nullable Class<?> view) {

	/** No hints. */
	public static final SsePayloadHints NONE = new SsePayloadHints(null, null);

	/** Used by name, because Jackson may be missing. */
	private static final String JSON_VIEW = "com.fasterxml.jackson.annotation.JsonView";

	/**
	 * Return the hints that a method gives for the data that it returns.
	 * @param method the method
	 * @param target the class of the object on which the method is called, which may
	 * resolve type variables; {@code null} for the declaring class
	 * @param place where the data is used
	 * @return the hints
	 * @throws InvalidSseDataException if the method has a {@code @JsonView} of several
	 * classes
	 */
	public static SsePayloadHints of(Method method, @Nullable Class<?> target, SseData.Place place) {
		Type type = GenericTypeResolver.resolveType(method.getGenericReturnType(),
				(target != null) ? target : method.getDeclaringClass());
		ResolvableType written = SseData.writtenType(ResolvableType.forType(type), place);
		return new SsePayloadHints((written.resolve() != null) ? written.getType() : null, view(method));
	}

	private static @Nullable Class<?> view(Method method) {
		MergedAnnotation<?> annotation = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).get(JSON_VIEW);
		if (!annotation.isPresent()) {
			return null;
		}
		Class<?>[] views = annotation.getClassArray(MergedAnnotation.VALUE);
		if (views.length != 1) {
			throw new InvalidSseDataException(
					"@JsonView has " + views.length + " classes, but data is written with one view", "Name one class");
		}
		return views[0];
	}

	/**
	 * Return these hints for a part of the data whose type is unknown.
	 * @return hints with only the view
	 */
	public SsePayloadHints withoutType() {
		return (this.type != null) ? new SsePayloadHints(null, this.view) : this;
	}

}
