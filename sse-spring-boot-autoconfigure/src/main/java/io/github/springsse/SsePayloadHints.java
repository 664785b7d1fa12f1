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
 * What is known of data beside the data itself, where a method has returned it.
 *
 * @param type the type that the method declares, with its generics; {@code null} where
 * there is none
 * @param view the class of the {@code @JsonView} of the method, if it has one
 * @since 0.1.0
 */
public record SsePayloadHints(@Nullable Type type, @Nullable Class<?> view) {

	/** Nothing is known. */
	public static final SsePayloadHints NONE = new SsePayloadHints(null, null);

	/** By its name, since Jackson need not be there. */
	private static final String JSON_VIEW = "com.fasterxml.jackson.annotation.JsonView";

	/**
	 * Return what a method tells of the data that it returns.
	 * @param method the method
	 * @param target the class of the object that it is called on, which may know what
	 * type variables stand for; {@code null} for the class that declares it
	 * @param place where the data is used
	 * @return what it tells
	 * @throws InvalidSseDataException if it has a {@code @JsonView} of several classes
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
					"@JsonView has " + views.length + " classes, and data is written with one", "Name one class");
		}
		return views[0];
	}

	/**
	 * Return these hints for a part of the data, whose type is not known.
	 * @return hints with the view alone
	 */
	public SsePayloadHints withoutType() {
		return (this.type != null) ? new SsePayloadHints(null, this.view) : this;
	}

}
