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
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.support.AopUtils;
import org.springframework.util.StringValueResolver;

/**
 * Publishes what methods with {@link SsePublish} return. Thread-safe.
 */
final class SsePublishInterceptor implements MethodInterceptor {

	private final Map<Method, PublishMethod> methods = new ConcurrentHashMap<>();

	private final Supplier<SseOperations> operations;

	private volatile StringValueResolver placeholders = (topic) -> topic;

	SsePublishInterceptor(Supplier<SseOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Set what resolves the placeholders of topics, before any method is asked for.
	 */
	void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Return what is to be known of a method.
	 * @throws InvalidSseMethodException if the annotation cannot work on it
	 */
	PublishMethod get(Method method) {
		return this.methods.computeIfAbsent(method, (key) -> PublishMethod.of(key, this.placeholders));
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		Object result = invocation.proceed();
		if (result instanceof CompletionStage<?> stage) {
			return stage.thenApply((value) -> {
				publish(invocation, value);
				return value;
			});
		}
		publish(invocation, result);
		return result;
	}

	private void publish(MethodInvocation invocation, @Nullable Object result) {
		Class<?> type = (invocation.getThis() != null) ? AopUtils.getTargetClass(invocation.getThis()) : null;
		PublishMethod method = get(AopUtils.getMostSpecificMethod(invocation.getMethod(), type));
		SseEvent event = method.event(result, type);
		if (event != null) {
			this.operations.get().publish(method.topic(invocation.getArguments(), event.getData()), event);
		}
	}

}
