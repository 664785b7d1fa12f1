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
 * Whether the proxy of a bean sees the calls of a method of it.
 */
final class Interception {

	private Interception() {
	}

	/**
	 * Check that a class can have a proxy that is a subclass of it.
	 * @param method a method with {@link SsePublish}
	 * @param target the class of the bean
	 * @throws InvalidSseMethodException if it cannot
	 */
	static void checkSubclass(Method method, Class<?> target) {
		if (Modifier.isFinal(target.getModifiers())) {
			String action = KotlinDetector.isKotlinType(target)
					? "Declare the class and the method open, or have the kotlin-spring compiler plugin do so, "
							+ "which opens classes with @Component, such as a @Service"
					: "Make it a class that is not";
			throw new InvalidSseMethodException(SsePublish.class, method,
					target.getName() + " is a final class, and the proxy of the bean would be a subclass of it",
					action + ", or publish with SseOperations", null);
		}
	}

	/**
	 * Check that calls of a method are seen.
	 * @param method a method with {@link SsePublish}
	 * @param target the class of the bean
	 * @param proxy the class of its proxy
	 * @throws InvalidSseMethodException if they are not
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
							: "Make it a method that is not, or publish with SseOperations",
					null);
		}
		if (interfacesOnly && !isOfInterface(method, target, proxy)) {
			throw new InvalidSseMethodException(SsePublish.class, method,
					"it is not of an interface, and the proxy of the bean has only methods that are",
					"Declare it in an interface of the bean, or set spring.aop.proxy-target-class to true", null);
		}
	}

	/**
	 * NOTE: of a method with a body in an interface, Kotlin makes a bridge in the class.
	 */
	private static boolean isOfInterface(Method method, Class<?> target, Class<?> proxy) {
		Method bridged = BridgeMethodResolver.findBridgedMethod(method);
		return Arrays.stream(ClassUtils.getAllInterfacesForClass(proxy))
			.flatMap((type) -> Arrays.stream(type.getMethods()))
			.anyMatch((candidate) -> candidate.equals(bridged)
					|| AopUtils.getMostSpecificMethod(candidate, target).equals(bridged));
	}

}
