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

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.Advised;
import org.springframework.aop.support.AopUtils;
import org.springframework.core.MethodClassKey;
import org.springframework.util.StringValueResolver;

/**
 * Publishes the results of methods with {@link SsePublish}. Thread-safe.
 */
final class SsePublishInterceptor implements MethodInterceptor {

	private final Map<Method, PublishMethod> methods = new ConcurrentHashMap<>();

	/** The methods that publish within their transaction. */
	private final Set<MethodClassKey> within = ConcurrentHashMap.newKeySet();

	private final Supplier<SseOperations> operations;

	private volatile StringValueResolver placeholders = (topic) -> topic;

	SsePublishInterceptor(Supplier<SseOperations> operations) {
		this.operations = operations;
	}

	/**
	 * Set the resolver of placeholders in topics, before any method is used.
	 */
	void setPlaceholders(StringValueResolver placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Return the metadata of a method.
	 * @throws InvalidSseMethodException if the annotation cannot work on the method
	 */
	PublishMethod get(Method method) {
		return this.methods.computeIfAbsent(method, (key) -> PublishMethod.of(key, this.placeholders));
	}

	/**
	 * Let a method publish within its transaction, instead of around all other advice.
	 */
	void publishWithinTransaction(Method method, Class<?> target) {
		this.within.add(new MethodClassKey(method, target));
	}

	/**
	 * Return the interceptor of methods that publish within their transaction.
	 */
	MethodInterceptor withinTransaction() {
		return (invocation) -> invoke(invocation, true);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		return invoke(invocation, false);
	}

	private @Nullable Object invoke(MethodInvocation invocation, boolean withinTransaction) throws Throwable {
		Class<?> target = (invocation.getThis() != null) ? AopUtils.getTargetClass(invocation.getThis()) : null;
		Method method = AopUtils.getMostSpecificMethod(invocation.getMethod(), target);
		if (this.within.contains(new MethodClassKey(method, target)) != withinTransaction || isPublishing(invocation)) {
			return invocation.proceed();
		}
		Object result = invocation.proceed();
		if (result instanceof CompletionStage<?> stage) {
			return stage.thenApply((value) -> {
				publish(get(method), target, invocation, value);
				return value;
			});
		}
		publish(get(method), target, invocation, result);
		return result;
	}

	/**
	 * Return whether the target is itself a proxy that publishes.
	 */
	private boolean isPublishing(MethodInvocation invocation) {
		return invocation.getThis() instanceof Advised proxy
				&& Arrays.stream(proxy.getAdvisors()).anyMatch((advisor) -> advisor.getAdvice() == this);
	}

	private void publish(PublishMethod method, @Nullable Class<?> target, MethodInvocation invocation,
			@Nullable Object result) {
		SseEvent event = method.event(result, target);
		if (event != null) {
			this.operations.get().publish(method.topic(invocation.getArguments(), event.getData()), event);
		}
	}

}
