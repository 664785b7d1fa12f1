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

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.HashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ReflectionHints;
import org.springframework.aot.hint.annotation.ReflectiveProcessor;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.AnnotatedElementUtils;

/**
 * Registers hints for native images: the types that are written as results of methods
 * with {@link SsePublish} and {@link SseTopic}, and the arguments whose properties are
 * variables of a topic of {@link SsePublish}.
 */
final class PayloadReflectiveProcessor implements ReflectiveProcessor {

	private final BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();

	@Override
	public void registerReflectionHints(ReflectionHints hints, AnnotatedElement element) {
		if (!(element instanceof Method method)) {
			return;
		}
		register(hints, ResolvableType.forMethodReturnType(method), new HashSet<>());
		SsePublish publish = AnnotatedElementUtils.findMergedAnnotation(method, SsePublish.class);
		@Nullable String[] names = new DefaultParameterNameDiscoverer().getParameterNames(method);
		if (publish != null && names != null) {
			for (int i = 0; i < names.length; i++) {
				if (publish.topic().contains("{" + names[i] + ".")) {
					register(hints, ResolvableType.forMethodParameter(method, i), new HashSet<>());
				}
			}
		}
	}

	/**
	 * Register a type with its type arguments and element types. Types of the JDK, such
	 * as collections and {@code Optional}, and publishers need no reflection. The set of
	 * seen types ends the recursion: the bounds of a type variable may contain the
	 * variable itself.
	 */
	private void register(ReflectionHints hints, ResolvableType type, Set<Type> seen) {
		if (!seen.add(type.getType())) {
			return;
		}
		if (type.isArray()) {
			register(hints, type.getComponentType(), seen);
			return;
		}
		Class<?> raw = type.toClass();
		if (!raw.isPrimitive() && !raw.getName().startsWith("java.") && raw != SseEvent.class
				&& ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw) == null) {
			this.binding.registerReflectionHints(hints, raw);
		}
		for (ResolvableType generic : type.getGenerics()) {
			register(hints, generic, seen);
		}
	}

}
