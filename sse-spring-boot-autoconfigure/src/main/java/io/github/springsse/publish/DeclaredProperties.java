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

package io.github.springsse.publish;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.expression.spel.support.ReflectivePropertyAccessor;
import org.springframework.util.ClassUtils;

/**
 * Checks properties by the declared type, before there is a value. A value of a final
 * type can have no properties other than those of the declared type.
 */
final class DeclaredProperties extends ReflectivePropertyAccessor {

	/**
	 * Check that a property may exist.
	 * @param declared the type with the property
	 * @param path the name of the property, or several names separated by dots
	 * @throws IllegalArgumentException if the property cannot exist
	 */
	void check(Class<?> declared, String path) {
		Class<?> type = declared;
		for (String name : path.split("\\.")) {
			if (!Modifier.isFinal(type.getModifiers()) || type.isArray() || Map.class.isAssignableFrom(type)) {
				return;
			}
			Class<?> property = type(ClassUtils.resolvePrimitiveIfNecessary(type), name);
			if (property == null) {
				throw new IllegalArgumentException(type.getName() + " has no property '" + name + "'");
			}
			type = property;
		}
	}

	private @Nullable Class<?> type(Class<?> type, String name) {
		Method getter = findGetterForProperty(name, type, false);
		if (getter != null) {
			return getter.getReturnType();
		}
		Field field = findField(name, type, false);
		return (field != null) ? field.getType() : null;
	}

	@Override
	protected boolean isCandidateForProperty(Method method, Class<?> type) {
		return method.getDeclaringClass() != Object.class;
	}

}
