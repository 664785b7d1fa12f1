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

package io.github.springsse.autoconfigure;

import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;

/**
 * Base of conditions that read a property by binding, so that <code>off</code> and
 * <code>no</code> are <code>false</code>, and a value that cannot be bound stops the
 * application at start-up.
 */
abstract class BoundProperty implements Condition {

	/**
	 * Read a property.
	 * @param context the context
	 * @param name the name of the property
	 * @param defaultValue its value if it is not set
	 * @return the value
	 * @throws BindException if the value cannot be converted
	 */
	static <T> T read(ConditionContext context, String name, T defaultValue) {
		@SuppressWarnings("unchecked")
		Class<T> type = (Class<T>) defaultValue.getClass();
		return Binder.get(context.getEnvironment()).bind(name, type).orElse(defaultValue);
	}

}
