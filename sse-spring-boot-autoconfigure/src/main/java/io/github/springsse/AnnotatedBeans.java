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

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.LinkedHashSet;
import java.util.Set;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Finds the methods of beans that have an annotation of this library, independent of the
 * component that handles the annotation.
 *
 * @since 0.1.0
 */
public final class AnnotatedBeans {

	private static final Log logger = LogFactory.getLog(AnnotatedBeans.class);

	private AnnotatedBeans() {
	}

	/**
	 * Find the annotated methods of all beans. Uses the types of the beans and creates
	 * none.
	 * @param beans the bean factory; its ancestors are ignored
	 * @param annotation the annotation
	 * @return the methods
	 */
	public static Set<Method> methods(ListableBeanFactory beans, Class<? extends Annotation> annotation) {
		ListableBeanFactory factory = (beans instanceof ConfigurableApplicationContext context)
				? context.getBeanFactory() : beans;
		Set<Method> result = new LinkedHashSet<>();
		for (String name : factory.getBeanNamesForType(Object.class, true, false)) {
			try {
				Class<?> type = type(factory, name);
				if (type != null && isCandidate(type, annotation)) {
					result.addAll(methods(type, annotation));
				}
			}
			catch (RuntimeException | LinkageError ex) {
				// NOTE: a type with missing classes is a problem of its own bean
				logger.debug("The methods of bean '" + name + "' cannot be determined", ex);
			}
		}
		return result;
	}

	/**
	 * Find the annotated methods of a class.
	 * @param type the class, or a generated subclass of it
	 * @param annotation the annotation
	 * @return the methods
	 */
	public static Set<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
		return MethodIntrospector.selectMethods(ClassUtils.getUserClass(type),
				(ReflectionUtils.MethodFilter) (method) -> AnnotatedElementUtils.hasAnnotation(method, annotation));
	}

	private static boolean isCandidate(Class<?> type, Class<? extends Annotation> annotation) {
		return AnnotationUtils.isCandidateClass(type, annotation) && !type.getName().startsWith("org.springframework.");
	}

	private static @Nullable Class<?> type(ListableBeanFactory beans, String name) {
		return (beans instanceof ConfigurableListableBeanFactory configurable)
				? AutoProxyUtils.determineTargetClass(configurable, name) : beans.getType(name, false);
	}

}
