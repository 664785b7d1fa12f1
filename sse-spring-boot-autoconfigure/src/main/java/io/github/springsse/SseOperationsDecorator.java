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
 * Wraps the {@link SseOperations} of the auto-configuration, to do something before or
 * after each call, such as checking topics or counting events. Define a bean of this
 * type. Several beans are applied in their order, the first one innermost. Decorators do
 * not apply to an {@code SseOperations} bean of the application.
 * <p>
 * {@code @SsePublish} also publishes through the decorated operations. Let
 * {@link SseOperations#immediately()} of the result return decorated operations too,
 * since otherwise immediate events bypass the decorator.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SseOperationsDecorator {

	/**
	 * Decorate operations. Called once, when the bean is created.
	 * @param operations the operations to decorate
	 * @return operations that delegate to the given ones
	 */
	SseOperations decorate(SseOperations operations);

}
