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
import java.util.List;

import org.aopalliance.aop.Advice;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.Advisor;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.aspectj.AbstractAspectJAdvice;
import org.springframework.aop.aspectj.AspectJAroundAdvice;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

/**
 * Finds the transaction among the advisors of a proxy, and the advice around it. Most
 * advice is recognized by class name, because its library may be missing.
 */
final class TransactionAdvisors {

	private static final String TRANSACTION = "org.springframework.transaction.interceptor.TransactionInterceptor";

	/** Advice that does not change the result, except for the annotations below. */
	private static final List<String> TRANSPARENT = List.of("org.springframework.aop.interceptor.",
			"org.springframework.cache.", "org.springframework.dao.support.", "org.springframework.resilience.",
			"org.springframework.security.", "io.micrometer.");

	/** Annotations that may reject, replace or filter the result of a method. */
	private static final List<String> OF_RESULT = List.of("org.springframework.cache.annotation.Cacheable",
			"org.springframework.cache.annotation.Caching", "org.springframework.security.access.prepost.PostAuthorize",
			"org.springframework.security.access.prepost.PostFilter",
			"org.springframework.security.authorization.method.AuthorizeReturnObject");

	private static final boolean aspectj = ClassUtils.isPresent("org.aspectj.weaver.tools.PointcutParser",
			TransactionAdvisors.class.getClassLoader());

	private TransactionAdvisors() {
	}

	/**
	 * Find the transaction of a method.
	 * @param advisors the advisors of a proxy
	 * @param method the method
	 * @param target the class of the bean
	 * @return the index of the advisor, -1 if the method has no transaction of its own
	 */
	static int indexOf(Advisor[] advisors, Method method, Class<?> target) {
		for (int i = advisors.length - 1; i >= 0; i--) {
			if (isTransaction(advisors[i].getAdvice().getClass()) && applies(advisors[i], method, target)) {
				return i;
			}
		}
		return -1;
	}

	/**
	 * Find an advisor that may change or reject the result of a method outside of its
	 * transaction.
	 * @param advisors the advisors of a proxy
	 * @param from the index of the first advisor to inspect
	 * @param to the index of the transaction
	 * @param method the method
	 * @param target the class of the bean
	 * @return the advisor, {@code null} if there is none
	 */
	static @Nullable Advisor changingResult(Advisor[] advisors, int from, int to, Method method, Class<?> target) {
		boolean ofResult = OF_RESULT.stream().anyMatch((annotation) -> isPresent(annotation, method, target));
		for (int i = from; i < to; i++) {
			Advice advice = advisors[i].getAdvice();
			if (applies(advisors[i], method, target) && !isTransaction(advice.getClass())
					&& (ofResult || !isTransparent(advice))) {
				return advisors[i];
			}
		}
		return null;
	}

	private static boolean isPresent(String annotation, Method method, Class<?> target) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(annotation)
				|| MergedAnnotations.from(target, SearchStrategy.TYPE_HIERARCHY).isPresent(annotation);
	}

	private static boolean isTransaction(@Nullable Class<?> advice) {
		return advice != null && (advice.getName().equals(TRANSACTION) || isTransaction(advice.getSuperclass()));
	}

	private static boolean applies(Advisor advisor, Method method, Class<?> target) {
		return !(advisor instanceof PointcutAdvisor pointcut)
				|| (pointcut.getPointcut().getClassFilter().matches(target)
						&& pointcut.getPointcut().getMethodMatcher().matches(method, target));
	}

	private static boolean isTransparent(Advice advice) {
		if (aspectj && advice instanceof AbstractAspectJAdvice aspect) {
			return !(advice instanceof AspectJAroundAdvice)
					|| isKnown(aspect.getAspectJAdviceMethod().getDeclaringClass());
		}
		return isKnown(advice.getClass());
	}

	private static boolean isKnown(Class<?> type) {
		return TRANSPARENT.stream().anyMatch(type.getName()::startsWith);
	}

}
