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
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;

import io.github.springsse.InvalidSseMethodException;
import io.github.springsse.SsePublish;

import org.springframework.aop.support.AopUtils;
import org.springframework.core.BridgeMethodResolver;
import org.springframework.core.KotlinDetector;
import org.springframework.util.ClassUtils;

/**
 * Checks whether the proxy of a bean intercepts the calls of a method.
 */
final class Interception {

	private Interception() {
	}

	/**
	 * Check that a class can be extended by a proxy.
	 * @param method a method with {@link SsePublish}
	 * @param target the class of the bean
	 * @throws InvalidSseMethodException if it cannot
	 */
	static void checkSubclass(Method method, Class<?> target) {
		if (Modifier.isFinal(target.getModifiers())) {
			String action = KotlinDetector.isKotlinType(target)
					? "Declare the class and the method open, or have the kotlin-spring compiler plugin do so, "
							+ "which opens classes with @Component, such as a @Service"
					: "Make the class non-final";
			throw new InvalidSseMethodException(SsePublish.class, method,
					target.getName() + " is a final class, but the proxy of the bean must be a subclass of it",
					action + ", or publish with SseOperations", null);
		}
	}

	/**
	 * Check that calls of a method are intercepted.
	 * @param method a method with {@link SsePublish}
	 * @param target the class of the bean
	 * @param proxy the class of its proxy
	 * @throws InvalidSseMethodException if they are not intercepted
	 */
	static void check(Method method, Class<?> target, Class<?> proxy) {
		boolean interfacesOnly = Proxy.isProxyClass(proxy);
		int hiding = Modifier.STATIC | Modifier.PRIVATE | (interfacesOnly ? 0 : Modifier.FINAL);
		int modifiers = method.getModifiers() & hiding;
		if (modifiers != 0) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"it is " + Modifier.toString(modifiers) + ", and its calls do not go through the proxy of the bean",
					(modifiers == Modifier.FINAL && KotlinDetector.isKotlinType(target))
							? "Declare it open, or publish with SseOperations"
							: "Change the modifier, or publish with SseOperations",
					null);
		}
		if (interfacesOnly && !isOfInterface(method, target, proxy)) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"it does not belong to an interface, but the proxy of the bean has only methods of interfaces",
					"Declare it in an interface of the bean, or set spring.aop.proxy-target-class to true", null);
		}
	}

	/**
	 * NOTE: for an interface method with a body, Kotlin generates a bridge method in the
	 * class.
	 */
	private static boolean isOfInterface(Method method, Class<?> target, Class<?> proxy) {
		Method bridged = BridgeMethodResolver.findBridgedMethod(method);
		return Arrays.stream(ClassUtils.getAllInterfacesForClass(proxy))
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.anyMatch((candidate) -> candidate.equals(bridged)
					|| AopUtils.getMostSpecificMethod(candidate, target).equals(bridged));
	}

}
